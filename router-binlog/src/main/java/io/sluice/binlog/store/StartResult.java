package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;

/** The answer to a {@link StartRequest}. */
public sealed interface StartResult {
  /** ER_MASTER_FATAL_ERROR_READING_BINLOG: the replica stops, a retry cannot help. */
  int FATAL = 1236;

  /**
   * The stream can begin.
   *
   * @param file the first file
   * @param position where in it, 4 for a GTID request
   * @param formatDescription the file's first event
   * @param filter what of the stream the replica has already; for this replica alone
   */
  record Found(
      BinlogFileId file, long position, FormatDescription formatDescription, GroupFilter filter)
      implements StartResult {}

  /**
   * The request cannot be served; answer with an error packet.
   *
   * @param code the error code, SQLSTATE is HY000
   * @param message the text that a master gives
   */
  record Refused(int code, String message) implements StartResult {
    /** The SQLSTATE that goes with the code. */
    public String sqlState() {
      return "HY000";
    }
  }

  /** A refusal that stops the replica. */
  static Refused fatal(String message) {
    return new Refused(FATAL, message);
  }
}
