package io.sluice.mysql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.sluice.mysql.constant.ErrorCode;
import java.util.List;

/**
 * Cuts the stream into {@link Packet}s while two sides talk in turns, as they do in a login: checks
 * the limit before it waits for the bytes, and that sequence numbers count on through both
 * directions. What is broken arrives at {@code exceptionCaught} as a plain {@link
 * ProtocolException}; nothing is decoded after it. When removed from the pipeline it passes on the
 * bytes that it has not used. Confined to the event loop.
 */
public final class PacketDecoder extends ByteToMessageDecoder {

  private final int limit;
  private int nextSequence;
  private boolean broken;

  /**
   * A decoder.
   *
   * @param limit the longest payload in bytes, less than {@link Packets#MAX_PAYLOAD}
   * @param firstSequence the number that the first packet shall have
   */
  public PacketDecoder(int limit, int firstSequence) {
    if (limit >= Packets.MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "limit: " + limit + " (expected: < " + Packets.MAX_PAYLOAD + ")");
    }
    this.limit = limit;
    this.nextSequence = firstSequence;
  }

  /** The number that the next packet has, whoever sends it. */
  public int nextSequence() {
    return nextSequence;
  }

  /** The caller has written one packet with {@link #nextSequence()}. */
  public void written() {
    nextSequence = (nextSequence + 1) & 0xff;
  }

  /** A new dialog begins: the next packet of the peer has this number. */
  public void expect(int sequence) {
    nextSequence = sequence;
  }

  /**
   * Whether no bytes wait behind the last packet. When TLS is about to begin there must be none:
   * they would come from somebody in the middle.
   */
  public boolean isDrained() {
    return actualReadableBytes() == 0;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (in.readableBytes() < Packets.HEADER) {
      return;
    }
    int length = Packets.payloadLength(in, in.readerIndex());
    int sequence = Packets.sequence(in, in.readerIndex());
    if (length > limit) {
      throw broken(
          ErrorCode.PACKET_TOO_LARGE, "packet length: " + length + " (expected: <= " + limit + ")");
    }
    if (sequence != nextSequence) {
      throw broken(
          ErrorCode.PACKETS_OUT_OF_ORDER,
          "packet sequence: " + sequence + " (expected: " + nextSequence + ")");
    }
    if (in.readableBytes() < Packets.HEADER + length) {
      return;
    }
    in.skipBytes(Packets.HEADER);
    nextSequence = (nextSequence + 1) & 0xff;
    out.add(new Packet(sequence, in.readRetainedSlice(length)));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object input) throws Exception {
    try {
      super.channelRead(context, input);
    } catch (DecoderException e) {
      if (e.getCause() instanceof ProtocolException protocol) {
        throw protocol;
      }
      throw e;
    }
  }

  private ProtocolException broken(ErrorCode code, String message) {
    broken = true;
    return new ProtocolException(code, message);
  }
}
