package io.sluice.mysql.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden values are logins of real clients, taken off the wire. */
class ScrambleTest {

  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest
  @CsvSource({
    // MariaDB 10.11 replica, MariaDB 10.11 client, MariaDB 11.8 client
    "replpw,69717d43702e324f75244c3563743e7450726f57,f07cfee08d3793b7baf0d59d24db83385bd5609b",
    "apppw,3358452e55422a4a742c783d656448794943504a,cfdd72fdf21d6e548c7fd66dc25874b02edce2b7",
    "apppw,632c502e3560635047514133772449267c625666,f5db0fb0f1d4df6d8984446cc6ee16dbae66e5fb",
  })
  void shouldAnswerNativeNonceAsRealClients(String password, String nonce, String response) {
    byte[] sha1 = Scramble.sha1(Scramble.passwordBytes(password));

    assertThat(HEX.formatHex(Scramble.nativeResponse(sha1, HEX.parseHex(nonce))))
        .isEqualTo(response);
    assertThat(
            Scramble.recoverSha1(HEX.parseHex(response), HEX.parseHex(nonce), Scramble.sha1(sha1)))
        .isEqualTo(sha1);
  }

  @ParameterizedTest
  @CsvSource({
    // MySQL 9.7 client and replica
    "apppw,080137483d5e074c4510287e3909487a361c7d7d,"
        + "090180e28030715e28d4c807499aa8c57a87a6516991c199b325190b0df48dab",
    "replpw,5a52141e5d7034112a561033256d62532c236318,"
        + "07fb4c681327d30a5c34ba46ca26d12a721ac2ea6d4ec0b38387ec90211008c7",
  })
  void shouldAnswerSha2NonceAsRealClients(String password, String nonce, String response) {
    byte[] sha256 = Scramble.sha256(Scramble.passwordBytes(password));

    assertThat(HEX.formatHex(Scramble.sha2Response(sha256, HEX.parseHex(nonce))))
        .isEqualTo(response);
    assertThat(
            Scramble.recoverSha256(
                HEX.parseHex(response), HEX.parseHex(nonce), Scramble.sha256(sha256)))
        .isEqualTo(sha256);
  }

  @RepeatedTest(20)
  void shouldRefuseEveryChangedResponse() {
    Random random = new Random();
    byte[] nonce = Scramble.newNonce(new SecureRandom());
    byte[] sha1 = Scramble.sha1(new byte[] {1, 2, 3});
    byte[] sha256 = Scramble.sha256(new byte[] {1, 2, 3});
    byte[] nativeResponse = Scramble.nativeResponse(sha1, nonce);
    byte[] sha2Response = Scramble.sha2Response(sha256, nonce);
    nativeResponse[random.nextInt(nativeResponse.length)] ^= (byte) (1 << random.nextInt(8));
    sha2Response[random.nextInt(sha2Response.length)] ^= (byte) (1 << random.nextInt(8));

    assertThat(Scramble.recoverSha1(nativeResponse, nonce, Scramble.sha1(sha1))).isNull();
    assertThat(Scramble.recoverSha256(sha2Response, nonce, Scramble.sha256(sha256))).isNull();
  }

  @Test
  void shouldRefuseResponsesOfTheWrongLength() {
    byte[] nonce = Scramble.newNonce(new SecureRandom());

    assertThat(Scramble.recoverSha1(new byte[19], nonce, new byte[20])).isNull();
    assertThat(Scramble.recoverSha1(new byte[21], nonce, new byte[20])).isNull();
    assertThat(Scramble.recoverSha256(new byte[0], nonce, new byte[32])).isNull();
  }

  @RepeatedTest(50)
  void shouldMakeNoncesWithoutZeroAndDollar() {
    byte[] nonce = Scramble.newNonce(new SecureRandom());

    assertThat(nonce).hasSize(20).doesNotContain(0, '$');
    for (byte b : nonce) {
      assertThat(b).isPositive();
    }
  }
}
