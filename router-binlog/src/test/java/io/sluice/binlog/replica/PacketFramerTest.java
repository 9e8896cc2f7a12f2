package io.sluice.binlog.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketFramerTest {
  private static final int MAX = 0xffffff;

  /** Lengths of the packets, after a check of sequence, OK byte and content. */
  private static List<Integer> packets(ByteBuf framed, int firstSequence) {
    List<Integer> lengths = new ArrayList<>();
    int sequence = firstSequence;
    int content = 0;
    boolean continues = false;
    while (framed.isReadable()) {
      int length = framed.readUnsignedMediumLE();
      assertThat((int) framed.readUnsignedByte()).isEqualTo(sequence++ & 0xff);
      int from = 0;
      if (!continues) {
        assertThat(framed.getByte(framed.readerIndex())).isZero();
        from = 1;
        content = 0;
      }
      for (int i = from; i < length; i += 9973) {
        int at = content + i - from;
        assertThat(framed.getByte(framed.readerIndex() + i)).isEqualTo((byte) (at % 251));
      }
      content += length - from;
      framed.skipBytes(length);
      lengths.add(length);
      continues = length == MAX;
    }
    return lengths;
  }

  private static ByteBuf event(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return Unpooled.wrappedBuffer(bytes);
  }

  @Test
  void shouldCountPacketsModulo256() {
    PacketFramer framer = new PacketFramer(254, false);
    ByteBuf event = event(30);
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < 5; i++) {
      framer.whole(out, event, 0, 30);
    }
    assertThat(packets(out, 254)).containsExactly(31, 31, 31, 31, 31);
  }

  @ParameterizedTest
  @ValueSource(ints = {300_000, MAX - 2, MAX - 1, MAX, MAX + 1, 2 * MAX - 2, 2 * MAX - 1, 2 * MAX})
  void shouldSplitLargeEvents(int length) {
    ByteBuf event = event(length);
    PacketFramer framer = new PacketFramer(1, false);
    ByteBuf out = Unpooled.buffer(length + 64);
    framer.begin(out, length);
    int at = 0;
    while (at < length) {
      assertThat(framer.isInsideEvent()).isTrue();
      int piece = Math.min(length - at, 250_007);
      framer.piece(out, event, at, piece);
      at += piece;
    }
    assertThat(framer.isInsideEvent()).isFalse();
    List<Integer> lengths = packets(out, 1);
    assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isEqualTo(length + 1);
    assertThat(lengths.get(lengths.size() - 1)).isLessThan(MAX);
    assertThat(lengths.subList(0, lengths.size() - 1)).allMatch(packet -> packet == MAX);
  }
}
