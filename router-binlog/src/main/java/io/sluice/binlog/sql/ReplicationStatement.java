package io.sluice.binlog.sql;

import io.sluice.binlog.sql.control.ControlStatement;
import io.sluice.binlog.sql.show.ShowStatement;
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
    /** See {@link Control}. */
    CONTROL,
    /** See {@link UseDatabase}. */
    USE_DATABASE,
    /** See {@link Transaction}. */
    TRANSACTION,
    /** See {@link Nothing}. */
    NOTHING
  }

  /** Which of the records this is. */
  Kind kind();

  /**
   * SELECT without a table, or DO.
   *
   * @param items the columns
   * @param where the condition; null for none
   * @param limited whether LIMIT 0 leaves no row
   * @param silent whether the values are not shown, as those of DO
   */
  record Select(List<Item> items, @Nullable Expression where, boolean limited, boolean silent)
      implements ReplicationStatement {
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

  /** What is set. */
  enum Target {
    /** A user variable. */
    USER,
    /** A system variable of the session. */
    SESSION,
    /** A global system variable. */
    GLOBAL,
    /** SET NAMES: character set and collation. */
    NAMES,
    /** SET CHARACTER SET. */
    CHARACTER_SET
  }

  /**
   * One assignment.
   *
   * @param target what is set
   * @param name in lower case; of NAMES the collation, or empty
   * @param value what it gets
   */
  record Assignment(Target target, String name, Expression value) {}

  /**
   * SHOW.
   *
   * @param show what is to be shown
   * @param warnings of words that are to be taken out
   */
  record Show(ShowStatement show, List<Diagnostics.Condition> warnings)
      implements ReplicationStatement {
    /** Copies the list. */
    public Show {
      warnings = List.copyOf(warnings);
    }

    @Override
    public Kind kind() {
      return Kind.SHOW;
    }
  }

  /**
   * A statement that changes something.
   *
   * @param control what is to be done
   * @param warnings of words that are to be taken out
   */
  record Control(ControlStatement control, List<Diagnostics.Condition> warnings)
      implements ReplicationStatement {
    /** Copies the list. */
    public Control {
      warnings = List.copyOf(warnings);
    }

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

  /**
   * Begin or end of a transaction, which has nothing to do but shows in the session's state.
   *
   * @param begins whether one begins
   */
  record Transaction(boolean begins) implements ReplicationStatement {
    @Override
    public Kind kind() {
      return Kind.TRANSACTION;
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
