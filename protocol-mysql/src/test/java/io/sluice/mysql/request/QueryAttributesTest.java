package io.sluice.mysql.request;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class QueryAttributesTest {

  /** Two attributes as mysql 9.7 sends them: a text, and a NULL; then a number and a date. */
  private static final String FOUR =
      "04 01 02 01"
          + "fd00 0161"
          + "0600 0162"
          + "0880 0163"
          + "0a00 0164"
          + "0378797a"
          + "0100000000000000"
          + "04e9070b15"
          + "53454c45435420 31";

  private static ByteBuf hex(String text) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
  }

  @Test
  void shouldFindTheTextBehindNoAttributes() {
    assertThat(QueryAttributes.length(hex("00 01 53454c454354 20 31"))).isEqualTo(2);
  }

  @Test
  void shouldFindTheTextBehindAttributesOfAllKinds() {
    ByteBuf payload = hex(FOUR);

    int length = QueryAttributes.length(payload);

    assertThat(payload.toString(length, payload.readableBytes() - length, US_ASCII))
        .isEqualTo("SELECT 1");
    assertThat(payload.readerIndex()).isZero();
  }

  @Test
  void shouldNotGuessWhenAttributesAreCut() {
    ByteBuf payload = hex(FOUR);
    int whole = QueryAttributes.length(payload);
    for (int cut = 0; cut < whole; cut++) {
      assertThat(QueryAttributes.length(payload.slice(0, cut))).isEqualTo(-1);
    }
    assertThat(QueryAttributes.length(payload.slice(0, whole))).isEqualTo(whole);
  }

  @Test
  void shouldNotGuessWhenTheyAreSomethingElse() {
    assertThat(QueryAttributes.length(hex("53454c45435420 31"))).isEqualTo(-1);
    assertThat(QueryAttributes.length(hex("01 02 00 01 fd00 00 00"))).isEqualTo(-1);
    assertThat(QueryAttributes.length(hex("01 01 00 00 fd00 00 00"))).isEqualTo(-1);
  }
}
