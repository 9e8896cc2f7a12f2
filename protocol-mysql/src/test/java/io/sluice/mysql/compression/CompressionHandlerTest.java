package io.sluice.mysql.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.mysql.compression.Compression.Method;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionHandlerTest {

  private boolean taken = true;
  private boolean before = true;
  private final List<EmbeddedChannel> channels = new ArrayList<>();

  @AfterEach
  void tearDown() {
    for (EmbeddedChannel channel : channels) {
      channel.finishAndReleaseAll();
    }
  }

  private EmbeddedChannel channel(CompressionHandler handler) {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    channels.add(channel);
    return channel;
  }

  private ClientCompression client(Method method) {
    return new ClientCompression(method.at(0), () -> taken);
  }

  private ServerCompression server(Method method) {
    return new ServerCompression(method.at(0), () -> taken, () -> before);
  }

  private static ByteBuf packet(int sequence, byte[] payload) {
    return Packets.frame(
        UnpooledByteBufAllocator.DEFAULT, sequence, Unpooled.copiedBuffer(payload));
  }

  private static byte[] text(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + i % 7);
    }
    return bytes;
  }

  /** The numbers of the frames that were written. */
  private static List<Integer> frames(EmbeddedChannel channel) {
    List<Integer> numbers = new ArrayList<>();
    ByteBuf all = written(channel);
    while (all.isReadable()) {
      int length = all.readUnsignedMediumLE();
      numbers.add((int) all.readUnsignedByte());
      all.skipBytes(3 + length);
    }
    all.release();
    return numbers;
  }

  private static ByteBuf written(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      all.writeBytes(next);
      next.release();
    }
    return all;
  }

  /** The numbers of the packets that were passed on; none of them is cut. */
  private static List<Integer> packets(EmbeddedChannel channel) {
    List<Integer> numbers = new ArrayList<>();
    ByteBuf all = passed(channel);
    while (all.isReadable()) {
      int length = all.readUnsignedMediumLE();
      numbers.add((int) all.readUnsignedByte());
      all.skipBytes(length);
    }
    all.release();
    return numbers;
  }

  private static ByteBuf passed(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
      all.writeBytes(next);
      next.release();
    }
    return all;
  }

  /** A frame whose body is stored as it is. */
  private static ByteBuf raw(int number, ByteBuf body) {
    ByteBuf out = Unpooled.buffer();
    out.writeMediumLE(body.readableBytes()).writeByte(number).writeMediumLE(0).writeBytes(body);
    body.release();
    return out;
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void shouldTakeOutWhatTheOtherRolePutIn(Method method) {
    EmbeddedChannel client = channel(server(method));
    EmbeddedChannel server = channel(client(method));
    ByteBuf sent = packet(0, text(600_000));
    byte[] wanted = ByteBufUtil.getBytes(sent);

    client.writeOutbound(sent);
    ByteBuf wire = written(client);
    assertThat(wire.readableBytes()).isLessThan(wanted.length / 10);
    while (wire.isReadable()) {
      server.writeInbound(wire.readRetainedSlice(Math.min(13, wire.readableBytes())));
    }
    wire.release();

    ByteBuf received = passed(server);
    assertThat(ByteBufUtil.getBytes(received)).isEqualTo(wanted);
    received.release();
  }

  @Test
  void shouldLeaveShortAndStubbornBytesAsTheyAre() {
    EmbeddedChannel channel = channel(client(Method.ZLIB));

    channel.writeOutbound(packet(1, new byte[] {0, 0, 0, 2, 0, 0, 0}));

    ByteBuf wire = written(channel);
    assertThat(ByteBufUtil.hexDump(wire)).isEqualTo("0b000001000000" + "0700000100000002000000");
    wire.release();
  }

  @Test
  void shouldNumberFramesOfAnAnswerBehindThoseOfItsRequest() {
    ClientCompression handler = client(Method.ZLIB);
    EmbeddedChannel channel = channel(handler);
    ByteBuf request = packet(0, text(10));

    channel.writeInbound(raw(0, request.readSlice(6).retain()), raw(1, request));
    assertThat(packets(channel)).containsExactly(0);
    handler.answerBegins(false);
    channel.writeOutbound(packet(1, text(3)), packet(2, text(3)));
    handler.answerEnds();

    assertThat(frames(channel)).containsExactly(2, 3);
  }

  @Test
  void shouldBeginEachAnswerAnewForAClientThatDoesNotWait() {
    ClientCompression handler = client(Method.ZLIB);
    EmbeddedChannel channel = channel(handler);

    channel.writeInbound(raw(0, packet(0, text(3))), raw(0, packet(0, text(3))));
    for (int answer = 0; answer < 2; answer++) {
      handler.answerBegins(false);
      channel.writeOutbound(packet(1, text(3)), packet(2, text(3)));
      handler.answerEnds();
    }

    assertThat(packets(channel)).containsExactly(0, 0);
    assertThat(frames(channel)).containsExactly(1, 2, 1, 2);
  }

  /** Some clients number all packets of a compressed connection with 0. */
  @ParameterizedTest
  @ValueSource(ints = {0, 9})
  void shouldNumberDataOfTheClientBehindTheQuestion(int theirs) {
    ClientCompression handler = client(Method.ZLIB);
    EmbeddedChannel channel = channel(handler);
    channel.writeInbound(raw(0, packet(0, text(3))));
    handler.answerBegins(false);
    channel.writeOutbound(packet(1, text(3)), packet(2, text(3)), packet(3, text(3)));
    handler.dataBegins();

    channel.writeInbound(raw(4, packet(theirs, text(3))), raw(5, packet(theirs, new byte[0])));
    channel.writeOutbound(packet(6, text(3)));
    handler.answerEnds();
    channel.writeInbound(raw(0, packet(0, text(3))));

    assertThat(packets(channel)).containsExactly(0, 4, 5, 0);
    assertThat(frames(channel)).containsExactly(1, 2, 3, 6);
  }

  /** Behind the number 255 a frame 0 goes on with the data. */
  @ParameterizedTest
  @CsvSource({"4, 0, 0", "4, 5, 5", "255, 0, 5"})
  void shouldTakeARequestInsteadOfMoreData(int dataFrame, int nextFrame, int number) {
    ClientCompression handler = client(Method.ZLIB);
    EmbeddedChannel channel = channel(handler);
    channel.writeInbound(raw(0, packet(0, text(3))));
    handler.answerBegins(false);
    handler.dataBegins();
    channel.writeOutbound(packet(1, text(3)));
    channel.writeInbound(raw(dataFrame, packet(2, text(3))));
    channel.writeOutbound(packet(4, text(3)));
    handler.answerEnds();

    channel.writeInbound(raw(nextFrame, packet(0, text(3))));

    assertThat(packets(channel)).containsExactly(0, 2, number);
  }

  /** The question itself may have had the last number. */
  @ParameterizedTest
  @CsvSource({"2, 0", "255, 1"})
  void shouldTakeARequestInsteadOfAnyData(int question, int number) {
    ClientCompression handler = client(Method.ZLIB);
    EmbeddedChannel channel = channel(handler);
    channel.writeInbound(raw(0, packet(0, text(3))));
    handler.answerBegins(false);
    for (int i = 1; i < question; i++) {
      channel.writeOutbound(packet(i, text(3)));
    }
    handler.dataBegins();
    channel.writeOutbound(packet(question, text(3)), packet(question + 1, text(3)));
    handler.answerEnds();

    channel.writeInbound(raw(0, packet(0, text(3))));

    assertThat(packets(channel)).containsExactly(0, number);
  }

  @Test
  void shouldNumberALoginBehindTheQuestions() {
    ClientCompression handler = client(Method.ZLIB);
    EmbeddedChannel channel = channel(handler);

    channel.writeInbound(raw(0, packet(0, text(3))));
    handler.loginBegins();
    channel.writeOutbound(packet(1, text(3)));
    channel.writeInbound(raw(2, packet(0, text(3))));
    channel.writeOutbound(packet(3, text(2)), packet(4, text(3)));
    handler.loginEnds();
    channel.writeInbound(raw(0, packet(0, text(3))));

    assertThat(packets(channel)).containsExactly(0, 2, 0);
    assertThat(frames(channel)).containsExactly(1, 3, 4);
  }

  @Test
  void shouldBeginAnewBehindAnEventThatWantsAnAcknowledgement() {
    ClientCompression handler = client(Method.ZLIB);
    EmbeddedChannel channel = channel(handler);
    channel.writeInbound(raw(0, packet(0, text(3))));
    handler.answerBegins(true);

    ByteBuf events =
        Unpooled.wrappedBuffer(
            packet(1, new byte[] {0, (byte) 0xef, 0, 0, 0}),
            packet(2, new byte[] {0, (byte) 0xef, 1, 7, 7}),
            packet(1, new byte[] {0, (byte) 0xef, 0, 7, 7}));
    channel.writeOutbound(events);
    channel.writeInbound(raw(0, packet(0, text(3))));
    channel.writeOutbound(packet(2, new byte[] {0, (byte) 0xef, 0, 7, 7}));

    assertThat(packets(channel)).containsExactly(0, 0);
    assertThat(frames(channel)).containsExactly(1, 1, 2);
  }

  @Test
  void shouldNumberAServersPacketsAsWithoutCompression() {
    EmbeddedChannel channel = channel(server(Method.ZLIB));

    channel.writeOutbound(packet(0, text(3)));
    channel.writeInbound(raw(1, Unpooled.wrappedBuffer(packet(1, text(3)), packet(2, text(3)))));
    before = false;
    // It goes on with the number of the frame.
    channel.writeInbound(raw(2, packet(2, text(3))));
    channel.writeOutbound(packet(4, text(3)), packet(5, new byte[0]));
    channel.writeInbound(raw(5, packet(5, text(3))));
    before = true;
    channel.writeOutbound(packet(0, text(3)));
    channel.writeInbound(raw(1, packet(1, text(3))));

    assertThat(packets(channel)).containsExactly(1, 2, 3, 6, 1);
    assertThat(frames(channel)).containsExactly(0, 3, 4, 0);
  }

  @Test
  void shouldBeginAcknowledgementsWithFrameZero() {
    EmbeddedChannel channel = channel(server(Method.ZSTD));

    channel.writeOutbound(packet(0, text(3)));
    channel.writeInbound(raw(1, packet(1, text(3))));
    before = false;
    channel.writeOutbound(packet(0, text(3)));

    assertThat(frames(channel)).containsExactly(0, 0);
  }

  @Test
  void shouldWaitWhileTheOtherSideCannotTakeMore() {
    EmbeddedChannel channel = channel(client(Method.ZLIB));
    taken = false;

    channel.writeInbound(raw(0, packet(0, text(3))), raw(0, packet(0, text(3))));
    assertThat(packets(channel)).isEmpty();
    channel.config().setAutoRead(false);
    taken = true;
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runPendingTasks();
    assertThat(packets(channel)).isEmpty();
    channel.config().setAutoRead(true);
    channel.runPendingTasks();

    assertThat(packets(channel)).containsExactly(0, 0);
  }

  @Test
  void shouldPassOnEverythingBeforeTheEnd() {
    EmbeddedChannel channel = channel(client(Method.ZLIB));
    taken = false;
    channel.writeInbound(raw(0, packet(0, text(3))));

    channel.close();

    assertThat(packets(channel)).containsExactly(0);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void shouldRefuseWhatIsNotWhatItSays(Method method) {
    EmbeddedChannel peer = channel(server(method));
    peer.writeOutbound(packet(0, text(1_000)));
    ByteBuf good = written(peer);
    for (int change : new int[] {1, -1, 16_000_000}) {
      ByteBuf bad = good.copy();
      bad.setMediumLE(4, bad.getUnsignedMediumLE(4) + change);
      refuses(method, bad);
    }
    ByteBuf cut = good.copy(0, good.readableBytes() - 3);
    cut.setMediumLE(0, cut.getUnsignedMediumLE(0) - 3);
    refuses(method, cut);
    ByteBuf flipped = good.copy();
    flipped.setByte(FrameWriter.HEADER, 0x5a);
    refuses(method, flipped);
    good.release();
  }

  private void refuses(Method method, ByteBuf frame) {
    EmbeddedChannel channel = channel(client(method));
    assertThatThrownBy(() -> channel.writeInbound(frame))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("compressed frame");
    ByteBuf passed = passed(channel);
    assertThat(passed.isReadable()).isFalse();
    passed.release();
  }

  @Test
  void shouldPreferZlibAsServersDo() {
    assertThat(Compression.agreed(new Capabilities(Compression.CAPABILITIES)))
        .isEqualTo(Method.ZLIB);
    assertThat(Compression.agreed(Capabilities.of(Capabilities.ZSTD))).isEqualTo(Method.ZSTD);
    assertThat(Compression.agreed(Capabilities.NONE)).isNull();
    assertThat(Method.ZSTD.at(99).level()).isEqualTo(22);
    assertThat(Method.ZSTD.at(0).level()).isEqualTo(3);
    assertThat(Method.ZLIB.at(12).level()).isEqualTo(9);
  }
}
