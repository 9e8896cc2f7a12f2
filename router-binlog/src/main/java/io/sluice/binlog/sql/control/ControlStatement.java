package io.sluice.binlog.sql.control;

import io.sluice.binlog.control.MasterChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that change something. Immutable. */
public sealed interface ControlStatement {

  /** The closed set of kinds. */
  enum Kind {
    /** See {@link ChangeMaster}. */
    CHANGE_MASTER,
    /** See {@link StartSlave}. */
    START_SLAVE,
    /** See {@link StopSlave}. */
    STOP_SLAVE,
    /** See {@link ResetSlave}. */
    RESET_SLAVE,
    /** See {@link ResetMaster}. */
    RESET_MASTER,
    /** See {@link PurgeTo}. */
    PURGE_TO,
    /** See {@link PurgeBefore}. */
    PURGE_BEFORE,
    /** See {@link Flush}. */
    FLUSH,
    /** See {@link Kill}. */
    KILL
  }

  /** Which of the records this is. */
  Kind kind();

  /**
   * CHANGE MASTER TO.
   *
   * @param connection the connection's name, empty for the one that has none
   * @param change the options; its text hides the password
   * @param unsupported an option that the relay cannot honour, null for none
   * @param namesUser whether it has MySQL's options for user or password
   */
  record ChangeMaster(
      String connection, MasterChange change, @Nullable String unsupported, boolean namesUser)
      implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.CHANGE_MASTER;
    }
  }

  /** Which of a replica's two threads a statement means. */
  enum Threads {
    /** Both. */
    ALL,
    /** The one that receives. */
    IO,
    /** The one that applies. */
    SQL
  }

  /**
   * START SLAVE.
   *
   * @param connection the connection's name, empty for the one that has none
   * @param every START ALL SLAVES
   * @param threads which threads
   * @param until whether it has an UNTIL
   */
  record StartSlave(String connection, boolean every, Threads threads, boolean until)
      implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.START_SLAVE;
    }
  }

  /**
   * STOP SLAVE.
   *
   * @param connection the connection's name, empty for the one that has none
   * @param every STOP ALL SLAVES
   * @param threads which threads
   */
  record StopSlave(String connection, boolean every, Threads threads) implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.STOP_SLAVE;
    }
  }

  /**
   * RESET SLAVE.
   *
   * @param connection the connection's name, empty for the one that has none
   * @param all RESET SLAVE ALL
   */
  record ResetSlave(String connection, boolean all) implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.RESET_SLAVE;
    }
  }

  /** RESET MASTER. */
  record ResetMaster() implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.RESET_MASTER;
    }
  }

  /**
   * PURGE BINARY LOGS TO.
   *
   * @param file the first that stays
   */
  record PurgeTo(String file) implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.PURGE_TO;
    }
  }

  /**
   * PURGE BINARY LOGS BEFORE.
   *
   * @param time the moment
   */
  record PurgeBefore(PurgeTime time) implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.PURGE_BEFORE;
    }
  }

  /**
   * FLUSH.
   *
   * @param things in upper case
   */
  record Flush(List<String> things) implements ControlStatement {
    /** Copies the list. */
    public Flush {
      things = List.copyOf(things);
    }

    @Override
    public Kind kind() {
      return Kind.FLUSH;
    }
  }

  /**
   * KILL.
   *
   * @param id the connection
   * @param connection whether the connection ends, not only its statement
   */
  record Kill(long id, boolean connection) implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.KILL;
    }
  }
}
