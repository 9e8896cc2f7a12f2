package io.sluice.mysql.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import io.sluice.mysql.auth.CertificateProof;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

class ProvableTrustTest {

  private final X509ExtendedTrustManager authorities = mock(X509ExtendedTrustManager.class);
  private final SSLEngine engine = mock(SSLEngine.class);
  private final ProvableTrust trust = new ProvableTrust(authorities);

  private static X509Certificate certificate(String name) throws Exception {
    try (InputStream in = ProvableTrustTest.class.getResourceAsStream("/tls/" + name + ".pem")) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private boolean isTrusted(X509Certificate certificate) throws Exception {
    return trust.isTrusted(CertificateProof.fingerprint(certificate.getEncoded()));
  }

  private void vouch(boolean yes) throws CertificateException {
    if (yes) {
      doNothing().when(authorities).checkServerTrusted(any(), anyString(), any(SSLEngine.class));
    } else {
      doThrow(new CertificateException("unknown"))
          .when(authorities)
          .checkServerTrusted(any(), anyString(), any(SSLEngine.class));
    }
  }

  @Test
  void shouldTrustWhatAnAuthorityVouchesFor() throws Exception {
    X509Certificate issued = certificate("issued");
    vouch(true);

    trust.checkServerTrusted(new X509Certificate[] {issued}, "RSA", engine);

    assertThat(isTrusted(issued)).isTrue();
    assertThat(isTrusted(certificate("self"))).isFalse();
  }

  @Test
  void shouldLetASelfSignedOnePassWithoutTrustingIt() throws Exception {
    X509Certificate self = certificate("self");
    vouch(false);

    assertThatCode(() -> trust.checkServerTrusted(new X509Certificate[] {self}, "RSA", engine))
        .doesNotThrowAnyException();

    assertThat(isTrusted(self)).isFalse();
  }

  @Test
  void shouldRefuseWhatAnUnknownAuthoritySigned() throws Exception {
    X509Certificate issued = certificate("issued");
    vouch(false);

    assertThatThrownBy(
            () -> trust.checkServerTrusted(new X509Certificate[] {issued}, "RSA", engine))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(
            () ->
                trust.checkServerTrusted(
                    new X509Certificate[] {issued, certificate("self")}, "RSA", engine))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void shouldRefuseAnExpiredOne() throws Exception {
    vouch(false);

    assertThatThrownBy(
            () ->
                trust.checkServerTrusted(
                    new X509Certificate[] {certificate("expired")}, "RSA", engine))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void shouldForgetTrustThatIsWithdrawn() throws Exception {
    X509Certificate self = certificate("self");
    vouch(true);
    trust.checkServerTrusted(new X509Certificate[] {self}, "RSA", engine);
    assertThat(isTrusted(self)).isTrue();

    vouch(false);
    trust.checkServerTrusted(new X509Certificate[] {self}, "RSA", engine);

    assertThat(isTrusted(self)).isFalse();
  }
}
