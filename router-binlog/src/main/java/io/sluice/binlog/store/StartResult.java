package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;
import org.jspecify.annotations.Nullable;

/** The answer to a {@link StartRequest}. */
public sealed interface StartResult {
  /** ER_MASTER_FATAL_ERROR_READING_BINLOG: the replica stops, a retry cannot help. */
  int FATAL = 1236;

  /**
   * The stream can begin. Behind the artificial ROTATE and the FORMAT_DESCRIPTION, before any
   * event, {@link GroupFilter#takeAfter} is asked, as after an event that ends at the position.
   *
   * @param file the first file
   * @param position where in it; also a GTID request may begin in the middle
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
   * @param message the text that a master gives, complete
   * @param preamble what a master sends in front of the error; null for nothing
   */
  record Refused(int code, String message, @Nullable Preamble preamble) implements StartResult {
    /** A refusal without anything in front. */
    public Refused(int code, String message) {
      this(code, message, null);
    }

    /** The SQLSTATE that goes with the code. */
    public String sqlState() {
      return "HY000";
    }
  }

  /**
   * A master notices some errors only when it reads the first event: it has sent an artificial
   * ROTATE to the position and the FORMAT_DESCRIPTION (without {@code created} and end position)
   * before.
   *
   * @param file the file of the request
   * @param position the position of the request
   * @param formatDescription the file's first event
   */
  record Preamble(BinlogFileId file, long position, FormatDescription formatDescription) {}

  /** ER_UNKNOWN_ERROR: the replica asks again. */
  int LATER = 1105;

  /** A refusal that lets the replica ask again, by itself. */
  static Refused later() {
    return new Refused(
        LATER, "The relay fetches again what it could not force to its disk; ask again");
  }

  /** A refusal that stops the replica. */
  static Refused fatal(String message) {
    return new Refused(FATAL, message);
  }
}
