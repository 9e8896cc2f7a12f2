package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;

/**
 * The 19 bytes in front of each event. The static accessors read one field straight from a buffer
 * and allocate nothing; the record is for reports. Accessors check nothing but the buffer's bounds:
 * see {@link #requireLength}. Immutable.
 *
 * @param timestamp seconds since 1970, 0 for artificial events
 * @param typeCode the type byte as it came
 * @param serverId the server where the event originated
 * @param length bytes of the whole event, header and checksum included
 * @param endPosition offset of the next event in the master's file, modulo 4 GiB; 0 says "does not
 *     move the position"
 * @param flags the flag bits, unknown ones included
 */
public record EventHeader(
    long timestamp, int typeCode, long serverId, long length, long endPosition, int flags) {
  /** Size of the header. */
  public static final int SIZE = 19;

  /** The largest event that any server writes. */
  public static final long MAX_EVENT_LENGTH = 1L << 30;

  /** Offset of the type byte. */
  public static final int TYPE_OFFSET = 4;

  /** Offset of the event length. */
  public static final int LENGTH_OFFSET = 9;

  /** Offset of the end position. */
  public static final int END_POSITION_OFFSET = 13;

  /** Offset of the flags. */
  public static final int FLAGS_OFFSET = 17;

  /** Set in the FORMAT_DESCRIPTION of a file that is open for writing. */
  public static final int FLAG_IN_USE = 0x0001;

  /** The statement depends on its thread (temporary tables). */
  public static final int FLAG_THREAD_SPECIFIC = 0x0004;

  /** Do not issue USE. */
  public static final int FLAG_SUPPRESS_USE = 0x0008;

  /** Made up by the sender, not stored in a file. */
  public static final int FLAG_ARTIFICIAL = 0x0020;

  /** A reader that does not know the type may skip the event. */
  public static final int FLAG_IGNORABLE = 0x0080;

  /** MariaDB: written with {@code @@skip_replication}. */
  public static final int FLAG_SKIP_REPLICATION = 0x8000;

  /** Reads all fields of the header at an index. */
  public static EventHeader decode(ByteBuf buf, int index) {
    if (index < 0 || buf.writerIndex() - index < SIZE) {
      throw new BinlogFormatException(
          "event header: " + (buf.writerIndex() - index) + " bytes (expected: at least 19)");
    }
    return new EventHeader(
        timestamp(buf, index),
        typeCode(buf, index),
        serverId(buf, index),
        length(buf, index),
        endPosition(buf, index),
        flags(buf, index));
  }

  /** The type, {@link EventType#UNKNOWN} for codes that are not listed. */
  public EventType type() {
    return EventType.of(typeCode);
  }

  /** Seconds since 1970. */
  public static long timestamp(ByteBuf buf, int index) {
    return buf.getUnsignedIntLE(index);
  }

  /** The type byte. */
  public static int typeCode(ByteBuf buf, int index) {
    return buf.getUnsignedByte(index + TYPE_OFFSET);
  }

  /** The type. */
  public static EventType type(ByteBuf buf, int index) {
    return EventType.of(buf.getByte(index + TYPE_OFFSET));
  }

  /** The originating server. */
  public static long serverId(ByteBuf buf, int index) {
    return buf.getUnsignedIntLE(index + 5);
  }

  /** Bytes of the whole event as claimed by the header; not checked. */
  public static long length(ByteBuf buf, int index) {
    return buf.getUnsignedIntLE(index + LENGTH_OFFSET);
  }

  /** Offset of the next event modulo 4 GiB, or 0. */
  public static long endPosition(ByteBuf buf, int index) {
    return buf.getUnsignedIntLE(index + END_POSITION_OFFSET);
  }

  /** The flag bits. */
  public static int flags(ByteBuf buf, int index) {
    return buf.getUnsignedShortLE(index + FLAGS_OFFSET);
  }

  /** Tells whether a flag is set. */
  public static boolean hasFlag(ByteBuf buf, int index, int flag) {
    return (flags(buf, index) & flag) != 0;
  }

  /**
   * Reads the event length and checks it against what a server can write.
   *
   * @return the length, between 19 and 1 GiB
   * @throws BinlogFormatException if the length is impossible
   */
  public static int requireLength(ByteBuf buf, int index) {
    if (index < 0 || buf.writerIndex() - index < SIZE) {
      throw new BinlogFormatException("event header: incomplete (expected: 19 bytes)");
    }
    long length = length(buf, index);
    if (length < SIZE || length > MAX_EVENT_LENGTH) {
      throw new BinlogFormatException("event length: " + length + " (expected: 19 to 1073741824)");
    }
    return (int) length;
  }

  /**
   * Tells whether the end position of an event agrees with where the event stands in its file. 0
   * always agrees (MariaDB 11 writes it inside a group), and so does any value once the file has
   * passed 4 GiB.
   *
   * @param position file offset of the event's first byte
   * @param length bytes of the event
   */
  public static boolean endPositionAgrees(long endPosition, long position, long length) {
    return endPosition == 0 || endPosition == position + length || position + length > 0xffffffffL;
  }
}
