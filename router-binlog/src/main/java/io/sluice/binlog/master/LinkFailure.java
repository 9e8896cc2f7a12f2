package io.sluice.binlog.master;

import io.sluice.binlog.store.WriterFailedException;
import io.sluice.binlog.store.WriterFailure;

/**
 * Why a connection to the master ended or could not be made. Immutable.
 *
 * @param kind what to do about it
 * @param code the error number that status shows as {@code Last_IO_Errno}
 * @param message the text that status shows as {@code Last_IO_Error}; never a secret
 */
public record LinkFailure(Kind kind, int code, String message) {

  /** What to do about a failure. */
  public enum Kind {
    /** May heal by itself: try again, with a growing pause. */
    TRANSIENT,
    /** Somebody has to change something, but no harm is done by asking again: the longest pause. */
    REFUSED,
    /** Our disk does not take what comes: try again until it does, the store tells the log. */
    STORAGE,
    /** Bytes that do not fit what is stored: fetch again, stop when the same comes three times. */
    MISMATCH,
    /** Trying again cannot help, or would mix two histories: stop. */
    FATAL
  }

  /** The client's number for a lost connection; what a replica shows when its master goes away. */
  public static final int CONNECTION_LOST = 2013;

  /** The client's number for a connection that cannot be made. */
  public static final int CANNOT_CONNECT = 2003;

  /** A replica's number for an event that cannot be stored. */
  public static final int RELAY_LOG_WRITE = 1595;

  /** A replica's number for "the I/O thread cannot go on". */
  public static final int FATAL_SLAVE_ERROR = 1593;

  /** A replica's number for a heartbeat that contradicts what was received. */
  public static final int HEARTBEAT = 1623;

  /** The master's number for a dump that cannot go on. */
  public static final int MASTER_FATAL = 1236;

  /** The client's number for a server whose name cannot be resolved. */
  public static final int UNKNOWN_HOST = 2005;

  /** The client's number for TLS that could not be agreed. */
  public static final int TLS = 2026;

  /**
   * A connection that could not be made, in the words of a replica.
   *
   * @param master where to
   * @param again whether there was one before
   */
  public static LinkFailure connecting(
      MasterConfig master, boolean again, Kind kind, int code, String message) {
    return new LinkFailure(
        kind,
        code,
        "error "
            + (again ? "reconnecting" : "connecting")
            + " to master '"
            + master.address()
            + "' - retry-time: "
            + Math.max(1, master.connectRetry().toSeconds())
            + "  maximum-retries: "
            + master.retryCount()
            + "  message: "
            + message);
  }

  /** What to do when the login is refused: a wrong password does not heal by itself. */
  static Kind ofLogin(int code) {
    return switch (code) {
      case 1045, 1698, 1820, 1862, 4151 -> Kind.FATAL;
      case TLS -> Kind.REFUSED;
      default -> ofMaster(code, "", false).kind();
    };
  }

  /** A store that cannot be written, or not be read where it ends. */
  static LinkFailure ofStore(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && !(root instanceof WriterFailedException)) {
      root = root.getCause();
    }
    boolean closed =
        root instanceof WriterFailedException failed
            && failed.failure().kind() == WriterFailure.Kind.CLOSED;
    return new LinkFailure(
        closed ? Kind.TRANSIENT : Kind.STORAGE, RELAY_LOG_WRITE, "store: " + root.getMessage());
  }

  /** A connection that broke. */
  public static LinkFailure lost(String message) {
    return new LinkFailure(Kind.TRANSIENT, CONNECTION_LOST, message);
  }

  /** Bytes that do not fit. */
  public static LinkFailure mismatch(String message) {
    return new LinkFailure(Kind.MISMATCH, RELAY_LOG_WRITE, message);
  }

  /** The master is not the one that our store comes from, or cannot be used at all. */
  public static LinkFailure fatal(String message) {
    return new LinkFailure(Kind.FATAL, FATAL_SLAVE_ERROR, message);
  }

  /**
   * An error packet of the master.
   *
   * @param streaming whether it came instead of the log
   */
  public static LinkFailure ofMaster(int code, String message, boolean streaming) {
    Kind kind =
        switch (code) {
          case MASTER_FATAL -> streaming ? Kind.FATAL : Kind.REFUSED;
          case 1041 -> Kind.REFUSED;
          case 1044, 1045, 1130, 1142, 1143, 1227, 1251, 1698, 1820, 1862, 3159, 4151 ->
              Kind.REFUSED;
          default -> Kind.TRANSIENT;
        };
    String text =
        code == MASTER_FATAL
            ? "Got fatal error 1236 from master when reading data from binary log: '"
                + message
                + "'"
            : message;
    return new LinkFailure(kind, code, text);
  }
}
