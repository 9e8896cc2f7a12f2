package io.sluice.binlog.replica;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.ErrorCode;

/** The errors that end a dump, in a master's words: reference §3.6. Stateless. */
final class DumpErrors {
  static final String CHECKSUM_UNAWARE =
      "Slave can not handle replication events with the checksum that master is configured to log";
  static final String READ_FAILED = "I/O error reading log event";
  static final String PURGED = "Could not find first log file name in binary log index file";
  static final String NEW_MASTER =
      "could not find next log: the relay has another master since then, and the files of the two do"
          + " not join at one position; use GTID to go on";
  static final String SAME_SERVER_ID = "A slave with the same server_id is already connected";
  static final String CAPABILITY =
      "Failed to replace GTID event with backwards-compatible event: slave needs @mariadb_slave_capability=4";

  private static final int SAME_ID = 4052;

  private DumpErrors() {}

  /** A dump that cannot go on, with the places that a master names. */
  static ReplyError fatal(String text, Place start, Place last) {
    return ErrorCode.MASTER_FATAL.error(text + places(start, last));
  }

  /** Another replica with the same server id has come. */
  static ReplyError superseded(Place start, Place last) {
    return new ReplyError(SAME_ID, "HY000", SAME_SERVER_ID + places(start, last));
  }

  private static String places(Place start, Place last) {
    return "; the first event '"
        + start.file()
        + "' at "
        + start.position()
        + ", the last event read from '"
        + last.file()
        + "' at "
        + last.eventStart()
        + ", the last byte read from '"
        + last.file()
        + "' at "
        + last.position()
        + ".";
  }

  /**
   * A place in the log.
   *
   * @param file the file's name
   * @param eventStart where the last event begins
   * @param position where it ends
   */
  record Place(String file, long eventStart, long position) {}
}
