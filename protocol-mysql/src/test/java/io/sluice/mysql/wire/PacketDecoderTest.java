package io.sluice.mysql.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.testkit.wire.WireAssert;
import org.junit.jupiter.api.Test;

class PacketDecoderTest {

  private static final byte[] TWO = {2, 0, 0, 1, 'a', 'b', 0, 0, 0, 2, 1, 0, 0, 3, 'c'};

  private static EmbeddedChannel channel() {
    return new EmbeddedChannel(new PacketDecoder(16, 1));
  }

  private static String describe(Object message) {
    Packet packet = (Packet) message;
    return packet.sequence() + ":" + ByteBufUtil.hexDump(packet.payload());
  }

  @Test
  void shouldCutPacketsHoweverTheyArrive() {
    assertThat(WireAssert.assertDrip(PacketDecoderTest::channel, TWO, PacketDecoderTest::describe))
        .containsExactly("1:6162", "2:", "3:63");
  }

  @Test
  void shouldWaitForTheWholePacket() {
    WireAssert.assertCut(PacketDecoderTest::channel, new byte[] {3, 0, 0, 1, 1, 2, 3});
  }

  @Test
  void shouldRefuseALongPacketByItsHeader() {
    EmbeddedChannel channel = channel();

    assertThatThrownBy(() -> channel.writeInbound(Unpooled.copiedBuffer(new byte[] {17, 0, 0, 1})))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PACKET_TOO_LARGE))
        .hasMessage("packet length: 17 (expected: <= 16)");

    channel.writeInbound(Unpooled.copiedBuffer(TWO));
    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void shouldRefuseAWrongSequence() {
    EmbeddedChannel channel = channel();

    assertThatThrownBy(
            () -> channel.writeInbound(Unpooled.copiedBuffer(new byte[] {1, 0, 0, 0, 9})))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PACKETS_OUT_OF_ORDER));
    channel.finishAndReleaseAll();
  }

  @Test
  void shouldCountPacketsOfBothSides() {
    PacketDecoder decoder = new PacketDecoder(16, 255);
    EmbeddedChannel channel = new EmbeddedChannel(decoder);

    channel.writeInbound(Unpooled.copiedBuffer(new byte[] {1, 0, 0, (byte) 255, 9}));
    channel.<Packet>readInbound().release();
    assertThat(decoder.nextSequence()).isZero();
    decoder.written();
    channel.writeInbound(Unpooled.copiedBuffer(new byte[] {1, 0, 0, 1, 9}));

    channel.<Packet>readInbound().release();
    assertThat(decoder.nextSequence()).isEqualTo(2);
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void shouldPassOnWhatIsLeftWhenRemoved() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new PacketDecoder(16, 1),
            new SimpleChannelInboundHandler<Packet>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, Packet packet) {
                context.pipeline().remove(PacketDecoder.class);
              }
            });

    channel.writeInbound(Unpooled.copiedBuffer(TWO));

    ByteBuf rest = channel.readInbound();
    assertThat(ByteBufUtil.hexDump(rest)).isEqualTo("000000020100000363");
    rest.release();
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void shouldTellWhetherBytesWaitBehindAPacket() {
    PacketDecoder decoder = new PacketDecoder(16, 1);
    boolean[] drained = new boolean[1];
    EmbeddedChannel channel =
        new EmbeddedChannel(
            decoder,
            new SimpleChannelInboundHandler<Packet>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, Packet packet) {
                drained[0] = decoder.isDrained();
              }
            });

    channel.writeInbound(Unpooled.copiedBuffer(new byte[] {1, 0, 0, 1, 'a'}));
    assertThat(drained[0]).isTrue();
    channel.writeInbound(Unpooled.copiedBuffer(new byte[] {1, 0, 0, 2, 'b', 7}));

    assertThat(drained[0]).isFalse();
    channel.finishAndReleaseAll();
  }
}
