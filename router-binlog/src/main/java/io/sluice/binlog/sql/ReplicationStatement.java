package io.sluice.binlog.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that the relay understands. Immutable. */
public sealed interface ReplicationStatement {

  /** The closed set of kinds. */
  enum Kind {
    /** See {@link Select}. */
    SELECT,
    /** See {@link Set}. */
    SET,
    /** See {@link Show}. */
    SHOW,
    /** See {@link Kill}. */
    KILL,
    /** See {@link UseDatabase}. */
    USE_DATABASE,
    /** See {@link Nothing}. */
    NOTHING
  }

  /** Which of the records this is. */
  Kind kind();

  /**
   * SELECT without a table.
   *
   * @param items the columns
   * @param limited whether LIMIT 0 leaves no row
   */
  record Select(List<Item> items, boolean limited) implements ReplicationStatement {
    /** Copies the list. */
    public Select {
      items = List.copyOf(items);
    }

    @Override
    public Kind kind() {
      return Kind.SELECT;
    }
  }

  /**
   * A column of a SELECT.
   *
   * @param label its alias, or its text as it was typed
   * @param expression what it is
   */
  record Item(String label, Expression expression) {}

  /**
   * SET of variables.
   *
   * @param assignments in order
   */
  record Set(List<Assignment> assignments) implements ReplicationStatement {
    /** Copies the list. */
    public Set {
      assignments = List.copyOf(assignments);
    }

    @Override
    public Kind kind() {
      return Kind.SET;
    }
  }

  /**
   * One assignment.
   *
   * @param user whether it is a user variable
   * @param global whether it is a global system variable
   * @param name in lower case
   * @param value what it gets
   */
  record Assignment(boolean user, boolean global, String name, Expression value) {}

  /** What SHOW can show. */
  enum Subject {
    /** SHOW GLOBAL VARIABLES. */
    GLOBAL_VARIABLES,
    /** SHOW SESSION VARIABLES. */
    SESSION_VARIABLES,
    /** SHOW STATUS. */
    STATUS,
    /** SHOW MASTER STATUS, SHOW BINLOG STATUS. */
    MASTER_STATUS,
    /** SHOW BINARY LOGS. */
    BINARY_LOGS,
    /** SHOW SLAVE STATUS. */
    SLAVE_STATUS,
    /** SHOW ALL SLAVES STATUS. */
    ALL_SLAVES_STATUS,
    /** SHOW SLAVE HOSTS. */
    SLAVE_HOSTS,
    /** SHOW PROCESSLIST. */
    PROCESSLIST,
    /** SHOW WARNINGS, SHOW ERRORS. */
    WARNINGS,
    /** SHOW DATABASES. */
    DATABASES
  }

  /**
   * SHOW.
   *
   * @param subject what
   * @param filter on the first column, for variables and status; null for all
   */
  record Show(Subject subject, @Nullable NameFilter filter) implements ReplicationStatement {
    @Override
    public Kind kind() {
      return Kind.SHOW;
    }
  }

  /**
   * KILL.
   *
   * @param id the connection
   * @param connection whether the connection ends, not only its statement
   */
  record Kill(long id, boolean connection) implements ReplicationStatement {
    @Override
    public Kind kind() {
      return Kind.KILL;
    }
  }

  /**
   * USE.
   *
   * @param database its name
   */
  record UseDatabase(String database) implements ReplicationStatement {
    @Override
    public Kind kind() {
      return Kind.USE_DATABASE;
    }
  }

  /** A statement that changes nothing where there is no data, such as COMMIT. */
  record Nothing() implements ReplicationStatement {
    @Override
    public Kind kind() {
      return Kind.NOTHING;
    }
  }
}
