package io.sluice.mysql.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketWalkerTest {

  /** Notes what it is told, and stops at each payload whose number is in {@code stops}. */
  private static final class Notes implements PacketWalker.Visitor {
    final List<String> seen = new ArrayList<>();
    final int wanted;
    final boolean stopping;

    Notes(int wanted, boolean stopping) {
      this.wanted = wanted;
      this.stopping = stopping;
    }

    @Override
    public int onPacket(int length, int sequence, int firstByte, boolean continuation) {
      seen.add("packet " + length + " " + sequence + " " + firstByte + " " + continuation);
      return wanted;
    }

    @Override
    public void onHead(ByteBuf head) {
      seen.add("head " + ByteBufUtil.hexDump(head));
    }

    @Override
    public boolean onEnd(int end) {
      seen.add("end");
      return !stopping;
    }
  }

  private static ByteBuf stream(Random random, int packets) {
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < packets; i++) {
      byte[] payload = new byte[random.nextInt(9)];
      random.nextBytes(payload);
      ByteBuf framed =
          Packets.frame(UnpooledByteBufAllocator.DEFAULT, i, Unpooled.wrappedBuffer(payload));
      out.writeBytes(framed);
      framed.release();
    }
    return out;
  }

  @Test
  void shouldSeeTheSameHoweverTheStreamIsCut() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      ByteBuf stream = stream(random, 10);
      int wanted = random.nextInt(8);
      Notes whole = new Notes(wanted, false);
      assertThat(new PacketWalker().walk(stream, 0, whole)).isEqualTo(stream.writerIndex());

      Notes cut = new Notes(wanted, false);
      PacketWalker walker = new PacketWalker();
      int at = 0;
      while (at < stream.writerIndex()) {
        int step = Math.min(1 + random.nextInt(6), stream.writerIndex() - at);
        ByteBuf chunk = stream.slice(at, step);
        assertThat(walker.walk(chunk, 0, cut)).isEqualTo(step);
        at += step;
      }

      assertThat(cut.seen).isEqualTo(whole.seen);
      assertThat(walker.isBetween()).isTrue();
      assertThat(stream.readerIndex()).isZero();
      assertThat(stream.refCnt()).isEqualTo(1);
    }
  }

  @Test
  void shouldStopBehindAPayload() {
    ByteBuf stream =
        Unpooled.wrappedBuffer(new byte[] {1, 0, 0, 0, 5, 2, 0, 0, 1, 6, 7, 0, 0, 0, 2});
    PacketWalker walker = new PacketWalker();
    Notes notes = new Notes(0, true);

    assertThat(walker.walk(stream, 0, notes)).isEqualTo(5);
    assertThat(walker.walk(stream, 5, notes)).isEqualTo(11);
    assertThat(walker.walk(stream, 11, notes)).isEqualTo(15);

    assertThat(notes.seen)
        .containsExactly(
            "packet 1 0 5 false", "end", "packet 2 1 6 false", "end", "packet 0 2 -1 false", "end");
  }

  @Test
  void shouldShowOnlyWhatIsThere() {
    Notes notes = new Notes(100, false);

    new PacketWalker().walk(Unpooled.wrappedBuffer(new byte[] {2, 0, 0, 0, 5, 6}), 0, notes);

    assertThat(notes.seen).containsExactly("packet 2 0 5 false", "head 0506", "end");
  }

  @Test
  void shouldTakeContinuationsForPartsOfOnePayload() {
    ByteBuf payload = Unpooled.buffer(Packets.MAX_PAYLOAD + 3).writeZero(Packets.MAX_PAYLOAD + 3);
    payload.setByte(0, 0xfe);
    ByteBuf framed = Packets.frame(UnpooledByteBufAllocator.DEFAULT, 4, payload);
    ByteBuf exact =
        Packets.frame(
            UnpooledByteBufAllocator.DEFAULT,
            6,
            Unpooled.buffer(Packets.MAX_PAYLOAD).writeZero(Packets.MAX_PAYLOAD));
    PacketWalker walker = new PacketWalker();
    Notes notes = new Notes(1, true);

    int stop = walker.walk(framed, 0, notes);
    int exactStop = walker.walk(exact, 0, notes);

    assertThat(stop).isEqualTo(framed.writerIndex());
    assertThat(exactStop).isEqualTo(exact.writerIndex());
    assertThat(notes.seen)
        .containsExactly(
            "packet 16777215 4 254 false",
            "head fe",
            "packet 3 5 0 true",
            "head 00",
            "end",
            "packet 16777215 6 0 false",
            "head 00",
            "packet 0 7 -1 true",
            "end");
    framed.release();
    exact.release();
  }

  @Test
  void shouldNeitherHangNorThrowOnRandomBytes() {
    Random random = new Random(3);
    PacketWalker walker = new PacketWalker();
    Notes notes = new Notes(5, false);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(50)];
      random.nextBytes(bytes);
      if (random.nextInt(20) == 0) {
        walker.reset();
      }
      assertThat(walker.walk(Unpooled.wrappedBuffer(bytes), 0, notes)).isEqualTo(bytes.length);
    }
  }
}
