package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * CRC-32 of events. An instance sums up one event piece by piece and can be reused; the static
 * methods work on a whole event. The sum covers the event without its last four bytes; that of a
 * FORMAT_DESCRIPTION is made with the in-use flag cleared, so that the flag can change in place.
 * Instances are confined to one thread.
 */
public final class EventChecksum {
  /** Bytes of the checksum behind an event. */
  public static final int LENGTH = 4;

  private final CRC32 crc = new CRC32();

  /** Begins a new event. */
  public void reset() {
    crc.reset();
  }

  /** Adds bytes; the buffer's indices stay. */
  public void update(ByteBuf buf, int index, int length) {
    if (length == 0) {
      return;
    }
    if (buf.hasArray()) {
      crc.update(buf.array(), buf.arrayOffset() + index, length);
    } else if (buf.nioBufferCount() == 1) {
      crc.update(buf.nioBuffer(index, length));
    } else {
      for (ByteBuffer part : buf.nioBuffers(index, length)) {
        crc.update(part);
      }
    }
  }

  /**
   * Tells whether the last four bytes of a whole event are its checksum, as {@link #verify} does,
   * and forgets what was added before. Makes no object where the buffer has one piece of memory,
   * but needs the buffer's internal view: nobody else may use that at the same time.
   */
  public boolean fits(ByteBuf buf, int index, int length) {
    int end = index + length - LENGTH;
    if (length < EventHeader.SIZE + LENGTH
        || end + LENGTH > buf.writerIndex()
        || EventHeader.typeCode(buf, index) == EventType.FORMAT_DESCRIPTION.code()
        || buf.nioBufferCount() != 1) {
      return verify(buf, index, length);
    }
    crc.reset();
    if (buf.hasArray()) {
      crc.update(buf.array(), buf.arrayOffset() + index, end - index);
    } else {
      crc.update(buf.internalNioBuffer(index, end - index));
    }
    return crc.getValue() == buf.getUnsignedIntLE(end);
  }

  /** Adds bytes from the position to the limit. */
  public void update(ByteBuffer bytes) {
    crc.update(bytes);
  }

  /** The sum of what was added, unsigned. */
  public long value() {
    return crc.getValue();
  }

  /**
   * Sums up one whole event.
   *
   * @param length bytes of the event, checksum included
   */
  public static long compute(ByteBuf buf, int index, int length) {
    if (length < EventHeader.SIZE + LENGTH || index + length > buf.writerIndex()) {
      throw new BinlogFormatException("event length: " + length + " (expected: at least 23 bytes)");
    }
    EventChecksum sum = new EventChecksum();
    int end = length - LENGTH;
    if (EventHeader.typeCode(buf, index) == EventType.FORMAT_DESCRIPTION.code()
        && EventHeader.hasFlag(buf, index, EventHeader.FLAG_IN_USE)) {
      int flag = EventHeader.FLAGS_OFFSET;
      sum.update(buf, index, flag);
      sum.crc.update(buf.getByte(index + flag) & ~EventHeader.FLAG_IN_USE);
      sum.update(buf, index + flag + 1, end - flag - 1);
    } else {
      sum.update(buf, index, end);
    }
    return sum.value();
  }

  /**
   * Tells whether the last four bytes of an event are its checksum. An event too short for one does
   * not match.
   */
  public static boolean verify(ByteBuf buf, int index, int length) {
    return length >= EventHeader.SIZE + LENGTH
        && compute(buf, index, length) == buf.getUnsignedIntLE(index + length - LENGTH);
  }

  /** Writes the checksum over the last four bytes of an event. */
  public static void seal(ByteBuf buf, int index, int length) {
    buf.setIntLE(index + length - LENGTH, (int) compute(buf, index, length));
  }
}
