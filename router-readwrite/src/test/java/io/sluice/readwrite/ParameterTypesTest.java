package io.sluice.readwrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ParameterTypesTest {

  private static final String EXECUTE = "17 01000000 00 01000000";
  private static final String EXECUTE_COUNTED = "17 01000000 08 01000000";

  private static ByteBuf framed(String payload) {
    byte[] bytes = ByteBufUtil.decodeHexDump(payload.replace(" ", ""));
    ByteBuf out = Unpooled.buffer();
    return out.writeMediumLE(bytes.length).writeByte(0).writeBytes(bytes);
  }

  private static String payload(ByteBuf framed) {
    assertThat(framed.getUnsignedMediumLE(0)).isEqualTo(framed.readableBytes() - 4);
    String hex = ByteBufUtil.hexDump(framed.slice(4, framed.readableBytes() - 4));
    framed.release();
    return hex;
  }

  private static void assertMoves(String with, String without, int parameters, boolean attributes) {
    ByteBuf first = framed(with);
    ParameterTypes sent = ParameterTypes.ofExecute(first, parameters, attributes);
    assertThat(sent.areSent()).isTrue();
    byte[] types = sent.read(first);

    ByteBuf second = framed(without);
    ParameterTypes missing = ParameterTypes.ofExecute(second, parameters, attributes);
    assertThat(missing.areSent()).isFalse();
    assertThat(missing.fits(types)).isTrue();
    assertThat(payload(missing.insert(second, types))).isEqualTo(with.replace(" ", ""));
    first.release();
  }

  @Test
  void shouldMoveTypesOfParameters() {
    assertMoves(
        EXECUTE + "00 01 0300 0800 05000000 0600000000000000",
        EXECUTE + "00 00 05000000 0600000000000000",
        2,
        false);
  }

  @Test
  void shouldMoveTypesWithTheNamesThatAttributesHave() {
    assertMoves(
        EXECUTE_COUNTED + "02 00 01 0300 00 fd00 0474657374 05000000 0161",
        EXECUTE_COUNTED + "02 00 00 05000000 0161",
        1,
        true);
    assertMoves(EXECUTE + "01 00 01 0300 00 05000000", EXECUTE + "01 00 00 05000000", 1, true);
  }

  @Test
  void shouldMoveTypesOfABulkExecution() {
    ByteBuf first = framed("fa 01000000 8000 0300 0800 00 05000000 01 00 06000000 01");
    ParameterTypes sent = ParameterTypes.ofBulkExecute(first, 2);
    assertThat(sent.areSent()).isTrue();
    byte[] types = sent.read(first);
    assertThat(ByteBufUtil.hexDump(types)).isEqualTo("03000800");

    ByteBuf second = framed("fa 01000000 4000 00 05000000 01");
    ParameterTypes missing = ParameterTypes.ofBulkExecute(second, 2);
    assertThat(missing.areSent()).isFalse();
    assertThat(payload(missing.insert(second, types)))
        .isEqualTo("fa01000000c00003000800" + "000500000001");
    first.release();
  }

  @Test
  void shouldFindNoPlaceWithoutParameters() {
    byte[] types = {3, 0};
    ByteBuf none = framed(EXECUTE);
    assertThat(ParameterTypes.ofExecute(none, 0, true).fits(types)).isFalse();
    ByteBuf counted = framed(EXECUTE_COUNTED + "00");
    assertThat(ParameterTypes.ofExecute(counted, 0, true).fits(types)).isFalse();
    ByteBuf cut = framed(EXECUTE + "00");
    assertThat(ParameterTypes.ofExecute(cut, 3, false).fits(types)).isFalse();
    none.release();
    counted.release();
    cut.release();
  }
}
