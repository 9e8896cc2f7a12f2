package io.sluice.mysql.tls;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;

/**
 * Cipher suites under both of their names: the standard one, which the Java runtime uses, and
 * OpenSSL's, which servers show and compare.
 */
final class CipherNames {

  private static final String PREFIX = "TLS_";
  private static final String WITH = "_WITH_";
  private static final String STATIC_RSA = "RSA-";

  private CipherNames() {}

  /** OpenSSL's name for a suite; suites of TLS 1.3 have one name only. */
  static String openSsl(String standard) {
    int with = standard.indexOf(WITH);
    if (!standard.startsWith(PREFIX) || with < 0) {
      return standard;
    }
    String exchange = standard.substring(PREFIX.length(), with).replace('_', '-') + "-";
    String cipher =
        standard
            .substring(with + WITH.length())
            .replace("AES_", "AES")
            .replace("_CBC", "")
            .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305")
            .replace('_', '-');
    return (exchange.equals(STATIC_RSA) ? "" : exchange) + cipher;
  }

  /** The runtime's name for a suite that has either name; empty if the runtime has none such. */
  static Optional<String> standard(SSLParameters supported, String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    return Optional.ofNullable(known(supported).get(wanted));
  }

  private static Map<String, String> known(SSLParameters supported) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String suite : Arrays.asList(supported.getCipherSuites())) {
      names.put(suite.toUpperCase(Locale.ROOT), suite);
      names.putIfAbsent(openSsl(suite).toUpperCase(Locale.ROOT), suite);
    }
    return Collections.unmodifiableMap(names);
  }
}
