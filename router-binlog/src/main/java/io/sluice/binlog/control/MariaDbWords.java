package io.sluice.binlog.control;

import io.sluice.binlog.gtid.ServerFamily;
import org.jspecify.annotations.Nullable;

/**
 * Those of MariaDB. Immutable.
 *
 * @param known whether the master is known to be one
 */
record MariaDbWords(boolean known) implements ControlWords {

  @Override
  public @Nullable ServerFamily family() {
    return known ? ServerFamily.MARIADB : null;
  }

  @Override
  public ControlException running(Order order) {
    return ControlException.of(
        ControlException.RUNNING,
        "This operation cannot be performed as you have a running slave ''; run STOP SLAVE '' first");
  }

  @Override
  public ControlNote alreadyRunning() {
    return ControlNote.note(ControlNote.ALREADY_RUNNING, "Slave is already running");
  }

  @Override
  public ControlNote alreadyStopped() {
    return ControlNote.note(ControlNote.ALREADY_STOPPED, "Slave already has been stopped");
  }

  @Override
  public ControlException wrong(String option) {
    return ControlException.of(
        ControlException.WRONG_ARGUMENTS, "Incorrect arguments to MASTER_" + option);
  }

  @Override
  public ControlException coordinatesWithGtid() {
    return ControlException.of(
        ControlException.WRONG_USAGE, "Incorrect usage of MASTER_LOG_FILE and MASTER_USE_GTID");
  }

  @Override
  public ControlException purgedConflict() {
    return conflict(
        "gtid_purged cannot be changed: the relay has a log already, and another start would make a"
            + " gap");
  }

  @Override
  public ControlException conflict(String text) {
    return ControlException.of(ControlException.POSITION_CONFLICT, text);
  }
}
