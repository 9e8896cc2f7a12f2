package io.sluice.readwrite;

import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementFlag;
import io.sluice.mysql.sql.StatementKind;
import io.sluice.readwrite.RoutingDecision.Reason;
import io.sluice.readwrite.RoutingDecision.Target;
import org.jspecify.annotations.Nullable;

/** Decides where a request goes. Looks only; what follows from it is the session's business. */
final class RoutingRules {

  private RoutingRules() {}

  /**
   * Decides.
   *
   * @param request what is known of the request
   * @param whole whether all of it is here
   * @param state the state of the session
   * @param prepared the prepared statement that it is about; null when there is none
   */
  static RoutingDecision decide(
      MySqlRequest request, boolean whole, SessionState state, @Nullable Prepared prepared) {
    return switch (request.command()) {
      case PROCESS_KILL, CHANGE_USER -> new RoutingDecision(Target.REFUSE, Reason.NOT_SUPPORTED);
      case QUERY -> query(request.statement(), whole, state);
      case INIT_DB, SET_OPTION, PING, RESET_CONNECTION ->
          new RoutingDecision(Target.ALL, Reason.SESSION_STATE);
      case STMT_PREPARE -> prepare(request.statement(), whole, state);
      case STMT_EXECUTE, STMT_BULK_EXECUTE, STMT_SEND_LONG_DATA, STMT_FETCH, STMT_RESET ->
          prepared == null
              ? new RoutingDecision(Target.REFUSE, Reason.UNKNOWN_STATEMENT)
              : statement(request, whole, state, prepared);
      default -> RoutingDecision.master(Reason.WRITE);
    };
  }

  private static RoutingDecision query(
      @Nullable Statement statement, boolean whole, SessionState state) {
    if (statement == null || !whole) {
      return RoutingDecision.master(Reason.STREAMED);
    }
    if (statement.kind() == StatementKind.KILL) {
      return new RoutingDecision(Target.REFUSE, Reason.NOT_SUPPORTED);
    }
    if (state.isPinned()) {
      return RoutingDecision.master(Reason.PINNED);
    }
    return switch (statement.kind()) {
      case READ -> read(statement, state);
      case SESSION, AUTOCOMMIT_OFF, AUTOCOMMIT_ON ->
          state.areVariablesUncertain() && statement.has(StatementFlag.USER_VARIABLE)
              ? RoutingDecision.master(Reason.USER_VARIABLE)
              : new RoutingDecision(Target.ALL, Reason.SESSION_STATE);
      case TRANSACTION_BEGIN, TRANSACTION_END -> RoutingDecision.master(Reason.TRANSACTION);
      case PREPARE -> textPrepare(statement.prepared());
      case DEALLOCATE -> textPrepare(state.textPrepared(statement.preparedName()));
      case EXECUTE -> textExecute(statement, state);
      case WRITE, EMPTY ->
          statement.has(StatementFlag.PREVIOUS_STATEMENT)
              ? new RoutingDecision(Target.PREVIOUS, Reason.PREVIOUS_STATEMENT)
              : RoutingDecision.master(Reason.WRITE);
      case KILL -> new RoutingDecision(Target.REFUSE, Reason.NOT_SUPPORTED);
    };
  }

  private static RoutingDecision read(Statement statement, SessionState state) {
    if (state.isPinned()) {
      return RoutingDecision.master(Reason.PINNED);
    }
    if (state.isInTransaction()) {
      return RoutingDecision.master(Reason.TRANSACTION);
    }
    if (!state.isAutocommit()) {
      return RoutingDecision.master(Reason.AUTOCOMMIT_OFF);
    }
    if (state.areTablesLocked()) {
      return RoutingDecision.master(Reason.TABLES_LOCKED);
    }
    if (state.areVariablesUncertain() && statement.has(StatementFlag.USER_VARIABLE)) {
      return RoutingDecision.master(Reason.USER_VARIABLE);
    }
    return new RoutingDecision(Target.REPLICA, Reason.READ);
  }

  /** Only what can run elsewhere has to be known elsewhere. */
  private static RoutingDecision textPrepare(@Nullable Statement prepared) {
    return prepared != null && prepared.isRead()
        ? new RoutingDecision(Target.ALL, Reason.SESSION_STATE)
        : RoutingDecision.master(Reason.WRITE);
  }

  private static RoutingDecision textExecute(Statement execute, SessionState state) {
    Statement prepared = state.textPrepared(execute.preparedName());
    if (prepared == null || !prepared.isRead()) {
      return RoutingDecision.master(Reason.WRITE);
    }
    boolean variables =
        execute.has(StatementFlag.USER_VARIABLE) || prepared.has(StatementFlag.USER_VARIABLE);
    return read(
        variables ? Statement.of(StatementKind.READ, StatementFlag.USER_VARIABLE) : prepared,
        state);
  }

  private static RoutingDecision prepare(
      @Nullable Statement statement, boolean whole, SessionState state) {
    if (statement == null || !whole) {
      return RoutingDecision.master(Reason.STREAMED);
    }
    if (statement.kind() == StatementKind.KILL) {
      return new RoutingDecision(Target.REFUSE, Reason.NOT_SUPPORTED);
    }
    if (state.isPinned()) {
      return RoutingDecision.master(Reason.PINNED);
    }
    return statement.isRead()
        ? new RoutingDecision(Target.ALL, Reason.SESSION_STATE)
        : RoutingDecision.master(Reason.WRITE);
  }

  private static RoutingDecision statement(
      MySqlRequest request, boolean whole, SessionState state, Prepared prepared) {
    return switch (request.command()) {
      case STMT_EXECUTE -> {
        if (!whole) {
          yield RoutingDecision.master(Reason.STREAMED);
        }
        if (prepared.hasLongData()) {
          yield RoutingDecision.master(Reason.STATEMENT_STATE);
        }
        yield prepared.isEverywhere()
            ? read(prepared.statement(), state)
            : RoutingDecision.master(Reason.WRITE);
      }
      case STMT_FETCH -> new RoutingDecision(Target.CURSOR, Reason.STATEMENT_STATE);
      case STMT_RESET -> new RoutingDecision(Target.ALL, Reason.STATEMENT_STATE);
      default -> RoutingDecision.master(Reason.STATEMENT_STATE);
    };
  }
}
