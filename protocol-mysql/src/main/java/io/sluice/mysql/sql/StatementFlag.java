package io.sluice.mysql.sql;

/** More that is known of a statement. */
public enum StatementFlag {
  /** A read that locks rows: {@code FOR UPDATE}, {@code FOR SHARE}, {@code LOCK IN SHARE MODE}. */
  LOCKING_READ,
  /** A read whose result goes to a file or variable: {@code INTO}. */
  SELECT_INTO,
  /** Mentions a user variable. */
  USER_VARIABLE,
  /** Gives a value to a user variable. */
  USER_VARIABLE_WRITE,
  /** Uses a function whose result belongs to one connection, or to the master, or has an effect. */
  MASTER_FUNCTION,
  /** Calls something that is no known built-in function: it may do anything. */
  UNKNOWN_FUNCTION,
  /** Asks about the statement before it: warnings, found rows. */
  PREVIOUS_STATEMENT,
  /** Creates or drops a temporary table. */
  TEMPORARY_TABLE,
  /** Runs a stored procedure or a block of code. */
  CALL,
  /** Holds more than one statement. */
  MULTI_STATEMENT,
  /** Begins a transaction that only reads. */
  READ_ONLY,
  /** Ends a transaction and begins the next one. */
  CHAIN,
  /** Ends a transaction and the connection. */
  RELEASE,
  /** Locks tables for the connection. */
  LOCK_TABLES,
  /** Gives table locks back. */
  UNLOCK_TABLES,
  /**
   * Would have another effect on another server or at another time, such as {@code SET @a = f()}.
   */
  NOT_REPEATABLE,
  /** Leaves state on its connection that only this connection has. */
  PINS_CONNECTION,
  /** Asks the client for a file: {@code LOAD DATA LOCAL}. */
  LOAD_LOCAL;

  int bit() {
    return 1 << ordinal();
  }
}
