package io.sluice.testkit.server;

import java.sql.SQLException;

/** A statement or a login that failed; keeps the server's error number and SQL state. */
public final class SqlFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errorCode;
  private final String sqlState;

  SqlFailure(String message, SQLException cause) {
    super(message + ": " + cause.getMessage(), cause);
    this.errorCode = cause.getErrorCode();
    this.sqlState = cause.getSQLState() == null ? "" : cause.getSQLState();
  }

  /** The server's error number, 0 when the failure is the driver's own. */
  public int errorCode() {
    return errorCode;
  }

  /** The five characters of the SQL state, or an empty text. */
  public String sqlState() {
    return sqlState;
  }
}
