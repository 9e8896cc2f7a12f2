package io.sluice.mysql.frontend;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.mysql.auth.CertificateProof;
import io.sluice.mysql.auth.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS towards the clients of one listener. Immutable. */
final class ListenerTls {

  static final String CERTIFICATE_FILE = "tls-certificate.pem";
  static final String KEY_FILE = "tls-private-key.pem";

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerTls.class);

  private final ListenerSettings.TlsMode mode;
  private final @Nullable SslContext context;

  private ListenerTls(ListenerSettings.TlsMode mode, @Nullable SslContext context) {
    this.mode = mode;
    this.context = context;
  }

  /** What a handshake is made with; null when TLS is not offered. */
  @Nullable SslContext context() {
    return context;
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
    try {
      return new ListenerTls(
          mode,
          SslContextBuilder.forServer(certificateFile.toFile(), keyFile.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new InvalidConfigException(
          "tls.certificate",
          certificateFile
              + ", "
              + keyFile
              + " (expected: PEM files that belong together): "
              + e.getMessage());
    }
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
