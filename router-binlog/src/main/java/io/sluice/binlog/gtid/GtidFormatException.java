package io.sluice.binlog.gtid;

/**
 * A GTID text that a server would refuse; carries the server's error code. No stack trace, because
 * a peer can cause it.
 */
public final class GtidFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** ER_INCORRECT_GTID_STATE. */
  public static final int INCORRECT_STATE = 1941;

  /** ER_MALFORMED_GTID_SET_SPECIFICATION of MySQL. */
  public static final int MALFORMED_SET = 1772;

  /** ER_MALFORMED_GTID_SET_ENCODING of MySQL. */
  public static final int MALFORMED_ENCODING = 1773;

  /** ER_DUPLICATE_GTID_DOMAIN. */
  public static final int DUPLICATE_DOMAIN = 1943;

  private final int errorCode;

  GtidFormatException(int errorCode, String message) {
    super(message, null, false, Boolean.getBoolean("sluice.debug.stacktraces"));
    this.errorCode = errorCode;
  }

  /**
   * The error code that the server sends, with SQLSTATE HY000. The message is the server's text.
   */
  public int errorCode() {
    return errorCode;
  }
}
