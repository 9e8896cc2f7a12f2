package io.sluice.binlog.gtid;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The two encodings of a MySQL GTID set. The old one: a count, then for each UUID its intervals.
 * The one of 8.3, told by the highest byte of the count: a tag behind each UUID. Stateless.
 */
final class MySqlGtidCodec {
  private static final int TAGGED = 1;
  private static final int UUID_BYTES = 16;

  private MySqlGtidCodec() {}

  static void encode(MySqlGtidSet set, ByteBuf out, boolean skipTagged) {
    boolean tagged = !skipTagged && set.hasTags();
    int countAt = out.writerIndex();
    out.writeLongLE(0);
    long count = 0;
    for (int i = 0; i < set.size(); i++) {
      MySqlTsid tsid = set.tsid(i);
      if (skipTagged && tsid.isTagged()) {
        continue;
      }
      count++;
      out.writeLong(tsid.high()).writeLong(tsid.low());
      if (tagged) {
        out.writeByte(tsid.tag().length() << 1);
        out.writeCharSequence(tsid.tag(), StandardCharsets.US_ASCII);
      }
      GtidIntervals numbers = set.numbers(i);
      out.writeLongLE(numbers.size());
      for (int bound = 0; bound < numbers.bounds(); bound++) {
        out.writeLongLE(numbers.bound(bound));
      }
    }
    out.setLongLE(countAt, tagged ? (long) TAGGED << 56 | count << 8 | TAGGED : count);
  }

  static MySqlGtidSet decode(ByteBuf buf, int index, int length) {
    try {
      ByteBuf in = buf.slice(index, length);
      MySqlGtidSet.Builder builder = new MySqlGtidSet.Builder();
      long head = in.readLongLE();
      int format = (int) (head >>> 56);
      require(format <= TAGGED);
      boolean tagged = format == TAGGED;
      long count = tagged ? head << 8 >>> 16 : head;
      for (; count > 0; count--) {
        readPair(in, tagged, builder);
      }
      require(!in.isReadable());
      return builder.snapshot();
    } catch (IndexOutOfBoundsException e) {
      throw malformed();
    }
  }

  private static void readPair(ByteBuf in, boolean tagged, MySqlGtidSet.Builder builder) {
    long high = in.readLong();
    long low = in.readLong();
    String tag = tagged ? readTag(in) : "";
    long intervals = in.readLongLE();
    require(intervals >= 0 && intervals <= in.readableBytes() / UUID_BYTES);
    MySqlTsid tsid = new MySqlTsid(high, low, tag);
    long last = 0;
    for (; intervals > 0; intervals--) {
      long start = in.readLongLE();
      long end = in.readLongLE();
      require(start > last && end > start);
      builder.add(tsid, start, end);
      last = end;
    }
  }

  private static String readTag(ByteBuf in) {
    int word = in.readUnsignedByte();
    require((word & 1) == 0);
    int length = word >> 1;
    String tag = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    require(length == 0 || MySqlTsid.isTag(tag));
    return tag;
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw malformed();
    }
  }

  private static GtidFormatException malformed() {
    return new GtidFormatException(
        GtidFormatException.MALFORMED_ENCODING, "Malformed GTID set encoding.");
  }
}
