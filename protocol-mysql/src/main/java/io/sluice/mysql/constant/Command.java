package io.sluice.mysql.constant;

/**
 * The commands of the protocol: the first byte of a client's request. Source: the command tables of
 * the public MariaDB and MySQL protocol references.
 */
public enum Command {
  /** Good-bye. Not answered. */
  QUIT(0x01),
  /** Changes the default database. */
  INIT_DB(0x02),
  /** A statement as text. */
  QUERY(0x03),
  /** The columns of a table. */
  FIELD_LIST(0x04),
  /** Old form of CREATE DATABASE. */
  CREATE_DB(0x05),
  /** Old form of DROP DATABASE. */
  DROP_DB(0x06),
  /** Flushes caches and logs. */
  REFRESH(0x07),
  /** Stops the server. */
  SHUTDOWN(0x08),
  /** One line of statistics as bare text. */
  STATISTICS(0x09),
  /** The process list. */
  PROCESS_INFO(0x0a),
  /** Internal to servers. */
  CONNECT(0x0b),
  /** Kills a connection. */
  PROCESS_KILL(0x0c),
  /** Dumps debug information to the server's log. */
  DEBUG(0x0d),
  /** Asks for a sign of life. */
  PING(0x0e),
  /** Internal to servers. */
  TIME(0x0f),
  /** Internal to servers. */
  DELAYED_INSERT(0x10),
  /** Logs in as somebody else on the same connection. */
  CHANGE_USER(0x11),
  /** Asks for the binary log from a file and position. */
  BINLOG_DUMP(0x12),
  /** Obsolete. */
  TABLE_DUMP(0x13),
  /** Internal to servers. */
  CONNECT_OUT(0x14),
  /** A replica introduces itself. */
  REGISTER_SLAVE(0x15),
  /** Prepares a statement. */
  STMT_PREPARE(0x16),
  /** Executes a prepared statement. */
  STMT_EXECUTE(0x17),
  /** A piece of a parameter. Not answered. */
  STMT_SEND_LONG_DATA(0x18),
  /** Forgets a prepared statement. Not answered. */
  STMT_CLOSE(0x19),
  /** Resets a prepared statement. */
  STMT_RESET(0x1a),
  /** Switches multi-statements on or off. */
  SET_OPTION(0x1b),
  /** Fetches rows of a cursor. */
  STMT_FETCH(0x1c),
  /** Internal to servers. */
  DAEMON(0x1d),
  /** Asks for the binary log after a set of MySQL GTIDs. */
  BINLOG_DUMP_GTID(0x1e),
  /** Makes the session as fresh as after the login. */
  RESET_CONNECTION(0x1f),
  /** MariaDB: executes a prepared statement with many rows of parameters. */
  STMT_BULK_EXECUTE(0xfa),
  /** Anything else; who needs the number keeps it beside. */
  UNKNOWN(-1);

  private static final Command[] BY_CODE = new Command[256];

  static {
    java.util.Arrays.fill(BY_CODE, UNKNOWN);
    for (Command command : values()) {
      if (command != UNKNOWN) {
        BY_CODE[command.code] = command;
      }
    }
  }

  private final int code;
  private final String label;

  Command(int code) {
    this.code = code;
    this.label = "COM_" + name();
  }

  /** The command with this number, {@link #UNKNOWN} when there is none. */
  public static Command of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
  }

  /** The number on the wire; -1 for {@link #UNKNOWN}. */
  public int code() {
    return code;
  }

  /** The name as in the manuals, such as {@code COM_QUERY}. */
  public String label() {
    return label;
  }

  /** Whether a server answers it. */
  public boolean expectsReply() {
    return this != QUIT && this != STMT_CLOSE && this != STMT_SEND_LONG_DATA;
  }

  /** Whether its answer is a stream of events without an end. */
  public boolean isDump() {
    return this == BINLOG_DUMP || this == BINLOG_DUMP_GTID;
  }
}
