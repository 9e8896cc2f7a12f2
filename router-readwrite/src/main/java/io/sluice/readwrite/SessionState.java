package io.sluice.readwrite;

import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementFlag;
import io.sluice.mysql.sql.StatementKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the router knows of the state of one client's session. Confined to its event loop. */
final class SessionState {

  /** A statement that may be anything, such as one that is prepared from a variable. */
  static final Statement UNKNOWN =
      Statement.of(StatementKind.WRITE, StatementFlag.CALL, StatementFlag.PINS_CONNECTION);

  private boolean inTransaction;
  private boolean autocommit = true;
  private boolean pinned;
  private boolean tablesLocked;
  private boolean variablesUncertain;
  private boolean variablesOnMaster;
  private final Map<String, Statement> textPrepared = new HashMap<>();

  boolean isInTransaction() {
    return inTransaction;
  }

  boolean isAutocommit() {
    return autocommit;
  }

  /** Whether the session sticks to the connection that it has with its master. */
  boolean isPinned() {
    return pinned;
  }

  boolean areTablesLocked() {
    return tablesLocked;
  }

  /** Whether a user variable may have another value on the master than elsewhere. */
  boolean areVariablesUncertain() {
    return variablesUncertain || variablesOnMaster;
  }

  /** What a text prepared statement does; null for one that is not known. */
  @Nullable Statement textPrepared(@Nullable String name) {
    return name == null ? null : textPrepared.get(name);
  }

  /** Whether another connection with a master could take the place of the present one. */
  boolean isMovable() {
    return !inTransaction && !pinned && !tablesLocked && !variablesOnMaster;
  }

  /** What the last status word of a server said. */
  void status(boolean transaction, boolean commitsItself, boolean fromMaster) {
    autocommit = commitsItself;
    if (fromMaster) {
      inTransaction = transaction;
    }
  }

  void pin() {
    pinned = true;
  }

  /** The connection with the master is gone and its transaction with it. */
  void masterLost() {
    inTransaction = false;
  }

  /** Notes what a statement does to the session, before its answer is known. */
  void routed(Statement statement, boolean everywhere) {
    if (statement.has(StatementFlag.PINS_CONNECTION)) {
      pinned = true;
    }
    if (statement.has(StatementFlag.CALL) || statement.has(StatementFlag.UNKNOWN_FUNCTION)) {
      variablesUncertain = true;
    }
    if (!everywhere) {
      boolean mayWrite =
          statement.has(StatementFlag.USER_VARIABLE_WRITE)
              || (statement.has(StatementFlag.CALL) && statement.has(StatementFlag.USER_VARIABLE));
      variablesOnMaster |= mayWrite;
    }
  }

  /** Notes what a statement did, after it worked. */
  void succeeded(Statement statement) {
    if (statement.has(StatementFlag.LOCK_TABLES)) {
      tablesLocked = true;
    } else if (statement.has(StatementFlag.UNLOCK_TABLES)) {
      tablesLocked = false;
    }
    String name = statement.preparedName();
    if (name == null) {
      return;
    }
    if (statement.kind() == StatementKind.PREPARE) {
      Statement prepared = statement.prepared();
      textPrepared.put(name, prepared == null ? UNKNOWN : prepared);
    } else if (statement.kind() == StatementKind.DEALLOCATE) {
      textPrepared.remove(name);
    }
  }

  /** The connections are as fresh as after the login. */
  void reset() {
    inTransaction = false;
    autocommit = true;
    pinned = false;
    tablesLocked = false;
    variablesUncertain = false;
    variablesOnMaster = false;
    textPrepared.clear();
  }
}
