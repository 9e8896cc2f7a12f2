package io.sluice.binlog.sql;

import io.sluice.binlog.sql.control.ControlStatement;
import io.sluice.binlog.sql.show.ShowStatement;
import java.util.List;

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
    /** See {@link Control}. */
    CONTROL,
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

  /**
   * SHOW.
   *
   * @param show what is to be shown
   */
  record Show(ShowStatement show) implements ReplicationStatement {
    @Override
    public Kind kind() {
      return Kind.SHOW;
    }
  }

  /**
   * A statement that changes something.
   *
   * @param control what is to be done
   */
  record Control(ControlStatement control) implements ReplicationStatement {
    @Override
    public Kind kind() {
      return Kind.CONTROL;
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
