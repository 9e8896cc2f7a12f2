package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;

/**
 * Puts packet headers and OK bytes around events: reference §3.1. Keeps the sequence number of the
 * dump. An event of 16 MiB − 2 bytes or more goes on in packets without an OK byte; such events may
 * come in pieces. Confined to one loop.
 */
final class PacketFramer {
  /** Bytes in front of an event: packet header and OK byte. */
  static final int OVERHEAD = 5;

  private static final int HEADER = 4;
  private static final int MAX_PAYLOAD = 0xffffff;

  private int sequence;

  /** Payload bytes of the event that are still to come, behind the current packet. */
  private long payloadLeft;

  private int packetLeft;
  private boolean lastPacketFull;

  PacketFramer(int firstSequence) {
    this.sequence = firstSequence & 0xff;
  }

  /** The number of the next packet; it is used up. */
  int nextSequence() {
    int next = sequence;
    sequence = (next + 1) & 0xff;
    return next;
  }

  /** Whether an event of this length fits one packet. */
  static boolean fits(long length) {
    return length + 1 < MAX_PAYLOAD;
  }

  /** Frames a whole event that {@link #fits}; out has room. */
  void whole(ByteBuf out, ByteBuf data, int index, int length) {
    out.writeIntLE((length + 1) | nextSequence() << 24);
    out.writeByte(0);
    out.writeBytes(data, index, length);
  }

  /** How many bytes framing adds to a piece of a large event, at most. */
  static int overhead(int piece) {
    return OVERHEAD + HEADER * (2 + piece / MAX_PAYLOAD);
  }

  /** Begins an event of any length, whose bytes follow through {@link #piece}. */
  void begin(ByteBuf out, long length) {
    payloadLeft = length + 1;
    packet(out);
    out.writeByte(0);
    packetLeft--;
  }

  /** Frames the next bytes of the event. */
  void piece(ByteBuf out, ByteBuf data, int index, int length) {
    int from = index;
    int left = length;
    while (left > 0) {
      if (packetLeft == 0) {
        packet(out);
      }
      int now = Math.min(left, packetLeft);
      out.writeBytes(data, from, now);
      from += now;
      left -= now;
      packetLeft -= now;
    }
    if (packetLeft == 0 && payloadLeft == 0 && lastPacketFull) {
      packet(out);
    }
  }

  /** Whether an event has begun whose last bytes are still to come: no other packet may be sent. */
  boolean isInsideEvent() {
    return packetLeft > 0 || payloadLeft > 0;
  }

  private void packet(ByteBuf out) {
    packetLeft = (int) Math.min(payloadLeft, MAX_PAYLOAD);
    payloadLeft -= packetLeft;
    lastPacketFull = packetLeft == MAX_PAYLOAD;
    out.writeIntLE(packetLeft | nextSequence() << 24);
  }
}
