package io.sluice.benchmarks.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.store.BinlogFileFormat;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A binlog file of a MariaDB 11.4 master, made in memory: FORMAT_DESCRIPTION, GTID_LIST,
 * transactions of GTID, TABLE_MAP, WRITE_ROWS and XID, and a ROTATE, all with their positions and
 * checksums. The rows have a number and a text of digits, which compresses as such texts do.
 */
public final class RowLog {
  /** How large the row events are, and how many of them a transaction has. */
  public enum Shape {
    /** Transactions of one row of 200 bytes: half of the bytes are GTID, TABLE_MAP and XID. */
    SINGLE_200(200, 1),
    /** 200 bytes, many in a transaction. */
    ROWS_200(200, 20),
    /** 1 KB, many in a transaction. */
    ROWS_1K(1 << 10, 20),
    /** 8 KB, many in a transaction. */
    ROWS_8K(8 << 10, 20);

    private final int eventSize;
    private final int rows;

    Shape(int eventSize, int rows) {
      this.eventSize = eventSize;
      this.rows = rows;
    }
  }

  private static final String VERSION = "11.4.5-MariaDB-log";
  private static final int VERSION_ROOM = 50;

  /** What a MariaDB server says of the sizes of its post-headers. */
  private static final String POST_HEADERS =
      "380d000800120004040404120000e400041a08000000080808020000000a0a0a0000000000000a0a0a"
          + "00".repeat(119)
          + "041304000d0808080a0a0a";

  private static final long SERVER = 1;
  private static final int SECONDS = 1_763_000_000;
  private static final int TRANSACTIONAL = 0x0c;
  private static final int TABLE = 23;
  private static final int LONGLONG = 8;
  private static final int VARCHAR = 15;
  private static final int VARCHAR_MAX = 16_000;
  private static final int LAST_OF_STATEMENT = 1;

  /** Bytes of a row event besides its text. */
  private static final int ROW_OVERHEAD = EventHeader.SIZE + 6 + 2 + 1 + 1 + 1 + 8 + 2 + 4;

  private final ByteBuf file;
  private final SplittableRandom random = new SplittableRandom(7);
  private final String name;
  private final String nextName;
  private int[] offsets = new int[64];
  private int events;
  private final int groupsStart;
  private final int groupsEnd;
  private long sequence;

  /**
   * Makes a file.
   *
   * @param number of the file
   * @param before the sequence number of the last transaction before it, 0 for none
   * @param size the file is about so long; 0 for one without transactions
   */
  public RowLog(Shape shape, int number, long before, int size) {
    this.file = Unpooled.buffer(size + (size >> 4) + (16 << 10));
    this.name = name(number);
    this.nextName = name(number + 1);
    this.sequence = before;
    file.writeBytes(BinlogFileFormat.magic());
    formatDescription();
    gtidList();
    groupsStart = file.writerIndex();
    while (file.writerIndex() < size) {
      transaction(shape);
    }
    groupsEnd = file.writerIndex();
    ByteBuf body = Unpooled.buffer().writeLongLE(BinlogFileFormat.FIRST_EVENT);
    event(EventType.ROTATE, 0, body.writeBytes(nextName.getBytes(US_ASCII)));
    mark(file.writerIndex());
  }

  private static String name(int number) {
    return String.format(Locale.ROOT, "bench.%06d", number);
  }

  private void formatDescription() {
    ByteBuf body = Unpooled.buffer().writeShortLE(4);
    body.writeBytes(VERSION.getBytes(US_ASCII)).writeZero(VERSION_ROOM - VERSION.length());
    body.writeIntLE(0).writeByte(EventHeader.SIZE);
    body.writeBytes(HexFormat.of().parseHex(POST_HEADERS)).writeByte(1);
    event(EventType.FORMAT_DESCRIPTION, 0, body);
  }

  private void gtidList() {
    ByteBuf body = Unpooled.buffer();
    if (sequence == 0) {
      body.writeIntLE(0).writeZero(2);
    } else {
      body.writeIntLE(1).writeIntLE(0).writeIntLE((int) SERVER).writeLongLE(sequence);
    }
    event(EventType.MARIADB_GTID_LIST, 0, body);
  }

  private void transaction(Shape shape) {
    sequence++;
    ByteBuf gtid = Unpooled.buffer().writeLongLE(sequence).writeIntLE(0);
    event(
        EventType.MARIADB_GTID,
        EventHeader.FLAG_SUPPRESS_USE,
        gtid.writeByte(TRANSACTIONAL).writeZero(6));
    event(EventType.TABLE_MAP, 0, tableMap());
    for (int i = 1; i <= shape.rows; i++) {
      int flags = i == shape.rows ? LAST_OF_STATEMENT : 0;
      event(EventType.WRITE_ROWS_V1, 0, row(shape.eventSize - ROW_OVERHEAD, flags));
    }
    event(EventType.XID, 0, Unpooled.buffer().writeLongLE(sequence));
  }

  private static ByteBuf tableMap() {
    ByteBuf body = Unpooled.buffer().writeIntLE(TABLE).writeShortLE(0).writeShortLE(1);
    body.writeByte(5).writeBytes("bench".getBytes(US_ASCII)).writeByte(0);
    body.writeByte(4).writeBytes("rows".getBytes(US_ASCII)).writeByte(0);
    body.writeByte(2).writeByte(LONGLONG).writeByte(VARCHAR);
    return body.writeByte(2).writeShortLE(VARCHAR_MAX).writeByte(0);
  }

  private ByteBuf row(int text, int flags) {
    ByteBuf body = Unpooled.buffer().writeIntLE(TABLE).writeShortLE(0).writeShortLE(flags);
    body.writeByte(2).writeByte(0xff).writeByte(0xfc);
    body.writeLongLE(random.nextLong(1L << 40)).writeShortLE(text);
    for (int i = 0; i < text; i++) {
      body.writeByte('0' + random.nextInt(10));
    }
    return body;
  }

  private void event(EventType type, int flags, ByteBuf body) {
    int start = file.writerIndex();
    int length = EventHeader.SIZE + body.readableBytes() + EventChecksum.LENGTH;
    mark(start);
    events++;
    file.writeIntLE(SECONDS).writeByte(type.code()).writeIntLE((int) SERVER);
    file.writeIntLE(length).writeIntLE(start + length).writeShortLE(flags);
    file.writeBytes(body).writeZero(EventChecksum.LENGTH);
    EventChecksum.seal(file, start, length);
  }

  private void mark(int offset) {
    if (events == offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[events] = offset;
  }

  /** The file's name. */
  public String name() {
    return name;
  }

  /** The name of the file that its ROTATE announces. */
  public String nextName() {
    return nextName;
  }

  /** The whole file; not to be changed. */
  public ByteBuf bytes() {
    return file;
  }

  /** How many bytes the file has. */
  public int size() {
    return file.writerIndex();
  }

  /** How many events the file has. */
  public int events() {
    return events;
  }

  /** Where an event begins; behind the last one, the file's size. */
  public int offset(int event) {
    return offsets[event];
  }

  /** Where the first transaction begins. */
  public int groupsStart() {
    return groupsStart;
  }

  /** Where the last transaction ends. */
  public int groupsEnd() {
    return groupsEnd;
  }

  /** The sequence number of the last transaction. */
  public long sequence() {
    return sequence;
  }
}
