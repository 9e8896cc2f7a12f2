package io.sluice.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WireAuthTest {
  private static final byte[] NONCE =
      HexFormat.of().parseHex("69717d43702e324f75244c3563743e7450726f57");

  @Test
  void shouldGiveEmptyAnswersForEmptyPasswords() {
    assertThat(WireAuth.nativePassword("", NONCE)).isEmpty();
    assertThat(WireAuth.cachingSha2("", NONCE)).isEmpty();
  }

  @Test
  void shouldGiveAnswersOfTheRightSize() {
    assertThat(WireAuth.answer(WireAuth.NATIVE, "pw", NONCE)).hasSize(20);
    assertThat(WireAuth.answer(WireAuth.CACHING_SHA2, "pw", NONCE)).hasSize(32);
  }
}
