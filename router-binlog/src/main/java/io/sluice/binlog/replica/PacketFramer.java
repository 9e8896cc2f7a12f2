package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.feed.Chunk;
import java.nio.ByteBuffer;

/**
 * Puts packet headers and OK bytes around events: reference §3.1. Keeps the sequence number of the
 * dump. An event of 16 MiB − 2 bytes or more goes on in packets without an OK byte; such events may
 * come in pieces. For a semi-sync replica two more bytes follow the OK byte; behind an event that
 * asks for an acknowledgement the numbers start again at 1 (reference §2.8). Confined to one loop.
 */
final class PacketFramer {
  /** Bytes in front of an event, at most: packet header, OK byte, semi-sync header. */
  static final int OVERHEAD = 7;

  private static final int HEADER = 4;
  private static final int MAX_PAYLOAD = 0xffffff;
  private static final int SEMI_SYNC = 0xef;

  /** For fewer events it is not worth to make the views. */
  private static final int FEW = 12;

  private final boolean semiSync;

  /** Bytes in front of the event in its first packet. */
  private final int prefix;

  private int sequence;
  private boolean ackWanted;

  /** Payload bytes of the event that are still to come, behind the current packet. */
  private long payloadLeft;

  private int packetLeft;
  private boolean lastPacketFull;

  PacketFramer(int firstSequence, boolean semiSync) {
    this.sequence = firstSequence & 0xff;
    this.semiSync = semiSync;
    this.prefix = semiSync ? 3 : 1;
  }

  /** The next event asks for an acknowledgement; only for a semi-sync replica. */
  void wantAck() {
    ackWanted = true;
  }

  /** The number of the next packet; it is used up. */
  int nextSequence() {
    int next = sequence;
    sequence = (next + 1) & 0xff;
    return next;
  }

  /** Whether an event of this length fits one packet. */
  boolean fits(long length) {
    return length + prefix < MAX_PAYLOAD;
  }

  /** Frames a whole event that {@link #fits}; out has room. */
  void whole(ByteBuf out, ByteBuf data, int index, int length) {
    out.writeIntLE((length + prefix) | nextSequence() << 24);
    writePrefix(out);
    out.writeBytes(data, index, length);
    if (ackWanted) {
      acknowledged();
    }
  }

  /**
   * Frames events of a chunk that follow each other as they are; none of them asks for an
   * acknowledgement. Stops in front of the first one that is not plain or does not fit one packet.
   *
   * @param from the first one
   * @param to behind the last one
   * @param plain by type byte, whether an event may be sent as it is
   * @param out grows as needed; nobody else may use it, its internal view included
   * @return behind the last one that was framed
   */
  int run(Chunk chunk, int from, int to, boolean[] plain, ByteBuf out) {
    return to - from < FEW
        ? runOfFew(chunk, from, to, plain, out)
        : runOfMany(chunk, from, to, plain, out);
  }

  private int runOfFew(Chunk chunk, int from, int to, boolean[] plain, ByteBuf out) {
    ByteBuf data = chunk.data();
    int start = chunk.offset(from);
    for (int i = from; i < to; i++) {
      int end = chunk.offset(i + 1);
      if (!plain[data.getUnsignedByte(start + EventHeader.TYPE_OFFSET)] || !fits(end - start)) {
        return i;
      }
      whole(out, data, start, end - start);
      start = end;
    }
    return to;
  }

  /**
   * The same through views of both buffers, neither of them new: then an event costs little more
   * than its copy.
   */
  private int runOfMany(Chunk chunk, int from, int to, boolean[] plain, ByteBuf out) {
    int start = chunk.offset(from);
    int room = chunk.offset(to) - start + (to - from) * (HEADER + prefix);
    int begin = out.writerIndex();
    out.ensureWritable(room);
    ByteBuffer source = chunk.view();
    ByteBuffer target = out.internalNioBuffer(begin, room);
    int base = target.position();
    int number = sequence;
    int at = base;
    int i = from;
    while (i < to) {
      int end = chunk.offset(i + 1);
      int length = end - start;
      if (!plain[source.get(start + EventHeader.TYPE_OFFSET) & 0xff] || !fits(length)) {
        break;
      }
      target.putInt(at, Integer.reverseBytes((length + prefix) | number << 24));
      target.put(at + HEADER, (byte) 0);
      if (semiSync) {
        target.put(at + HEADER + 1, (byte) SEMI_SYNC);
        target.put(at + HEADER + 2, (byte) 0);
      }
      at += HEADER + prefix;
      target.put(at, source, start, length);
      at += length;
      number = (number + 1) & 0xff;
      start = end;
      i++;
    }
    sequence = number;
    out.writerIndex(begin + at - base);
    return i;
  }

  private void writePrefix(ByteBuf out) {
    out.writeByte(0);
    if (semiSync) {
      out.writeByte(SEMI_SYNC);
      out.writeByte(ackWanted ? 1 : 0);
    }
  }

  private void acknowledged() {
    ackWanted = false;
    sequence = 1;
  }

  /** How many bytes framing adds to a piece of a large event, at most. */
  static int overhead(int piece) {
    return OVERHEAD + HEADER * (2 + piece / MAX_PAYLOAD);
  }

  /** Begins an event of any length, whose bytes follow through {@link #piece}. */
  void begin(ByteBuf out, long length) {
    payloadLeft = length + prefix;
    packet(out);
    writePrefix(out);
    packetLeft -= prefix;
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
    if (packetLeft == 0 && payloadLeft == 0) {
      if (lastPacketFull) {
        packet(out);
      }
      if (ackWanted) {
        acknowledged();
      }
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
