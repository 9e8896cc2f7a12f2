package io.sluice.mysql.constant;

/** The bits of the status word in OK and EOF packets. */
public final class ServerStatus {

  /** A transaction is open. */
  public static final int IN_TRANSACTION = 0x0001;

  /** Autocommit is on. */
  public static final int AUTOCOMMIT = 0x0002;

  /** Another result follows in the same answer. */
  public static final int MORE_RESULTS = 0x0008;

  /** A hint on the statement's plan. */
  public static final int NO_GOOD_INDEX_USED = 0x0010;

  /** A hint on the statement's plan. */
  public static final int NO_INDEX_USED = 0x0020;

  /** A cursor was opened: the rows are fetched later. */
  public static final int CURSOR_EXISTS = 0x0040;

  /** The cursor has no more rows. */
  public static final int LAST_ROW_SENT = 0x0080;

  /** A database was dropped. */
  public static final int DB_DROPPED = 0x0100;

  /** Backslashes are plain characters in strings. */
  public static final int NO_BACKSLASH_ESCAPES = 0x0200;

  /** A prepared statement has other columns than before. */
  public static final int METADATA_CHANGED = 0x0400;

  /** The statement counts as slow. */
  public static final int QUERY_WAS_SLOW = 0x0800;

  /** The result set holds output parameters. */
  public static final int PS_OUT_PARAMS = 0x1000;

  /** The open transaction is read only. */
  public static final int IN_READ_ONLY_TRANSACTION = 0x2000;

  /** The OK packet tells changes of the session's state. */
  public static final int SESSION_STATE_CHANGED = 0x4000;

  private ServerStatus() {}
}
