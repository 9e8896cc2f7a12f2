package io.sluice.binlog.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedMemory;
import io.sluice.binlog.feed.TestChunks;
import io.sluice.binlog.store.BinlogFileId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** Events of one kind, and one of another. */
  private static Chunk chunk(int events, int other) {
    ByteBuf data = ByteBufAllocator.DEFAULT.directBuffer();
    int[] offsets = new int[events + 1];
    Random random = new Random(events);
    for (int i = 0; i < events; i++) {
      int length = 19 + random.nextInt(300);
      byte[] event = new byte[length];
      random.nextBytes(event);
      event[EventHeader.TYPE_OFFSET] = (byte) (i == other ? 2 : 23);
      data.writeBytes(event);
      offsets[i + 1] = offsets[i] + length;
    }
    return TestChunks.events(new BinlogFileId(1, "bin.000001"), 4, data, offsets);
  }

  private static boolean[] plainBut(int type) {
    boolean[] plain = new boolean[256];
    Arrays.fill(plain, true);
    plain[type] = false;
    return plain;
  }

  @ParameterizedTest
  @CsvSource({"1,false", "5,true", "11,false", "12,false", "12,true", "700,false", "700,true"})
  void shouldFrameARunAsItFramesEachOfItsEvents(int events, boolean semiSync) {
    Chunk chunk = chunk(events, -1);
    PacketFramer single = new PacketFramer(250, semiSync);
    ByteBuf expected = Unpooled.buffer();
    for (int i = 0; i < events; i++) {
      int start = chunk.offset(i);
      single.whole(expected, chunk.data(), start, chunk.offset(i + 1) - start);
    }
    PacketFramer framer = new PacketFramer(250, semiSync);
    ByteBuf out = FeedMemory.buffer(EventSender.room(chunk), EventSender.room(chunk));
    int half = events / 2;
    assertThat(framer.run(chunk, 0, half, plainBut(2), out)).isEqualTo(half);
    assertThat(framer.run(chunk, half, events, plainBut(2), out)).isEqualTo(events);
    assertThat(out).isEqualTo(expected);
    assertThat(framer.nextSequence()).isEqualTo(single.nextSequence());
    out.release();
    chunk.release();
  }

  /** What is put in front of events needs room that nobody has reckoned with. */
  @ParameterizedTest
  @ValueSource(ints = {5, 50})
  void shouldMakeRoomForARun(int events) {
    Chunk chunk = chunk(events, -1);
    PacketFramer framer = new PacketFramer(1, false);
    ByteBuf out = FeedMemory.buffer(16, Integer.MAX_VALUE).writeLong(1).writeLong(2);
    assertThat(framer.run(chunk, 0, events, plainBut(2), out)).isEqualTo(events);
    assertThat(out.readableBytes()).isEqualTo(16 + chunk.length() + events * 5);
    out.release();
    chunk.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 40})
  void shouldEndARunInFrontOfAnEventThatIsNotPlain(int events) {
    Chunk chunk = chunk(events, 4);
    PacketFramer framer = new PacketFramer(1, false);
    ByteBuf out = FeedMemory.buffer(EventSender.room(chunk), EventSender.room(chunk));
    assertThat(framer.run(chunk, 0, events, plainBut(2), out)).isEqualTo(4);
    assertThat(out.readableBytes()).isEqualTo(chunk.offset(4) + 4 * 5);
    assertThat(framer.run(chunk, 4, events, plainBut(2), out)).isEqualTo(4);
    assertThat(framer.run(chunk, 5, events, plainBut(2), out)).isEqualTo(events);
    assertThat(framer.nextSequence()).isEqualTo(events);
    out.release();
    chunk.release();
  }
}
