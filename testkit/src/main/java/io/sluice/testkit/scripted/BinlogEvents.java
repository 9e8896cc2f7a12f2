package io.sluice.testkit.scripted;

import io.sluice.testkit.wire.WireWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Builds the events of one binlog file as a MariaDB master writes them, with positions counted and
 * checksums computed. Methods named after stored events append to the file and return the event;
 * {@code artificial…} methods and {@link #heartbeat} only return it. Layouts from captures of
 * MariaDB 10.11 and 11.8. Not thread-safe.
 */
public final class BinlogEvents {
  /** Version texts to put into the format description. */
  public static final String MARIADB_10_11 = "10.11.19-MariaDB-log";

  public static final String MARIADB_11_4 = "11.4.5-MariaDB-log";

  /** GTID event flags of a transaction that ends with an XID. */
  public static final int GTID_TRANSACTIONAL = 0x0c;

  /** GTID event flags of a DDL statement, which is its own end. */
  public static final int GTID_DDL = 0x29;

  /** GTID event flags of a group that ends with a COMMIT query. */
  public static final int GTID_NON_TRANSACTIONAL = 0x08;

  static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};

  private static final String POST_HEADER_LENGTHS =
      "380d000800120004040404120000e400041a08000000080808020000000a0a0a0000000000000a0a0a"
          + "00".repeat(119)
          + "041304000d0808080a0a0a";
  private static final int LOG_POS = 13;

  private final String file;
  private final long serverId;
  private final boolean checksums;
  private final List<byte[]> stored = new ArrayList<>();
  private long position = MAGIC.length;
  private long timestamp = 1_700_000_000L;

  /** Events for the file of that name, written by that server. */
  public BinlogEvents(String file, long serverId, boolean checksums) {
    this.file = file;
    this.serverId = serverId;
    this.checksums = checksums;
  }

  public String file() {
    return file;
  }

  /** Where the next stored event will begin. */
  public long position() {
    return position;
  }

  /** Seconds that the following events carry. */
  public BinlogEvents timestamp(long seconds) {
    this.timestamp = seconds;
    return this;
  }

  /** All stored events so far. */
  public List<byte[]> stored() {
    return List.copyOf(stored);
  }

  /** The file's bytes so far, magic included. */
  public byte[] fileBytes() {
    WireWriter bytes = new WireWriter().bytes(MAGIC);
    stored.forEach(bytes::bytes);
    return bytes.toBytes();
  }

  /** The first event of each file. {@code inUse} as in a file that is still written. */
  public byte[] formatDescription(String serverVersion, boolean inUse) {
    WireWriter body = new WireWriter().u2(4).text(serverVersion);
    body.zeros(2 + 50 - body.size());
    body.u4(0).u1(BinlogEvent.HEADER).bytes(HexFormat.of().parseHex(POST_HEADER_LENGTHS));
    body.u1(checksums ? 1 : 0);
    // Its checksum is always there, and computed with the in-use flag clear.
    byte[] event = assemble(EventTypes.FORMAT_DESCRIPTION, 0, true, position, body.toBytes());
    if (inUse) {
      event[17] |= BinlogEvent.FLAG_IN_USE;
    }
    return store(event);
  }

  /** The binlog state at the file's begin; each entry as {@code domain-server-sequence}. */
  public byte[] gtidList(String... gtids) {
    return append(EventTypes.GTID_LIST, 0, gtidListBody(gtids));
  }

  private static byte[] gtidListBody(String... gtids) {
    WireWriter body = new WireWriter().u4(gtids.length);
    for (String gtid : gtids) {
      String[] parts = gtid.split("-");
      body.u4(Long.parseLong(parts[0])).u4(Long.parseLong(parts[1])).u8(Long.parseLong(parts[2]));
    }
    if (gtids.length == 0) {
      body.zeros(2);
    }
    return body.toBytes();
  }

  public byte[] checkpoint(String oldestFile) {
    return append(
        EventTypes.BINLOG_CHECKPOINT,
        0,
        new WireWriter().u4(oldestFile.length()).text(oldestFile).toBytes());
  }

  /** Begins a group. */
  public byte[] gtid(long domain, long sequence, int gtidFlags) {
    return append(
        EventTypes.GTID,
        0x0008,
        new WireWriter().u8(sequence).u4(domain).u1(gtidFlags).zeros(6).toBytes());
  }

  public byte[] query(String database, String sql) {
    return append(
        EventTypes.QUERY,
        0,
        new WireWriter()
            .u4(1)
            .u4(0)
            .u1(database.length())
            .u2(0)
            .u2(0)
            .nulText(database)
            .text(sql)
            .toBytes());
  }

  public byte[] xid(long xid) {
    return append(EventTypes.XID, 0, new WireWriter().u8(xid).toBytes());
  }

  public byte[] rotate(String nextFile) {
    return append(EventTypes.ROTATE, 0, new WireWriter().u8(4).text(nextFile).toBytes());
  }

  public byte[] stop() {
    return append(EventTypes.STOP, 0, new byte[0]);
  }

  /** An event of any type and total size, filled with a pattern. */
  public byte[] opaque(int type, int totalSize) {
    byte[] body = new byte[totalSize - BinlogEvent.HEADER - (checksums ? 4 : 0)];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31 + (i >>> 8));
    }
    return append(type, 0, body);
  }

  /** A whole transaction: GTID, one event of that size, XID. */
  public List<byte[]> transaction(long domain, long sequence, int eventSize) {
    return List.of(
        gtid(domain, sequence, GTID_TRANSACTIONAL),
        opaque(EventTypes.WRITE_ROWS_V1, eventSize),
        xid(sequence));
  }

  /** A whole DDL group: GTID, QUERY. */
  public List<byte[]> ddl(long domain, long sequence, String database, String sql) {
    return List.of(gtid(domain, sequence, GTID_DDL), query(database, sql));
  }

  /** What a dump begins each file with. */
  public byte[] artificialRotate(long startPosition) {
    return artificialRotate(file, startPosition, serverId, checksums);
  }

  static byte[] artificialRotate(String file, long position, long serverId, boolean checksum) {
    return assemble(
        EventTypes.ROTATE,
        0,
        serverId,
        BinlogEvent.FLAG_ARTIFICIAL,
        checksum,
        0,
        new WireWriter().u8(position).text(file).toBytes());
  }

  /** A GTID list that a master makes up while it skips to the requested position. */
  public byte[] artificialGtidList(String... gtids) {
    byte[] event =
        assemble(
            EventTypes.GTID_LIST,
            0,
            serverId,
            BinlogEvent.FLAG_ARTIFICIAL,
            checksums,
            0,
            gtidListBody(gtids));
    return withLogPos(event, position);
  }

  /** A heartbeat at the end of what was stored so far. */
  public byte[] heartbeat() {
    byte[] event =
        assemble(
            EventTypes.HEARTBEAT,
            0,
            serverId,
            0,
            checksums,
            0,
            new WireWriter().text(file).toBytes());
    return withLogPos(event, position);
  }

  private byte[] append(int type, int flags, byte[] body) {
    return store(assemble(type, flags, checksums, position, body));
  }

  private byte[] store(byte[] event) {
    stored.add(event);
    position += event.length;
    return event.clone();
  }

  private byte[] assemble(int type, int flags, boolean checksum, long start, byte[] body) {
    return assemble(type, timestamp, serverId, flags, checksum, start, body);
  }

  /** Puts header, body and checksum together; a start of 0 gives a log_pos of 0. */
  private static byte[] assemble(
      int type,
      long timestamp,
      long serverId,
      int flags,
      boolean checksum,
      long start,
      byte[] body) {
    int length = BinlogEvent.HEADER + body.length + (checksum ? 4 : 0);
    WireWriter event =
        new WireWriter()
            .u4(timestamp)
            .u1(type)
            .u4(serverId)
            .u4(length)
            .u4(start == 0 ? 0 : start + length)
            .u2(flags)
            .bytes(body);
    if (checksum) {
      event.zeros(4);
    }
    byte[] bytes = event.toBytes();
    if (checksum) {
      putCrc(bytes);
    }
    return bytes;
  }

  private byte[] withLogPos(byte[] event, long logPos) {
    for (int i = 0; i < 4; i++) {
      event[LOG_POS + i] = (byte) (logPos >>> (8 * i));
    }
    if (checksums) {
      putCrc(event);
    }
    return event;
  }

  /** Computes the CRC32 of all but the last four bytes into the last four. */
  static void putCrc(byte[] event) {
    CRC32 crc = new CRC32();
    crc.update(event, 0, event.length - 4);
    for (int i = 0; i < 4; i++) {
      event[event.length - 4 + i] = (byte) (crc.getValue() >>> (8 * i));
    }
  }
}
