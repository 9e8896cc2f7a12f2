package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What a relay must know of QUERY events (2): whether they begin or end a transaction. All methods
 * look only at bytes inside the given length, allocate nothing and answer false for anything
 * malformed. Stateless.
 */
public final class QueryEvents {
  private static final int FIXED = 13;
  private static final byte[] BEGIN = "BEGIN".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] XA_START = "XA START".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMMIT = "\0COMMIT".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ROLLBACK = "\0ROLLBACK".getBytes(StandardCharsets.US_ASCII);

  private QueryEvents() {}

  /** Tells whether the statement is BEGIN. */
  public static boolean isBegin(ByteBuf buf, int index, int length, boolean checksums) {
    int end = end(index, length, checksums);
    int sql = sqlStart(buf, index, end);
    return sql >= 0 && end - sql == BEGIN.length && matches(buf, sql, BEGIN);
  }

  /** Tells whether the statement opens a distributed transaction. */
  public static boolean isXaStart(ByteBuf buf, int index, int length, boolean checksums) {
    int end = end(index, length, checksums);
    int sql = sqlStart(buf, index, end);
    return sql >= 0 && end - sql >= XA_START.length && matches(buf, sql, XA_START);
  }

  /** Tells whether the statement is COMMIT or ROLLBACK (and not ROLLBACK TO). */
  public static boolean isCommitOrRollback(ByteBuf buf, int index, int length, boolean checksums) {
    int end = end(index, length, checksums);
    return endsWith(buf, index, end, COMMIT) || endsWith(buf, index, end, ROLLBACK);
  }

  /**
   * The same for MySQL, which looks at the beginning of ROLLBACK only: a comment of the server may
   * follow.
   */
  public static boolean isMySqlCommitOrRollback(
      ByteBuf buf, int index, int length, boolean checksums) {
    int end = end(index, length, checksums);
    int sql = sqlStart(buf, index, end);
    if (sql < 0) {
      return false;
    }
    int size = end - sql;
    return (size == COMMIT.length - 1
            && buf.getByte(sql) == 'C'
            && endsWith(buf, index, end, COMMIT))
        || (startsWith(buf, sql, size, "ROLLBACK") && !startsWith(buf, sql, size, "ROLLBACK TO "));
  }

  private static boolean startsWith(ByteBuf buf, int at, int size, String upperCase) {
    if (size < upperCase.length()) {
      return false;
    }
    for (int i = 0; i < upperCase.length(); i++) {
      if (Character.toUpperCase((char) buf.getUnsignedByte(at + i)) != upperCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Tells whether the statement is ROLLBACK. */
  public static boolean isRollback(ByteBuf buf, int index, int length, boolean checksums) {
    return endsWith(buf, index, end(index, length, checksums), ROLLBACK);
  }

  private static int end(int index, int length, boolean checksums) {
    return index + length - (checksums ? EventChecksum.LENGTH : 0);
  }

  private static int sqlStart(ByteBuf buf, int index, int end) {
    int body = index + EventHeader.SIZE;
    if (body + FIXED > end || end > buf.writerIndex()) {
      return -1;
    }
    int db = buf.getUnsignedByte(body + 8);
    int variables = buf.getUnsignedShortLE(body + 11);
    int sql = body + FIXED + variables + db + 1;
    return sql <= end ? sql : -1;
  }

  private static boolean endsWith(ByteBuf buf, int index, int end, byte[] suffix) {
    return end <= buf.writerIndex()
        && end - suffix.length >= index + EventHeader.SIZE + FIXED
        && matches(buf, end - suffix.length, suffix);
  }

  private static boolean matches(ByteBuf buf, int at, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (buf.getByte(at + i) != text[i]) {
        return false;
      }
    }
    return true;
  }
}
