package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.GtidListEvent;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.sql.PresentedVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The column Info of SHOW BINLOG EVENTS, as MariaDB prints it for each event type. Texts of
 * statements are the bytes of the log. Stateless.
 *
 * <p>Malformed events end in {@link BinlogFormatException} or {@link IndexOutOfBoundsException}.
 */
final class EventInfo {
  private static final int STATEMENT_END = 1;
  private static final int COMMIT_ID = 0x02;
  private static final int PREPARED_XA = 0x40;
  private static final int COMPLETED_XA = 0x80;
  private static final int MULTI_ENGINE = 0x01;
  private static final int START_ALTER = 0x02;
  private static final int COMMIT_ALTER = 0x04;
  private static final int ROLLBACK_ALTER = 0x08;

  private EventInfo() {}

  /** Whether the row needs the whole event rather than its first bytes. */
  static boolean needsWhole(EventType type) {
    return switch (type) {
      case QUERY,
          QUERY_COMPRESSED,
          EXECUTE_LOAD_QUERY,
          ANNOTATE_ROWS,
          USER_VAR,
          MARIADB_GTID_LIST,
          FORMAT_DESCRIPTION,
          ROTATE,
          INCIDENT,
          XA_PREPARE,
          BINLOG_CHECKPOINT,
          TABLE_MAP ->
          true;
      default -> false;
    };
  }

  /**
   * The text: a String, or bytes.
   *
   * @param event the event at index 0, or its beginning
   * @param length the length of the whole event
   */
  static Object of(ByteBuf event, int length, FormatDescription format, PresentedVersion version) {
    int end = length - (format.hasChecksums() ? EventChecksum.LENGTH : 0);
    int body = EventHeader.SIZE;
    EventType type = EventHeader.type(event, 0);
    return switch (type) {
      case FORMAT_DESCRIPTION -> "Server ver: " + serverVersion(event) + ", Binlog ver: 4";
      case ROTATE ->
          text(event, body + 8, end) + ";pos=" + Long.toUnsignedString(event.getLongLE(body));
      case QUERY, QUERY_COMPRESSED, EXECUTE_LOAD_QUERY ->
          StatementInfo.of(event, end, type, version);
      case ANNOTATE_ROWS -> ByteBufUtil.getBytes(event, body, end - body);
      case INTVAR ->
          (event.getByte(body) == 2 ? "INSERT_ID=" : "LAST_INSERT_ID=")
              + Long.toUnsignedString(event.getLongLE(body + 1));
      case RAND ->
          "rand_seed1="
              + Long.toUnsignedString(event.getLongLE(body))
              + ",rand_seed2="
              + Long.toUnsignedString(event.getLongLE(body + 8));
      case USER_VAR -> UserVariableInfo.of(event, end);
      case XID -> "COMMIT /* xid=" + Long.toUnsignedString(event.getLongLE(body)) + " */";
      case XA_PREPARE -> xaPrepare(event, body);
      case MARIADB_GTID -> gtid(event, end);
      case MARIADB_GTID_LIST -> gtidList(event, length, format, version);
      case BINLOG_CHECKPOINT -> text(event, body + 4, body + 4 + event.getIntLE(body));
      case TABLE_MAP -> tableMap(event, format.postHeaderLength(type.code()));
      case BEGIN_LOAD_QUERY, APPEND_BLOCK ->
          ";file_id=" + event.getUnsignedIntLE(body) + ";block_len=" + (end - body - 4);
      case DELETE_FILE, EXEC_LOAD -> ";file_id=" + event.getUnsignedIntLE(body);
      case INCIDENT -> incident(event, body, end);
      default -> type.isRows() ? rows(event, format.postHeaderLength(type.code())) : "";
    };
  }

  private static String text(ByteBuf event, int from, int to) {
    return event.toString(from, to - from, StandardCharsets.UTF_8);
  }

  private static String serverVersion(ByteBuf event) {
    int from = EventHeader.SIZE + 2;
    int end = event.indexOf(from, from + 50, (byte) 0);
    return text(event, from, end < 0 ? from + 50 : end);
  }

  private static String gtid(ByteBuf event, int end) {
    MariaDbGtid gtid =
        new MariaDbGtid(
            GtidEvent.domain(event, 0),
            EventHeader.serverId(event, 0),
            GtidEvent.sequence(event, 0));
    int flags = GtidEvent.flags(event, 0);
    int at = EventHeader.SIZE + 13;
    StringBuilder out = new StringBuilder();
    String commit = "";
    if ((flags & COMMIT_ID) != 0) {
      commit = " cid=" + Long.toUnsignedString(event.getLongLE(at));
      at += 8;
    }
    String xid = "";
    if ((flags & (PREPARED_XA | COMPLETED_XA)) != 0) {
      xid = xid(event, at);
      at += 6 + event.getUnsignedByte(at + 4) + event.getUnsignedByte(at + 5);
    }
    if ((flags & GtidEvent.STANDALONE) != 0) {
      out.append("GTID ");
    } else if ((flags & PREPARED_XA) != 0) {
      out.append("XA START ").append(xid).append(" GTID ");
    } else {
      out.append("BEGIN GTID ");
    }
    out.append(gtid).append(commit);
    if (at < end) {
      alter(event, at, out);
    }
    return out.toString();
  }

