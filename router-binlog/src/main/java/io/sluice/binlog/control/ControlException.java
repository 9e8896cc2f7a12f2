package io.sluice.binlog.control;

/**
 * An order that was refused, in the words of a server. No stack trace: whoever gives orders can
 * cause it.
 */
public final class ControlException extends RuntimeException {
  /** The state of most errors. */
  public static final String GENERAL_STATE = "HY000";

  /** CHANGE MASTER while the link runs. */
  public static final int RUNNING = 1198;

  /** START without a master. */
  public static final int NOT_CONFIGURED = 1200;

  /** A wrong value. */
  public static final int WRONG_ARGUMENTS = 1210;

  /** Something that this relay cannot do. */
  public static final int NOT_SUPPORTED = 1235;

  /** Options that do not go together. */
  public static final int WRONG_USAGE = 1221;

  /** A heartbeat period out of range. */
  public static final int HEARTBEAT_RANGE = 1624;

  /** A position that would make a gap. */
  public static final int POSITION_CONFLICT = 1947;

  /** PURGE TO a file that is not there. */
  public static final int UNKNOWN_FILE = 1373;

  /** The data directory cannot be written. */
  public static final int CANNOT_KEEP = 1201;

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String sqlState;

  /**
   * Makes a refusal.
   *
   * @param code the server's number
   * @param sqlState five characters
   * @param message what was wrong; never a secret
   */
  public ControlException(int code, String sqlState, String message) {
    super(message, null, false, false);
    this.code = code;
    this.sqlState = sqlState;
  }

  /** A refusal with {@link #GENERAL_STATE}. */
  static ControlException of(int code, String message) {
    return new ControlException(code, GENERAL_STATE, message);
  }

  /** The server's number. */
  public int code() {
    return code;
  }

  /** Five characters. */
  public String sqlState() {
    return sqlState;
  }
}
