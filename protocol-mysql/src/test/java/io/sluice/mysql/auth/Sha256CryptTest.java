package io.sluice.mysql.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256CryptTest {

  /** From the specification of the algorithm. */
  @Test
  void shouldAgreeWithThePublishedVector() {
    byte[] result =
        Sha256Crypt.hash("Hello world!".getBytes(US_ASCII), "saltstring".getBytes(US_ASCII), 5000);

    assertThat(new String(result, US_ASCII))
        .isEqualTo("5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5");
  }

  /** Accounts that MySQL 9.7 wrote into its binlog: 10000 rounds, salt with control characters. */
  @ParameterizedTest
  @CsvSource({
    "replpw,2441243030412439523e746a2654184134164a4b134e435f486e4e31546461356a6b79584f3449314f727275"
        + "376a76434935594e6b35774f7161326a474e42582e6776354e43",
    "x,244124303041246976207a615341296c692635701e366b792233224a6e756e4f754844574b53426c6b356a6b567435"
        + "7176307861746c62526575476a6d57316b4c476d6c6842",
    "apppw,2441243030412411051c486333280a296c7c4254693073206f2125566c4154726555446a4f6f355a78696f6231"
        + "79306d4f6659772f4473664a797843766362665a7667702e41",
  })
  void shouldAcceptWhatMySqlStores(String password, String stored) {
    StoredVerifier verifier =
        new StoredVerifier(
            AuthPlugin.CACHING_SHA2_PASSWORD,
            new String(HexFormat.of().parseHex(stored), ISO_8859_1));

    assertThat(verifier.isWellFormed()).isTrue();
    assertThat(verifier.accepts(password.getBytes(US_ASCII))).isTrue();
    assertThat(verifier.accepts((password + "x").getBytes(US_ASCII))).isFalse();
    assertThat(verifier.accepts(new byte[0])).isFalse();
  }

  /** An account of sha256_password in mysql.user of MySQL 9.7. */
  @Test
  void shouldAcceptWhatMySqlStoresForSha256Password() {
    StoredVerifier verifier =
        new StoredVerifier(
            AuthPlugin.SHA256_PASSWORD,
            new String(
                HexFormat.of()
                    .parseHex(
                        "24352448433d7d73630650477c35206821647d286104342432314465523756672e7a586b42"
                            + "2f4f4c734a43364b4870725874514f35727658775169666b304853394d36"),
                ISO_8859_1));

    assertThat(verifier.isWellFormed()).isTrue();
    assertThat(verifier.accepts("pw1".getBytes(US_ASCII))).isTrue();
    assertThat(verifier.accepts("pw2".getBytes(US_ASCII))).isFalse();
    assertThat(new StoredVerifier(AuthPlugin.CACHING_SHA2_PASSWORD, verifier.text()).isWellFormed())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 32, 33, 64, 200})
  void shouldAcceptWhatItStoresItself(int length) {
    String password = "p".repeat(length);
    StoredVerifier verifier =
        StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, password, new SecureRandom());

    assertThat(verifier.text()).hasSize(70).startsWith("$A$005$");
    assertThat(verifier.accepts(password.getBytes(US_ASCII))).isTrue();
    assertThat(verifier.accepts((password + "p").getBytes(US_ASCII))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$A$005$short", "*ABC", "$A$000$12345678901234567890", "$B$005$", "invalid"})
  void shouldLetNobodyInWithAMalformedText(String text) {
    StoredVerifier verifier = new StoredVerifier(AuthPlugin.CACHING_SHA2_PASSWORD, text);

    assertThat(verifier.isWellFormed()).isFalse();
    assertThat(verifier.accepts(new byte[] {'x'})).isFalse();
  }

  @Test
  void shouldNeverPrintTheStoredText() {
    assertThat(new StoredVerifier(AuthPlugin.NATIVE_PASSWORD, "*SECRET").toString())
        .doesNotContain("SECRET");
  }
}
