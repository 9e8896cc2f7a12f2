package io.sluice.readwrite;

import static java.util.Objects.requireNonNull;

/**
 * Where a request goes and why. Immutable.
 *
 * @param target where
 * @param reason why
 */
record RoutingDecision(Target target, Reason reason) {

  /** Where requests can go. */
  enum Target {
    /** The server that takes changes. */
    MASTER,
    /** One of those that answer reads; the master if there is none. */
    REPLICA,
    /** Every open connection; one answer is passed on. */
    ALL,
    /** The connection that answered last. */
    PREVIOUS,
    /** The connection that holds the statement's cursor. */
    CURSOR,
    /** Nowhere: the client gets an error. */
    REFUSE
  }

  /** Why a request goes where it goes. */
  enum Reason {
    /** A read outside of a transaction. */
    READ,
    /** Changes data or is not understood. */
    WRITE,
    /** A transaction is open, or begins or ends. */
    TRANSACTION,
    /** Autocommit is off: every statement belongs to a transaction. */
    AUTOCOMMIT_OFF,
    /** The session sticks to the master. */
    PINNED,
    /** Tables are locked on the master. */
    TABLES_LOCKED,
    /** The user variables that it mentions exist on the master only. */
    USER_VARIABLE,
    /** It is not here as a whole. */
    STREAMED,
    /** Changes the state of the session. */
    SESSION_STATE,
    /** Is about the statement before it. */
    PREVIOUS_STATEMENT,
    /** Needs the connection where the statement's data or cursor is. */
    STATEMENT_STATE,
    /** No server can do it on behalf of this client. */
    NOT_SUPPORTED,
    /** The client names a prepared statement that does not exist. */
    UNKNOWN_STATEMENT
  }

  RoutingDecision {
    requireNonNull(target, "target");
    requireNonNull(reason, "reason");
  }

  static RoutingDecision master(Reason reason) {
    return new RoutingDecision(Target.MASTER, reason);
  }
}
