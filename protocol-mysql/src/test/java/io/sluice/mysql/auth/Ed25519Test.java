package io.sluice.mysql.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {

  /** From the public MariaDB manual, page "Authentication Plugin - ed25519", and a real 11.8. */
  @ParameterizedTest
  @CsvSource({
    "secret, ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY",
    "edpw, LIEvGDGjHTmKyz3peLRjPqahOct5n6/BQCNm1bOvot4",
    "'', 4LH+dBF+G5W2CKTyId8xR3SyDqZoQjUNUVNxx8aWbG4"
  })
  void shouldMakeTheKeyThatServersKeep(String password, String stored) {
    byte[] key = Ed25519.publicKey(password.getBytes(UTF_8));

    assertThat(Base64.getEncoder().withoutPadding().encodeToString(key)).isEqualTo(stored);
  }

  /** The platform's own implementation is the judge. */
  @RepeatedTest(20)
  void shouldSignWhatThePlatformVerifies() {
    Random random = new Random();
    byte[] password = new byte[1 + random.nextInt(100)];
    random.nextBytes(password);
    byte[] nonce = new byte[32];
    random.nextBytes(nonce);
    byte[] key = Ed25519.publicKey(password);

    byte[] signature = Ed25519.sign(password, nonce);

    assertThat(Ed25519.verify(key, nonce, signature)).isTrue();
    nonce[random.nextInt(32)] ^= 1;
    assertThat(Ed25519.verify(key, nonce, signature)).isFalse();
  }

  /** Accounts that a real MariaDB 11.8 made. */
  @ParameterizedTest
  @CsvSource({
    "pspw, P0:ePk5qfHw/fXqMnUJK+uFkhMm:QjoR+9dlKjpp6HqGv8k/E7xP4lkRdUp7KHtTWxseCIY",
    "'', P0:tYQ8SCGh1VIugadFWjiMRVN7:t01Y22Sd1QsPM9hDL3cgk2jXtbI85XXFO8lH0zBCcZ4"
  })
  void shouldDeriveTheKeyThatServersKeep(String password, String stored) {
    ParsecKey key = ParsecKey.parse(stored);

    assertThat(key).isNotNull();
    assertThat(key.accepts(password.getBytes(UTF_8))).isTrue();
    assertThat(key.accepts("other".getBytes(UTF_8))).isFalse();
    assertThat(key.text()).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P0:ePk5qfHw/fXqMnUJK+uFkhMm:QjoR+9dlKjpp6HqGv8k/E7xP4lkRdUp7KHtTWxseCI",
        "Q0:ePk5qfHw/fXqMnUJK+uFkhMm:QjoR+9dlKjpp6HqGv8k/E7xP4lkRdUp7KHtTWxseCIY",
        "P9:ePk5qfHw/fXqMnUJK+uFkhMm:QjoR+9dlKjpp6HqGv8k/E7xP4lkRdUp7KHtTWxseCIY",
        "P/:ePk5qfHw/fXqMnUJK+uFkhMm:QjoR+9dlKjpp6HqGv8k/E7xP4lkRdUp7KHtTWxseCIY",
        "P0:ePk5qfHw/fXqMnUJK+uFkhM*:QjoR+9dlKjpp6HqGv8k/E7xP4lkRdUp7KHtTWxseCIY"
      })
  void shouldNotReadOtherTexts(String stored) {
    assertThat(ParsecKey.parse(stored)).isNull();
    assertThat(new StoredVerifier(AuthPlugin.PARSEC, stored).isWellFormed()).isFalse();
  }

  @Test
  void shouldRefuseGarbage() {
    byte[] key = Ed25519.publicKey("secret".getBytes(UTF_8));
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xff);

    assertThat(Ed25519.verify(key, new byte[32], new byte[64])).isFalse();
    assertThat(Ed25519.verify(key, new byte[32], ones)).isFalse();
    assertThat(Ed25519.verify(key, new byte[32], new byte[63])).isFalse();
    assertThat(Ed25519.verify(Arrays.copyOf(ones, 32), new byte[32], new byte[64])).isFalse();
  }
}
