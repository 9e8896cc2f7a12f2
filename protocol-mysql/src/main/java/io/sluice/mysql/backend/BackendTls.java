package io.sluice.mysql.backend;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Setting;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.server.Server;
import io.sluice.mysql.request.TlsFailure;
import io.sluice.mysql.tls.FileWatch;
import io.sluice.mysql.tls.PemFiles;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How connections to one server are encrypted; certificate files are followed. Thread-safe. */
final class BackendTls implements AutoCloseable {

  private final TlsMode mode;
  private final @Nullable FileWatch<SslContext> context;
  private final @Nullable ProvableTrust trust;
  private final String host;
  private final int port;

  private BackendTls(
      TlsMode mode,
      @Nullable FileWatch<SslContext> context,
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
  static BackendTls of(BackendProtocolContext protocol, Settings settings) {
    Server server = protocol.server();
    TlsMode mode = settings.get(ServerSettings.TLS);
    if (mode == TlsMode.VERIFY_CA && settings.find(ServerSettings.TLS_CA_FILE).isEmpty()) {
      throw new InvalidConfigException(
          ServerSettings.TLS_CA_FILE.name(), "missing (expected: a file, as tls is verify-ca)");
    }
    ProvableTrust trust =
        mode == TlsMode.VERIFY && settings.find(ServerSettings.TLS_CA_FILE).isEmpty()
            ? new ProvableTrust()
            : null;
    FileWatch<SslContext> context =
        mode == TlsMode.DISABLE ? null : watch(server, mode, settings, trust);
    if (context != null) {
      context.start(protocol, settings.get(ServerSettings.TLS_RELOAD_INTERVAL));
    }
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
    String why = "handshake failed: " + TlsFailure.tell(cause);
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
    FileWatch<SslContext> ready = context;
    if (ready == null) {
      throw new IllegalStateException("tls: " + mode + " (expected: not disabled)");
    }
    return ready.current().newHandler(channel.alloc(), host, port);
  }

  @Override
  public void close() {
    if (context != null) {
      context.close();
    }
  }

  private static FileWatch<SslContext> watch(
      Server server, TlsMode mode, Settings settings, @Nullable ProvableTrust trust) {
    Path authorities = file(settings, ServerSettings.TLS_CA_FILE);
    Path certificate = file(settings, ServerSettings.TLS_CERTIFICATE_FILE);
    Path key = file(settings, ServerSettings.TLS_KEY_FILE);
    if ((certificate == null) != (key == null)) {
      throw new InvalidConfigException(
          ServerSettings.TLS_CERTIFICATE_FILE.name(),
          "one of two (expected: together with " + ServerSettings.TLS_KEY_FILE.name() + ")");
    }
    boolean verified = mode == TlsMode.VERIFY || mode == TlsMode.VERIFY_CA;
    Path trusted = verified ? authorities : null;
    List<Path> files = Stream.of(trusted, certificate, key).filter(Objects::nonNull).toList();
    try {
      return new FileWatch<>(
          "server " + server.name(),
          files,
          contents -> context(contents, mode, settings, trust, trusted, certificate, key));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      Setting<String> read =
          certificate == null ? ServerSettings.TLS_CA_FILE : ServerSettings.TLS_CERTIFICATE_FILE;
      throw new InvalidConfigException(
          read.name(), "cannot be used: " + e.getMessage() + " (expected: PEM files)");
    }
  }

  private static @Nullable Path file(Settings settings, Setting<String> setting) {
    try {
      return settings.find(setting).map(Path::of).orElse(null);
    } catch (InvalidPathException e) {
      throw new InvalidConfigException(setting.name(), e.getMessage() + " (expected: a file)");
    }
  }

  private static SslContext context(
      FileWatch.Contents contents,
      TlsMode mode,
      Settings settings,
      @Nullable ProvableTrust trust,
      @Nullable Path authorities,
      @Nullable Path certificate,
      @Nullable Path key)
      throws IOException, GeneralSecurityException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(settings.get(ServerSettings.TLS_VERSIONS))
            .endpointIdentificationAlgorithm(mode == TlsMode.VERIFY ? "HTTPS" : null);
    settings.find(ServerSettings.TLS_CIPHERS).ifPresent(builder::ciphers);
    if (mode == TlsMode.REQUIRE || mode == TlsMode.PREFER) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (trust != null) {
      builder.trustManager(trust);
    } else if (authorities != null) {
      builder.trustManager(PemFiles.certificates(contents.of(authorities)));
    }
    if (certificate != null && key != null) {
      PemFiles.Pair pair = PemFiles.pair(contents.of(certificate), contents.of(key));
      builder.keyManager(pair.key(), pair.chain());
    }
    return builder.build();
  }
}
