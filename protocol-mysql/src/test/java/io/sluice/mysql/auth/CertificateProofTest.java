package io.sluice.mysql.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CertificateProofTest {

  // A login of an account with the password "pw" at a MariaDB 11.4.5 with a self-made certificate.
  private static final byte[] NONCE = hex("5f54657d65613939516b465d212846685b6b2d3a");
  private static final byte[] FINGERPRINT =
      hex("4d4e9deace08cd4161777ba60c7039b4d4b7753434ad335a8de1996da9f3ef21");
  private static final String INFO =
      "\u00014D41B4CF643CF05EE84796A4F8D5F2600AFB9AAA85B7EECFEBE37D040C0FD729";

  private final byte[] hash = Scramble.sha1(Scramble.sha1("pw".getBytes(UTF_8)));

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @Test
  void shouldBeWhatARealServerSends() {
    assertThat(CertificateProof.of(hash, NONCE, FINGERPRINT)).isEqualTo(INFO);
    assertThat(CertificateProof.of(hash, hex(HexFormat.of().formatHex(NONCE) + "00"), FINGERPRINT))
        .as("nonce with its zero byte")
        .isEqualTo(INFO);
  }

  @Test
  void shouldHoldForThatPasswordNonceAndCertificateOnly() {
    assertThat(CertificateProof.holds(INFO, hash, NONCE, FINGERPRINT)).isTrue();

    byte[] otherHash = Scramble.sha1(Scramble.sha1("pW".getBytes(UTF_8)));
    byte[] otherNonce = NONCE.clone();
    otherNonce[19] ^= 1;
    assertThat(CertificateProof.holds(INFO, otherHash, NONCE, FINGERPRINT)).isFalse();
    assertThat(CertificateProof.holds(INFO, hash, otherNonce, FINGERPRINT)).isFalse();
    assertThat(CertificateProof.holds(INFO, hash, NONCE, CertificateProof.fingerprint(NONCE)))
        .isFalse();
    assertThat(CertificateProof.holds("", hash, NONCE, FINGERPRINT)).isFalse();
    assertThat(CertificateProof.holds(INFO, null, NONCE, FINGERPRINT)).isFalse();
  }

  @Test
  void shouldTellAProofFromOtherTexts() {
    assertThat(CertificateProof.isOne(INFO)).isTrue();
    assertThat(CertificateProof.isOne("")).isFalse();
    assertThat(CertificateProof.isOne("Rows matched: 1")).isFalse();
  }
}
