package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.event.PreviousGtids;
import io.sluice.binlog.sql.PresentedVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The columns Event_type and Info of SHOW BINLOG EVENTS, as MySQL prints them; what it has in
 * common with MariaDB is in {@link EventInfo}. Stateless.
 *
 * <p>Malformed events end in {@link BinlogFormatException} or {@link IndexOutOfBoundsException}.
 */
final class MySqlEventInfo {
  private static final int ROWS_QUERY_LENGTH = 1;
  private static final int VIEW_ID = 40;
  private static final int STATEMENT_END = 0x01;
  private static final int NO_FOREIGN_KEY_CHECKS = 0x02;
  private static final int RELAXED_UNIQUE_CHECKS = 0x04;
  private static final int SQL_FOREIGN_KEY = 0x10;

  private MySqlEventInfo() {}

  /** The name of a type. */
  static String label(EventType type) {
    return type == EventType.MYSQL_GTID_TAGGED ? "Gtid_tagged_log_event" : type.label();
  }

  /** Whether the row needs the whole event rather than its first bytes. */
  static boolean needsWhole(EventType type) {
    return switch (type) {
      case PREVIOUS_GTIDS, ROWS_QUERY -> true;
      default -> EventInfo.needsWhole(type);
    };
  }

  /** The text: a String, or bytes. */
  static Object of(ByteBuf event, int length, FormatDescription format, PresentedVersion version) {
    int end = length - (format.hasChecksums() ? EventChecksum.LENGTH : 0);
    int body = EventHeader.SIZE;
    EventType type = EventHeader.type(event, 0);
    return switch (type) {
      case MYSQL_GTID, MYSQL_GTID_TAGGED -> gtid(event);
      case MYSQL_ANONYMOUS_GTID -> "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'";
      case PREVIOUS_GTIDS ->
          PreviousGtids.decode(event, 0, length, format.hasChecksums()).set().toString();
      case QUERY -> MySqlStatementInfo.of(event, end);
      case EXECUTE_LOAD_QUERY -> StatementInfo.of(event, end, type, version);
      case USER_VAR -> UserVariableInfo.ofMySql(event, end, version);
      case ROWS_QUERY -> rowsQuery(event, end);
      case TRANSACTION_PAYLOAD -> TransactionPayload.decode(event, body, end).toString();
      case VIEW_CHANGE -> "view_id=" + viewId(event, body);
      default ->
          type.isRows()
              ? rows(event, format.postHeaderLength(type.code()), version)
              : EventInfo.of(event, length, format, version);
    };
  }

  private static String gtid(ByteBuf event) {
    MySqlGtidEvent gtid = MySqlGtidEvent.decode(event, 0, event.readableBytes());
    return "SET @@SESSION.GTID_NEXT= '" + gtid.tsid() + ":" + gtid.number() + "'";
  }

  /** The statement behind a length that is too small for it. */
  private static byte[] rowsQuery(ByteBuf event, int end) {
    int from = EventHeader.SIZE + ROWS_QUERY_LENGTH;
    if (from > end) {
      throw new BinlogFormatException("rows query: " + end + " (expected: at least " + from + ")");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {'#', ' '});
    out.writeBytes(ByteBufUtil.getBytes(event, from, end - from));
    return out.toByteArray();
  }

  private static String viewId(ByteBuf event, int body) {
    int end = event.indexOf(body, body + VIEW_ID, (byte) 0);
    return event.toString(body, (end < 0 ? body + VIEW_ID : end) - body, StandardCharsets.UTF_8);
  }

  /** Servers before 9.6 printed one flag. */
  private static String rows(ByteBuf event, int postHeader, PresentedVersion version) {
    int flags = event.getUnsignedShortLE(EventHeader.SIZE + (postHeader == 6 ? 4 : 6));
    StringBuilder out = new StringBuilder();
    add(out, flags, STATEMENT_END, "STMT_END_F");
    if (version.isAtLeast(9, 6)) {
      add(out, flags, NO_FOREIGN_KEY_CHECKS, "NO_FOREIGN_KEY_CHECKS_F");
      add(out, flags, RELAXED_UNIQUE_CHECKS, "RELAXED_UNIQUE_CHECKS_F");
      add(out, flags, SQL_FOREIGN_KEY, "USE_SQL_FOREIGN_KEY_F");
    }
    return "table_id: "
        + EventInfo.tableId(event, postHeader)
        + (out.length() == 0 ? "" : " flags:" + out);
  }

  private static void add(StringBuilder out, int flags, int flag, String name) {
    if ((flags & flag) != 0) {
      out.append(' ').append(name);
    }
  }
}