  private static void alter(ByteBuf event, int from, StringBuilder out) {
    int extra = event.getUnsignedByte(from);
    int at = from + 1 + ((extra & MULTI_ENGINE) != 0 ? 1 : 0);
    if ((extra & START_ALTER) != 0) {
      out.append(" START ALTER");
    }
    if ((extra & COMMIT_ALTER) != 0) {
      out.append(" COMMIT ALTER id=").append(Long.toUnsignedString(event.getLongLE(at)));
    }
    if ((extra & ROLLBACK_ALTER) != 0) {
      out.append(" ROLLBACK ALTER id=").append(Long.toUnsignedString(event.getLongLE(at)));
    }
  }

  /** A transaction's id as it is written in SQL: format, lengths, both parts. */
  private static String xid(ByteBuf event, int at) {
    int first = event.getUnsignedByte(at + 4);
    int second = event.getUnsignedByte(at + 5);
    return quoted(event, at + 6, first, second) + "," + event.getUnsignedIntLE(at);
  }

  private static String quoted(ByteBuf event, int from, int first, int second) {
    return "X'"
        + ByteBufUtil.hexDump(event, from, first)
        + "',X'"
        + ByteBufUtil.hexDump(event, from + first, second)
        + "'";
  }

  private static String xaPrepare(ByteBuf event, int body) {
    boolean onePhase = event.getByte(body) != 0;
    long first = event.getUnsignedIntLE(body + 5);
    long second = event.getUnsignedIntLE(body + 9);
    if (first > 64 || second > 64) {
      throw new BinlogFormatException("xid length: " + first + ", " + second + " (expected: 64)");
    }
    return (onePhase ? "XA COMMIT " : "XA PREPARE ")
        + quoted(event, body + 13, (int) first, (int) second)
        + ","
        + event.getUnsignedIntLE(body + 1)
        + (onePhase ? " ONE PHASE" : "");
  }

  private static String gtidList(
      ByteBuf event, int length, FormatDescription format, PresentedVersion version) {
    int count = event.getIntLE(EventHeader.SIZE) & 0x0fffffff;
    GtidListEvent.decode(event, 0, length, format.hasChecksums());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(EventHeader.SIZE + 4 + i * MariaDbBinlogState.ENTRY_SIZE);
    }
    if (version.isAtLeast(10, 6)) { // 10.5 prints the order of the file
      order.sort(Comparator.comparingLong(event::getUnsignedIntLE));
    }
    StringBuilder out = new StringBuilder("[");
    for (int at : order) {
      out.append(out.length() == 1 ? "" : ",")
          .append(event.getUnsignedIntLE(at))
          .append('-')
          .append(event.getUnsignedIntLE(at + 4))
          .append('-')
          .append(Long.toUnsignedString(event.getLongLE(at + 8)));
    }
    return out.append(']').toString();
  }

  /** The number of the table in TABLE_MAP and row events. */
  static long tableId(ByteBuf event, int postHeader) {
    int body = EventHeader.SIZE;
    long low = event.getUnsignedIntLE(body);
    return postHeader == 6 ? low : low | (long) event.getUnsignedShortLE(body + 4) << 32;
  }

  private static String tableMap(ByteBuf event, int postHeader) {
    int at = EventHeader.SIZE + postHeader;
    int database = event.getUnsignedByte(at);
    int table = event.getUnsignedByte(at + 1 + database + 1);
    int from = at + 1 + database + 2;
    return "table_id: "
        + tableId(event, postHeader)
        + " ("
        + text(event, at + 1, at + 1 + database)
        + "."
        + text(event, from, from + table)
        + ")";
  }

  private static String rows(ByteBuf event, int postHeader) {
    int flags = event.getUnsignedShortLE(EventHeader.SIZE + (postHeader == 6 ? 4 : 6));
    return "table_id: "
        + tableId(event, postHeader)
        + ((flags & STATEMENT_END) != 0 ? " flags: STMT_END_F" : "");
  }

  private static String incident(ByteBuf event, int body, int end) {
    int number = event.getUnsignedShortLE(body);
    String name = number == 0 ? "NOTHING" : number == 1 ? "LOST_EVENTS" : "UNKNOWN";
    int length = body + 2 < end ? event.getUnsignedByte(body + 2) : 0;
    return "#"
        + number
        + " ("
        + name
        + ")"
        + (length == 0 ? "" : ": " + text(event, body + 3, body + 3 + length));
  }
}
