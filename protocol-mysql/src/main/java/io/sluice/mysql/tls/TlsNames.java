package io.sluice.mysql.tls;

import com.typesafe.config.ConfigValue;
import io.sluice.api.config.Problems;
import io.sluice.api.config.SettingType;
import io.sluice.api.config.SettingTypes;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The types of settings that name versions and ciphers of TLS. */
public final class TlsNames {

  /** The versions that are used unless others are named; older ones are broken. */
  public static final List<String> DEFAULT_VERSIONS = List.of("TLSv1.2", "TLSv1.3");

  /** A list of versions. */
  public static final SettingType<List<String>> VERSIONS =
      new Names(
          name ->
              DEFAULT_VERSIONS.stream()
                  .filter(version -> version.toLowerCase(Locale.ROOT).equals(lower(name)))
                  .findFirst(),
          "one or both of TLSv1.2, TLSv1.3");

  /** A list of cipher suites, by their standard names or OpenSSL's. */
  public static final SettingType<List<String>> CIPHERS =
      new Names(
          name -> CipherNames.standard(supported(), name),
          "names of cipher suites that the Java runtime has, such as TLS_AES_256_GCM_SHA384 or"
              + " ECDHE-RSA-AES256-GCM-SHA384");

  private TlsNames() {}

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static SSLParameters supported() {
    try {
      SSLParameters all = SSLContext.getDefault().getSupportedSSLParameters();
      String[] safe =
          Arrays.stream(all.getCipherSuites())
              .filter(suite -> !suite.contains("_anon_") && !suite.contains("_NULL_"))
              .toArray(String[]::new);
      all.setCipherSuites(safe);
      return all;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  /** A list whose elements become those of a known set. */
  private static final class Names implements SettingType<List<String>> {
    private final Function<String, Optional<String>> resolver;
    private final String expected;

    Names(Function<String, Optional<String>> resolver, String expected) {
      this.resolver = resolver;
      this.expected = expected;
    }

    @Override
    public String name() {
      return SettingTypes.STRING_LIST.name();
    }

    @Override
    public @Nullable List<String> parse(ConfigValue value, String path, Problems problems) {
      @Nullable List<String> names = SettingTypes.STRING_LIST.parse(value, path, problems);
      if (names == null) {
        return null;
      }
      List<String> known = new ArrayList<>();
      for (String name : names) {
        Optional<String> found = resolver.apply(name);
        if (found.isEmpty()) {
          problems.add(value.origin(), path, name + " (expected: " + expected + ")");
          return null;
        }
        known.add(found.get());
      }
      if (known.isEmpty()) {
        problems.add(value.origin(), path, "empty (expected: " + expected + ")");
        return null;
      }
      return List.copyOf(known);
    }
  }
}
