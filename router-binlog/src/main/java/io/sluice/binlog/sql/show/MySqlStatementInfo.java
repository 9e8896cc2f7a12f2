package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The column Info of MySQL's QUERY events: the database to use, the statement, and since 8.0 the
 * transaction number of statements that define something. Stateless.
 */
final class MySqlStatementInfo {
  private static final int FIXED = 13;
  private static final int SUPPRESS_USE = 0x0008;

  /** The variable with the transaction number, and how long those with smaller numbers are. */
  private static final int DDL_XID = 17;

  private static final int[] LENGTHS = {
    4, 8, 0, 4, 6, 0, 0, 2, 2, 8, 4, 0, 0, 3, 4, 4, 1, 8, 2, 1, 1
  };

  private static final int CATALOG_WITH_END = 2;
  private static final int TIME_ZONE = 5;
  private static final int CATALOG = 6;
  private static final int INVOKER = 11;
  private static final int DATABASES = 12;
  private static final int TOO_MANY_DATABASES = 254;

  private MySqlStatementInfo() {}

  static byte[] of(ByteBuf event, int end) {
    int body = EventHeader.SIZE;
    int database = event.getUnsignedByte(body + 8);
    int variables = event.getUnsignedShortLE(body + 11);
    int name = body + FIXED + variables;
    int sql = name + database + 1;
    if (sql > end) {
      throw new BinlogFormatException(
          "statement: begins at " + sql + " (expected: below " + end + ")");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (database > 0 && (EventHeader.flags(event, 0) & SUPPRESS_USE) == 0) {
      add(out, "use `");
      add(out, event.toString(name, database, StandardCharsets.UTF_8).replace("`", "``"));
      add(out, "`; ");
    }
    out.writeBytes(ByteBufUtil.getBytes(event, sql, end - sql));
    int xid = find(event, body + FIXED, name);
    if (xid >= 0) {
      add(out, " /* xid=" + Long.toUnsignedString(event.getLongLE(xid)) + " */");
    }
    return out.toByteArray();
  }

  private static void add(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Where the transaction number stands, or -1: variables that are not known end the search. */
  private static int find(ByteBuf event, int from, int end) {
    int at = from;
    while (at < end) {
      int code = event.getUnsignedByte(at);
      at++;
      if (code == DDL_XID) {
        return at + 8 <= end ? at : -1;
      }
      if (code >= LENGTHS.length || at >= end) {
        return -1;
      }
      at += length(event, at, code, end);
    }
    return -1;
  }

  private static int length(ByteBuf event, int at, int code, int end) {
    return switch (code) {
      case CATALOG_WITH_END -> event.getUnsignedByte(at) + 2;
      case TIME_ZONE, CATALOG -> event.getUnsignedByte(at) + 1;
      case INVOKER -> {
        int user = event.getUnsignedByte(at) + 1;
        yield at + user < end ? user + event.getUnsignedByte(at + user) + 1 : user;
      }
      case DATABASES -> databases(event, at, end);
      default -> LENGTHS[code];
    };
  }

  /** A count, then names that end with a zero. */
  private static int databases(ByteBuf event, int at, int end) {
    int count = event.getUnsignedByte(at);
    int next = at + 1;
    for (int i = 0; count != TOO_MANY_DATABASES && i < count && next < end; i++) {
      int zero = event.indexOf(next, end, (byte) 0);
      next = zero < 0 ? end : zero + 1;
    }
    return next - at;
  }
}
