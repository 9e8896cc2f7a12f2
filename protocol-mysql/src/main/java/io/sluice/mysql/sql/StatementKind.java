package io.sluice.mysql.sql;

/** What a statement does, as far as choosing a server goes. */
public enum StatementKind {
  /** Changes nothing and answers the same on each server with the same data. */
  READ,
  /**
   * Changes data, or must run on the master for another reason; also all that is not understood.
   */
  WRITE,
  /** Changes the state of its connection, so that each connection of a session needs it. */
  SESSION,
  /** Begins a transaction. */
  TRANSACTION_BEGIN,
  /** Ends a transaction. */
  TRANSACTION_END,
  /** Sets {@code autocommit} to off; may set more as {@link #SESSION} does. */
  AUTOCOMMIT_OFF,
  /** Sets {@code autocommit} to on; may set more as {@link #SESSION} does. */
  AUTOCOMMIT_ON,
  /**
   * Text {@code PREPARE}: {@link Statement#preparedName} and {@link Statement#prepared} tell more.
   */
  PREPARE,
  /** Text {@code EXECUTE} of {@link Statement#preparedName}. */
  EXECUTE,
  /** Text {@code DEALLOCATE PREPARE} of {@link Statement#preparedName}. */
  DEALLOCATE,
  /** {@code KILL}: names a connection of one server. */
  KILL,
  /** No statement at all: blanks and comments. */
  EMPTY
}
