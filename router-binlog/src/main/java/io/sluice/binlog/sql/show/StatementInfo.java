package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.sql.PresentedVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The column Info of events that carry a statement. Stateless. */
final class StatementInfo {
  private static final int FIXED = 13;
  private static final int LOAD_FIXED = FIXED + 13;
  private static final int MAX_TEXT = 16 << 20;

  private static final int SUPPRESS_USE = 0x0008;
  private static final long AUTO_IS_NULL = 1L << 14;
  private static final long NO_FOREIGN_KEY_CHECKS = 1L << 26;
  private static final long RELAXED_UNIQUE_CHECKS = 1L << 27;
  private static final long NO_CHECK_CONSTRAINTS = 1L << 15;
  private static final long IF_EXISTS = 1L << 28;
  private static final long INSERT_HISTORY = 1L << 30;

  private StatementInfo() {}

  static byte[] of(ByteBuf event, int end, EventType type, PresentedVersion version) {
    boolean load = type == EventType.EXECUTE_LOAD_QUERY;
    int body = EventHeader.SIZE;
    int database = event.getUnsignedByte(body + 8);
    int variables = event.getUnsignedShortLE(body + 11);
    int from = body + (load ? LOAD_FIXED : FIXED);
    int name = from + variables;
    int sql = name + database + 1;
    if (sql > end) {
      throw new BinlogFormatException(
          "statement: begins at " + sql + " (expected: below " + end + ")");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean use = load || (EventHeader.flags(event, 0) & SUPPRESS_USE) == 0;
    if (use && database > 0) {
      add(out, "use `");
      add(out, event.toString(name, database, StandardCharsets.UTF_8).replace("`", "``"));
      add(out, "`; ");
    }
    if (!load && variables >= 5 && event.getByte(from) == 0) {
      add(out, flags(event.getUnsignedIntLE(from + 1), version));
    }
    if (type == EventType.QUERY_COMPRESSED) {
      out.writeBytes(inflate(ByteBufUtil.getBytes(event, sql, end - sql)));
    } else {
      out.writeBytes(ByteBufUtil.getBytes(event, sql, end - sql));
    }
    if (load) {
      add(out, " ;file_id=" + event.getUnsignedIntLE(body + FIXED));
    }
    return out.toByteArray();
  }

  private static void add(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The session's switches; servers before the spring of 2025 printed them the wrong way. */
  private static String flags(long flags, PresentedVersion version) {
    boolean fixed = isFixed(version);
    StringBuilder out = new StringBuilder();
    add(out, flags, NO_FOREIGN_KEY_CHECKS, fixed ? "foreign_key_checks=0" : "foreign_key_checks=1");
    add(out, flags, AUTO_IS_NULL, fixed ? "sql_auto_is_null=1" : "sql_auto_is_null");
    add(out, flags, RELAXED_UNIQUE_CHECKS, fixed ? "unique_checks=0" : "unique_checks=1");
    if (fixed) {
      add(out, flags, NO_CHECK_CONSTRAINTS, "check_constraint_checks=0");
    }
    add(out, flags, IF_EXISTS, "@@sql_if_exists=1");
    add(out, flags, INSERT_HISTORY, "@@system_versioning_insert_history=1");
    return out.length() == 0 ? "" : "set " + out + "; ";
  }

  private static void add(StringBuilder out, long flags, long flag, String text) {
    if ((flags & flag) != 0) {
      out.append(out.length() == 0 ? "" : ", ").append(text);
    }
  }

  private static boolean isFixed(PresentedVersion version) {
    if (version.major() == 10) {
      return version.minor() == 11
          ? version.patch() > 11
          : version.minor() == 6 && version.patch() > 21;
    }
    return version.minor() == 4 ? version.patch() > 5 : version.isAtLeast(11, 8);
  }

  /** A compressed text: a byte with the length of the length, the length, a zlib stream. */
  private static byte[] inflate(byte[] record) {
    int lengthBytes = record[0] & 0x07;
    long length = 0;
    for (int i = 1; i <= lengthBytes; i++) {
      length = length << 8 | (record[i] & 0xff);
    }
    if (length > MAX_TEXT) {
      throw new BinlogFormatException(
          "text length: " + length + " (expected: up to " + MAX_TEXT + ")");
    }
    byte[] out = new byte[(int) length];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(record, 1 + lengthBytes, record.length - 1 - lengthBytes);
      if (inflater.inflate(out) != out.length) {
        throw new BinlogFormatException(
            "compressed text: incomplete (expected: " + length + " bytes)");
      }
    } catch (DataFormatException e) {
      throw new BinlogFormatException("compressed text: " + e.getMessage() + " (expected: zlib)");
    } finally {
      inflater.end();
    }
    return out;
  }
}
