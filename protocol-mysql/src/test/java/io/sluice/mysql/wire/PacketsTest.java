package io.sluice.mysql.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketsTest {

  // Without leak records: each byte that is compared would make one.
  private static final UnpooledByteBufAllocator ALLOCATOR =
      new UnpooledByteBufAllocator(false, true);

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1, 1",
    "65535, 1",
    "65536, 1",
    "16777214, 1",
    "16777215, 2",
    "16777216, 2",
    "33554430, 3",
    "33554431, 3"
  })
  void shouldCutAndJoinPayloads(int length, int packets) {
    ByteBuf payload = ALLOCATOR.buffer(Math.max(1, length)).writeZero(length);
    if (length > 0) {
      payload.setByte(0, 1).setByte(length - 1, 2);
    }

    ByteBuf framed = Packets.frame(ALLOCATOR, 254, payload.retainedDuplicate());
    ByteBuf joined = Packets.joinPayload(framed);

    assertThat(Packets.count(framed)).isEqualTo(packets);
    assertThat(framed.readableBytes()).isEqualTo(length + 4 * packets);
    assertThat(Packets.sequence(framed, 0)).isEqualTo(254);
    if (packets > 2) {
      assertThat(Packets.sequence(framed, 2 * (4 + Packets.MAX_PAYLOAD))).isZero();
    }
    assertThat(ByteBufUtil.equals(joined, payload)).isTrue();
    joined.release();
    framed.release();
    payload.release();
    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void shouldCutWhatAWriterWrites() {
    ByteBuf framed = Packets.frame(ALLOCATOR, 3, out -> out.writeZero(Packets.MAX_PAYLOAD));

    assertThat(Packets.count(framed)).isEqualTo(2);
    assertThat(Packets.payloadLength(framed, 4 + Packets.MAX_PAYLOAD)).isZero();
    assertThat(Packets.sequence(framed, 4 + Packets.MAX_PAYLOAD)).isEqualTo(4);
    framed.release();
  }

  @Test
  void shouldReleaseWhenAWriterThrows() {
    ByteBuf[] seen = new ByteBuf[1];

    assertThatThrownBy(
            () ->
                Packets.frame(
                    ALLOCATOR,
                    0,
                    out -> {
                      seen[0] = out;
                      throw new IllegalStateException("writer");
                    }))
        .hasMessage("writer");
    assertThat(seen[0].refCnt()).isZero();
  }

  @Test
  void shouldRefuseToJoinHalfAPacket() {
    ByteBuf half = Unpooled.wrappedBuffer(new byte[] {5, 0, 0, 0, 1});

    assertThatThrownBy(() -> Packets.joinPayload(half)).isInstanceOf(ProtocolException.class);
  }
}
