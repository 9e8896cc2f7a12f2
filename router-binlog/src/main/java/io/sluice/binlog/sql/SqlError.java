package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.ErrorCode;

/**
 * A statement that cannot be answered; carries what the client is told. No stack trace: clients
 * cause it.
 */
public final class SqlError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ReplyError error;

  /** With what the client is told. */
  public SqlError(ReplyError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  /** Not understood, from {@code near} on. */
  static SqlError syntax(PresentedVersion version, String near, int line) {
    String shown = near.length() > 80 ? near.substring(0, 80) : near;
    return new SqlError(
        ErrorCode.PARSE_ERROR.error(
            "You have an error in your SQL syntax; check the manual that corresponds to your "
                + version.family().label()
                + " server version for the right syntax to use near '"
                + shown
                + "' at line "
                + line));
  }

  /** Right SQL, but not for a relay. */
  public static SqlError unsupported(String what) {
    return new SqlError(
        ErrorCode.NOT_SUPPORTED.error(
            "This relay holds no data and doesn't support '" + what + "'"));
  }

  /** A collation of another character set. */
  static SqlError wrongCollation(String collation, String charset) {
    return new SqlError(
        new ReplyError(
            1253,
            "42000",
            "COLLATION '" + collation + "' is not valid for CHARACTER SET '" + charset + "'"));
  }

  /** No such system variable. */
  public static SqlError unknownVariable(String name) {
    return new SqlError(ErrorCode.UNKNOWN_VARIABLE.error("Unknown system variable '" + name + "'"));
  }

  /** The relay has one connection to a master, and it has no name. */
  public static SqlError unknownConnection(String name) {
    return new SqlError(
        new ReplyError(1617, "HY000", "There is no master connection '" + name + "'"));
  }

  /** What the client is told. */
  public ReplyError error() {
    return error;
  }
}
