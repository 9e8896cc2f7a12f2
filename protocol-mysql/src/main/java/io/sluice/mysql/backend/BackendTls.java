package io.sluice.mysql.backend;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Setting;
import io.sluice.api.config.Settings;
import io.sluice.api.server.Server;
import java.io.File;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How connections to one server are encrypted. Immutable. */
final class BackendTls {

  private final TlsMode mode;
  private final @Nullable SslContext context;
  private final @Nullable ProvableTrust trust;
  private final String host;
  private final int port;

  private BackendTls(
      TlsMode mode,
      @Nullable SslContext context,
      @Nullable ProvableTrust trust,
      String host,
      int port) {
    this.mode = mode;
    this.context = context;
    this.trust = trust;
    this.host = host;
    this.port = port;
  }

  /** As the options say; reads files. */
  static BackendTls of(Settings settings, Server server) {
    TlsMode mode = settings.get(ServerSettings.TLS);
    if (mode == TlsMode.VERIFY_CA && settings.find(ServerSettings.TLS_CA_FILE).isEmpty()) {
      throw new InvalidConfigException(
          ServerSettings.TLS_CA_FILE.name(), "missing (expected: a file, as tls is verify-ca)");
    }
    ProvableTrust trust =
        mode == TlsMode.VERIFY && settings.find(ServerSettings.TLS_CA_FILE).isEmpty()
            ? new ProvableTrust()
            : null;
    SslContext context = mode == TlsMode.DISABLE ? null : context(mode, settings, trust);
    return new BackendTls(mode, context, trust, server.host(), server.port());
  }

  /** Whether a server that showed that certificate must prove it with its OK. */
  boolean needsProof(byte[] fingerprint) {
    ProvableTrust used = trust;
    return used != null && !used.isTrusted(fingerprint);
  }

  /** Whether to begin TLS with a server that offers it or not. */
  boolean isWanted(boolean offered) {
    return context != null && (offered || isRequired());
  }

  /** Whether connections without it are refused. */
  boolean isRequired() {
    return mode == TlsMode.REQUIRE || isVerified();
  }

  private boolean isVerified() {
    return mode == TlsMode.VERIFY || mode == TlsMode.VERIFY_CA;
  }

  /** What can be done about a server that does not suit, shortest way last. */
  static final String WAYS_OUT =
      "tls-ca-file for its authority, tls = require for TLS without a check, tls = disable for none";

  /** Why a handshake failed and, if it was for the certificate, what can be done. */
  String explain(Throwable cause) {
    String why = "handshake failed: " + cause.getMessage();
    for (Throwable at = cause; isVerified() && at != null; at = at.getCause()) {
      if (at instanceof CertificateException) {
        return why
            + (mode == TlsMode.VERIFY_CA
                ? " (expected: a certificate that tls-ca-file vouches for; else: " + WAYS_OUT + ")"
                : " (expected: a certificate for host "
                    + host
                    + " that tls-ca-file or the Java runtime vouches for; for the one that MySQL"
                    + " makes for itself, which names no host: tls = verify-ca and the server's"
                    + " ca.pem as tls-ca-file; else: "
                    + WAYS_OUT
                    + ")");
      }
    }
    return why;
  }

  /** A handler for a connection. */
  SslHandler handler(Channel channel) {
    SslContext ready = context;
    if (ready == null) {
      throw new IllegalStateException("tls: " + mode + " (expected: not disabled)");
    }
    return ready.newHandler(channel.alloc(), host, port);
  }

  private static SslContext context(
      TlsMode mode, Settings settings, @Nullable ProvableTrust trust) {
    SslContextBuilder builder = SslContextBuilder.forClient();
    Setting<String> read = ServerSettings.TLS_CA_FILE;
    try {
      if (mode == TlsMode.VERIFY || mode == TlsMode.VERIFY_CA) {
        builder.endpointIdentificationAlgorithm(mode == TlsMode.VERIFY ? "HTTPS" : null);
        if (trust != null) {
          builder.trustManager(trust);
        }
        settings.find(ServerSettings.TLS_CA_FILE).ifPresent(f -> builder.trustManager(new File(f)));
      } else {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        builder.endpointIdentificationAlgorithm(null);
      }
      Optional<String> certificate = settings.find(ServerSettings.TLS_CERTIFICATE_FILE);
      Optional<String> key = settings.find(ServerSettings.TLS_KEY_FILE);
      if (certificate.isPresent() != key.isPresent()) {
        throw new InvalidConfigException(
            ServerSettings.TLS_CERTIFICATE_FILE.name(),
            "one of two (expected: together with " + ServerSettings.TLS_KEY_FILE.name() + ")");
      }
      if (certificate.isPresent() && key.isPresent()) {
        read = ServerSettings.TLS_CERTIFICATE_FILE;
        builder.keyManager(new File(certificate.get()), new File(key.get()));
      }
      return builder.build();
    } catch (IllegalArgumentException | SSLException e) {
      throw new InvalidConfigException(
          read.name(), "cannot be used: " + e.getMessage() + " (expected: PEM files)");
    }
  }
}
