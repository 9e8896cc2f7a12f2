package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.MySqlTsid;
import java.nio.charset.StandardCharsets;

/**
 * MySQL GTID (33) and tagged GTID (42): opens a transaction. The static accessors read a GTID event
 * (33), need its first {@link #PREFIX} bytes and allocate nothing. Immutable.
 *
 * @param tsid the server and the tag
 * @param number 1 or more
 */
public record MySqlGtidEvent(MySqlTsid tsid, long number) {
  /** Bytes from the start of a GTID event (33) that the accessors read. */
  public static final int PREFIX = EventHeader.SIZE + 1 + 16 + 8;

  /** Bytes from the start of a tagged GTID event (42) that say which GTID it is, at most. */
  public static final int TAGGED_PREFIX = 128;

  private static final int UUID_OFFSET = EventHeader.SIZE + 1;
  private static final int NUMBER_OFFSET = UUID_OFFSET + 16;
  private static final int FIELD_FLAGS = 0;
  private static final int FIELD_UUID = 1;
  private static final int FIELD_NUMBER = 2;
  private static final int FIELD_TAG = 3;

  /** The first eight bytes of the UUID. */
  public static long high(ByteBuf buf, int index) {
    return buf.getLong(index + UUID_OFFSET);
  }

  /** The last eight bytes of the UUID. */
  public static long low(ByteBuf buf, int index) {
    return buf.getLong(index + UUID_OFFSET + 8);
  }

  /** The number, checked. */
  public static long number(ByteBuf buf, int index) {
    return requireNumber(buf.getLongLE(index + NUMBER_OFFSET));
  }

  private static long requireNumber(long number) {
    if (number < 1 || number > MySqlGtidSet.MAX_NUMBER) {
      throw new BinlogFormatException(
          "GTID number: " + number + " (expected: 1 to " + MySqlGtidSet.MAX_NUMBER + ")");
    }
    return number;
  }

  /**
   * Decodes either event.
   *
   * @param available bytes of it in the buffer: all, or at least the prefix
   */
  public static MySqlGtidEvent decode(ByteBuf buf, int index, int available) {
    if (EventHeader.type(buf, index) == EventType.MYSQL_GTID_TAGGED) {
      return decodeTagged(buf, index, available);
    }
    if (available < PREFIX) {
      throw new BinlogFormatException(
          "GTID event: " + available + " bytes (expected: at least " + PREFIX + ")");
    }
    return new MySqlGtidEvent(
        new MySqlTsid(high(buf, index), low(buf, index), ""), number(buf, index));
  }

  /** The fields stand in the order of their numbers; those behind the tag are not looked at. */
  private static MySqlGtidEvent decodeTagged(ByteBuf buf, int index, int available) {
    try {
      ByteBuf in = buf.slice(index + EventHeader.SIZE, available - EventHeader.SIZE);
      long version = SerializedNumber.read(in);
      if (version != 1) {
        throw new BinlogFormatException("tagged GTID: version " + version + " (expected: 1)");
      }
      SerializedNumber.read(in);
      SerializedNumber.read(in);
      requireField(in, FIELD_FLAGS);
      SerializedNumber.read(in);
      requireField(in, FIELD_UUID);
      long high = uuidHalf(in);
      long low = uuidHalf(in);
      requireField(in, FIELD_NUMBER);
      long number = requireNumber(SerializedNumber.readSigned(in));
      requireField(in, FIELD_TAG);
      return new MySqlGtidEvent(new MySqlTsid(high, low, tag(in)), number);
    } catch (IndexOutOfBoundsException e) {
      throw new BinlogFormatException(
          "tagged GTID: " + available + " bytes (expected: all its fields)");
    }
  }

  private static void requireField(ByteBuf in, int expected) {
    long field = SerializedNumber.read(in);
    if (field != expected) {
      throw new BinlogFormatException(
          "tagged GTID: field " + field + " (expected: " + expected + ")");
    }
  }

  private static long uuidHalf(ByteBuf in) {
    long half = 0;
    for (int i = 0; i < 8; i++) {
      long value = SerializedNumber.read(in);
      if (value < 0 || value > 0xff) {
        throw new BinlogFormatException("tagged GTID: UUID byte " + value + " (expected: a byte)");
      }
      half = half << 8 | value;
    }
    return half;
  }

  private static String tag(ByteBuf in) {
    long length = SerializedNumber.read(in);
    if (length < 0 || length > MySqlTsid.MAX_TAG) {
      throw new BinlogFormatException(
          "tagged GTID: tag length " + length + " (expected: at most " + MySqlTsid.MAX_TAG + ")");
    }
    String tag = in.readCharSequence((int) length, StandardCharsets.ISO_8859_1).toString();
    if (!tag.isEmpty() && !MySqlTsid.isTag(tag)) {
      throw new BinlogFormatException("tagged GTID: tag (expected: a-z, 0-9, _)");
    }
    return tag;
  }
}
