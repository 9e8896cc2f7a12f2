package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.Packets;

/**
 * How far the packets have come of a request, or of the data that a server asked for. Confined to
 * the event loop.
 */
final class PacketProgress {

  private long bytes;
  private int left;
  private boolean full;
  private boolean empty;
  private int nextSequence;

  /** A request begins; its first packet has this length. Nothing of it was taken yet. */
  void begin(int length) {
    bytes = length;
    full = length == Packets.MAX_PAYLOAD;
    empty = false;
    left = length;
    nextSequence = 1;
  }

  /** Takes the header too, and as much of the first packet as is here. */
  int takeFirst(ByteBuf in) {
    int all = Packets.HEADER + left;
    int size = Math.min(in.readableBytes(), all);
    left = all - size;
    return size;
  }

  /** Data begins: its packets follow one another until an empty one. */
  void beginData() {
    left = 0;
    full = false;
    empty = false;
  }

  /** The next packet begins, whose header lies here; the header counts as part of it. */
  void next(ByteBuf in) {
    int length = Packets.payloadLength(in, in.readerIndex());
    bytes += length;
    nextSequence = (Packets.sequence(in, in.readerIndex()) + 1) & 0xff;
    empty = length == 0 && !full;
    full = length == Packets.MAX_PAYLOAD;
    left = Packets.HEADER + length;
  }

  /** Takes as much of the present packet as is here. */
  int take(ByteBuf in) {
    int size = Math.min(in.readableBytes(), left);
    left -= size;
    return size;
  }

  /** Whether a part of the present packet is still to come. */
  boolean isInPacket() {
    return left > 0;
  }

  /** Whether the payload goes on with the next packet. */
  boolean isContinued() {
    return full;
  }

  /** Whether all packets of the payload were taken. */
  boolean isOver() {
    return left == 0 && !full;
  }

  /** Whether the packet that ends data was taken. */
  boolean isDataOver() {
    return isOver() && empty;
  }

  /** How many bytes of payload were announced so far. */
  long bytes() {
    return bytes;
  }

  /** The number that the next packet must have, whoever sends it. */
  int nextSequence() {
    return nextSequence;
  }
}
