package io.sluice.mysql.frontend;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.mysql.auth.CertificateProof;
import io.sluice.mysql.auth.PrivateFile;
import io.sluice.mysql.tls.ClientTls;
import io.sluice.mysql.tls.FileWatch;
import io.sluice.mysql.tls.PemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS towards the clients of one listener; its files are followed. Thread-safe. */
final class ListenerTls implements AutoCloseable {

  static final String CERTIFICATE_FILE = "tls-certificate.pem";
  static final String KEY_FILE = "tls-private-key.pem";

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerTls.class);

  private final ListenerSettings.TlsMode mode;
  private final @Nullable FileWatch<Loaded> watch;

  /** What is made of the files. */
  private record Loaded(SslContext context, X509Certificate certificate) {}

  private ListenerTls(ListenerSettings.TlsMode mode, @Nullable FileWatch<Loaded> watch) {
    this.mode = mode;
    this.watch = watch;
  }

  /** What a handshake is made with; null when TLS is not offered. */
  @Nullable SslContext context() {
    return watch == null ? null : watch.current().context();
  }

  /** What administrators see of it. */
  Map<String, Object> diagnostics() {
    if (watch == null) {
      return Map.of();
    }
    X509Certificate shown = watch.current().certificate();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("tls_certificate", shown.getSubjectX500Principal().getName());
    view.put("tls_certificate_until", shown.getNotAfter().toInstant().toString());
    watch.problem().ifPresent(problem -> view.put("tls_files_problem", problem));
    return view;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }

  /** Whether clients without TLS are refused. */
  boolean isRequired() {
    return mode == ListenerSettings.TlsMode.REQUIRED;
  }

  /** Its mode in one word. */
  String label() {
    return mode.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * From the settings; makes a certificate at the first start when none is configured. Blocks.
   *
   * @throws InvalidConfigException for files that cannot be used
   */
  static ListenerTls of(ListenerContext listener, Settings settings) {
    ListenerSettings.TlsMode mode = settings.get(ListenerSettings.TLS_MODE);
    Optional<String> certificate = settings.find(ListenerSettings.TLS_CERTIFICATE);
    Optional<String> key = settings.find(ListenerSettings.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new InvalidConfigException(
          certificate.isPresent() ? "tls.key" : "tls.certificate",
          "missing (expected: certificate and key together)");
    }
    if (mode == ListenerSettings.TlsMode.DISABLED) {
      return new ListenerTls(mode, null);
    }
    Path certificateFile;
    Path keyFile;
    if (certificate.isPresent() && key.isPresent()) {
      certificateFile = Path.of(certificate.get());
      keyFile = Path.of(key.get());
    } else {
      certificateFile = listener.dataDirectory().resolve(CERTIFICATE_FILE);
      keyFile = listener.dataDirectory().resolve(KEY_FILE);
      makeIfAbsent(listener, certificateFile, keyFile);
    }
    Path authorities = authorities(settings, mode);
    List<Path> files = new ArrayList<>(List.of(certificateFile, keyFile));
    if (authorities != null) {
      files.add(authorities);
    }
    try {
      FileWatch<Loaded> watch =
          new FileWatch<>(
              "listener " + listener.name(),
              files,
              contents -> load(contents, settings, certificateFile, keyFile, authorities));
      watch.start(listener, settings.get(ListenerSettings.TLS_RELOAD_INTERVAL));
      return new ListenerTls(mode, watch);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new InvalidConfigException(
          "tls.certificate",
          files + " (expected: PEM files, key and certificate a pair): " + e.getMessage());
    }
  }

  private static @Nullable Path authorities(Settings settings, ListenerSettings.TlsMode mode) {
    Optional<String> file = settings.find(ListenerSettings.TLS_CLIENT_CA);
    if (settings.get(ListenerSettings.TLS_REQUIRE_CLIENT_CERTIFICATE)
        && (file.isEmpty() || mode != ListenerSettings.TlsMode.REQUIRED)) {
      throw new InvalidConfigException(
          "tls.require-client-certificate",
          "true (expected: together with client-ca and mode = required)");
    }
    return file.map(Path::of).orElse(null);
  }

  private static Loaded load(
      FileWatch.Contents contents,
      Settings settings,
      Path certificateFile,
      Path keyFile,
      @Nullable Path authorities)
      throws IOException, GeneralSecurityException {
    PemFiles.Pair pair = PemFiles.pair(contents.of(certificateFile), contents.of(keyFile));
    SslContextBuilder builder =
        SslContextBuilder.forServer(pair.key(), pair.chain())
            .sslProvider(SslProvider.JDK)
            .protocols(settings.get(ListenerSettings.TLS_VERSIONS));
    settings.find(ListenerSettings.TLS_CIPHERS).ifPresent(builder::ciphers);
    if (authorities != null) {
      builder
          .trustManager(PemFiles.certificates(contents.of(authorities)))
          .clientAuth(
              settings.get(ListenerSettings.TLS_REQUIRE_CLIENT_CERTIFICATE)
                  ? ClientAuth.REQUIRE
                  : ClientAuth.OPTIONAL);
    }
    return new Loaded(builder.build(), pair.chain().get(0));
  }

  /** What is known of a client's side of TLS; null without TLS. */
  static @Nullable ClientTls clientOf(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return tls == null ? null : ClientTls.of(tls.engine().getSession());
  }

  /** The fingerprint of the certificate that a client was shown; null without TLS. */
  static byte @Nullable [] fingerprint(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    Certificate[] shown = tls == null ? null : tls.engine().getSession().getLocalCertificates();
    if (shown == null || shown.length == 0) {
      return null;
    }
    try {
      return CertificateProof.fingerprint(shown[0].getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("certificate: not in DER (expected: as it was shown)", e);
    }
  }

  private static void makeIfAbsent(ListenerContext listener, Path certificateFile, Path keyFile) {
    if (Files.exists(certificateFile) && Files.exists(keyFile)) {
      return;
    }
    SelfSigned made = SelfSigned.make("Sluice " + listener.name(), listener.clock().instant());
    try {
      PrivateFile.write(keyFile, made.keyPem().getBytes(StandardCharsets.US_ASCII));
      PrivateFile.write(certificateFile, made.certificatePem().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("certificate cannot be written: " + certificateFile, e);
    }
    LOGGER
        .atInfo()
        .addKeyValue("listener", listener.name())
        .addKeyValue("file", certificateFile)
        .log("made a self-signed certificate");
  }
}
