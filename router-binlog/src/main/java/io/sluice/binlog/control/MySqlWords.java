package io.sluice.binlog.control;

import io.sluice.binlog.gtid.ServerFamily;

/**
 * Those of MySQL. Immutable.
 *
 * @param version such as 80404 for 8.4.4
 */
record MySqlWords(int version) implements ControlWords {
  private static final int CHANNELS = 50_700;
  private static final int SOURCES = 80_026;
  private static final int ADDED_GTIDS = 80_000;
  private static final int PURGED_CANNOT_CHANGE = 3546;
  private static final int PURGED_NEEDS_EMPTY = 1840;
  private static final int IO_THREAD_MUST_STOP = 3021;
  private static final int THREADS_MUST_STOP = 3081;
  private static final int WAS_RUNNING = 3083;
  private static final int WAS_NOT_RUNNING = 3084;
  private static final int BAD_AUTO_POSITION = 1776;

  @Override
  public ServerFamily family() {
    return ServerFamily.MYSQL;
  }

  private boolean hasChannels() {
    return version >= CHANNELS;
  }

  private String master() {
    return version >= SOURCES ? "SOURCE" : "MASTER";
  }

  private String slave() {
    return version >= SOURCES ? "REPLICA" : "SLAVE";
  }

  @Override
  public ControlException running(Order order) {
    if (!hasChannels()) {
      return ControlException.of(
          ControlException.RUNNING,
          "This operation cannot be performed with a running slave; run STOP SLAVE first");
    }
    return order == Order.CHANGE
        ? ControlException.of(
            IO_THREAD_MUST_STOP,
            "This operation cannot be performed with a running "
                + (version >= SOURCES ? "replica" : "slave")
                + " io thread; run STOP "
                + slave()
                + " IO_THREAD FOR CHANNEL '' first.")
        : ControlException.of(
            THREADS_MUST_STOP,
            "This operation cannot be performed with running replication threads; run STOP "
                + slave()
                + " FOR CHANNEL '' first");
  }

  @Override
  public ControlNote alreadyRunning() {
    return hasChannels()
        ? ControlNote.note(
            WAS_RUNNING, "Replication thread(s) for channel '' are already runnning.")
        : ControlNote.note(ControlNote.ALREADY_RUNNING, "Slave is already running");
  }

  @Override
  public ControlNote alreadyStopped() {
    return hasChannels()
        ? ControlNote.note(
            WAS_NOT_RUNNING, "Replication thread(s) for channel '' are already stopped.")
        : ControlNote.note(ControlNote.ALREADY_STOPPED, "Slave already has been stopped");
  }

  @Override
  public ControlException wrong(String option) {
    return ControlException.of(
        ControlException.WRONG_ARGUMENTS, "Incorrect arguments to " + master() + "_" + option);
  }

  @Override
  public ControlException coordinatesWithGtid() {
    String master = master();
    return ControlException.of(
        BAD_AUTO_POSITION,
        "Parameters "
            + master
            + "_LOG_FILE, "
            + master
            + "_LOG_POS, RELAY_LOG_FILE and RELAY_LOG_POS cannot be set when "
            + master
            + "_AUTO_POSITION is active.");
  }

  @Override
  public ControlException purgedConflict() {
    return version >= ADDED_GTIDS
        ? ControlException.of(
            PURGED_CANNOT_CHANGE,
            "@@GLOBAL.GTID_PURGED cannot be changed: the relay has a log already, and another start"
                + " would make a gap")
        : ControlException.of(
            PURGED_NEEDS_EMPTY,
            "@@GLOBAL.GTID_PURGED can only be set when @@GLOBAL.GTID_EXECUTED is empty.");
  }

  @Override
  public ControlException conflict(String text) {
    return ControlException.of(ControlException.WRONG_ARGUMENTS, text);
  }
}
