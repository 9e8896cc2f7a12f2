package io.sluice.mysql.sql;

/** More that is known of a statement. */
public enum StatementFlag {
  /** A read that locks rows: {@code FOR UPDATE}, {@code FOR SHARE}, {@code LOCK IN SHARE MODE}. */
  LOCKING_READ(0),
  /** A read whose result goes to a file or variable: {@code INTO}. */
  SELECT_INTO(1),
  /** Mentions a user variable. */
  USER_VARIABLE(2),
  /** Gives a value to a user variable. */
  USER_VARIABLE_WRITE(3),
  /** Mentions a system variable outside of the target of an assignment. */
  SYSTEM_VARIABLE(4),
  /** Uses a function whose result belongs to one connection, or to the master, or has an effect. */
  MASTER_FUNCTION(5),
  /** Calls something that is no known built-in function: it may do anything. */
  UNKNOWN_FUNCTION(6),
  /** Asks about the statement before it: warnings, found rows. */
  PREVIOUS_STATEMENT(7),
  /** Creates or drops a temporary table. */
  TEMPORARY_TABLE(8),
  /** Runs a stored procedure or a block of code. */
  CALL(9),
  /** Holds more than one statement. */
  MULTI_STATEMENT(10),
  /** Begins a transaction that only reads. */
  READ_ONLY(11),
  /** Ends a transaction and begins the next one. */
  CHAIN(12),
  /** Ends a transaction and the connection. */
  RELEASE(13),
  /** Locks tables for the connection. */
  LOCK_TABLES(14),
  /** Gives table locks back. */
  UNLOCK_TABLES(15),
  /**
   * Would have another effect on another server or at another time, such as {@code SET @a = f()}.
   */
  NOT_REPEATABLE(16),
  /** Leaves state on its connection that only this connection has. */
  PINS_CONNECTION(17),
  /** Changes the default database. */
  DATABASE(18),
  /** Asks the client for a file: {@code LOAD DATA LOCAL}. */
  LOAD_LOCAL(19);

  private final int bit;

  StatementFlag(int position) {
    bit = 1 << position;
  }

  int bit() {
    return bit;
  }
}
