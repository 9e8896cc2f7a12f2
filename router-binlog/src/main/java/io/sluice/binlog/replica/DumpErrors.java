package io.sluice.binlog.replica;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.feed.ReadFailure;
import io.sluice.binlog.store.StartResult;
import io.sluice.mysql.constant.ErrorCode;

/** The errors that end a dump, in a master's words: reference §3.6. Stateless. */
final class DumpErrors {
  static final String CHECKSUM_UNAWARE =
      "Slave can not handle replication events with the checksum that master is configured to log";
  static final String CHECKSUM_FAILURE = "event read from binlog did not pass crc check";
  static final String READ_FAILED = "I/O error reading log event";
  static final String PURGED = "Could not find first log file name in binary log index file";
  static final String NO_NEXT_FILE = "could not find next log";
  static final String NEW_MASTER =
      "could not find next log: the relay has another master since then, and the files of the two do"
          + " not join at one position; use GTID to go on";
  static final String CORRUPT_GTID =
      "Failed to replace GTID event with backwards-compatible event: corrupt event.";
  static final String SMALL_ANNOTATE =
      "Failed to replace row annotate event with dummy: too small event.";
  static final String SMALL_OTHER =
      "Failed to replace binlog checkpoint or gtid list event with dummy: too small event.";

  private static final String SAME_SERVER_ID =
      "A slave with the same server_uuid/server_id is already connected";
  private static final int SAME_ID = 4052;
  private static final int FILE_NOT_FOUND = 29;

  private DumpErrors() {}

  /** A dump that cannot go on, with the places that a master names. */
  static ReplyError fatal(String text, Place start, Place last) {
    return ErrorCode.MASTER_FATAL.error(text + places(start, last));
  }

  /** What the store says, complete. */
  static ReplyError refused(StartResult.Refused refused) {
    return new ReplyError(refused.code(), refused.sqlState(), refused.message());
  }

  /** Another replica with the same server id has come. */
  static ReplyError superseded(Place start, Place last) {
    return new ReplyError(SAME_ID, "HY000", SAME_SERVER_ID + places(start, last));
  }

  /** A file is not on the disk. Not fatal: the replica tries again later. */
  static ReplyError missing(String file) {
    return new ReplyError(
        FILE_NOT_FOUND,
        "HY000",
        "File './" + file + "' not found (Errcode: 2 \"No such file or directory\")");
  }

  /** The log cannot be read. */
  static ReplyError unreadable(ReadFailure failure, String file, Place start) {
    String text =
        switch (failure.kind()) {
          case BOGUS -> "bogus data in log event";
          case TOO_LARGE ->
              "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on master";
          case TRUNCATED ->
              "binlog truncated in the middle of event; consider out of disk space on master";
          case NO_NEXT_FILE -> NO_NEXT_FILE;
          case IO -> READ_FAILED;
          case MEMORY -> "memory allocation failed reading log event";
          case MISSING -> "";
        };
    return failure.kind() == ReadFailure.Kind.MISSING
        ? missing(file)
        : fatal(text, start, new Place(file, failure.eventStart(), failure.lastByte()));
  }

  private static String places(Place start, Place last) {
    return "; the first event '"
        + (start.file().isEmpty() ? "." : start.file())
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
