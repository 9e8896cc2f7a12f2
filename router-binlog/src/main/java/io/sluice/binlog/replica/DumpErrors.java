package io.sluice.binlog.replica;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.feed.ReadFailure;
import io.sluice.binlog.store.MySqlTexts;
import io.sluice.binlog.store.StartResult;
import io.sluice.mysql.constant.ErrorCode;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** The errors that end a dump, in the words of the presented master: reference §3.6. Immutable. */
final class DumpErrors {
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

  private static final int SAME_ID = 4052;
  private static final int FILE_NOT_FOUND = 29;
  private static final int BLOCK = 4096;

  private final @Nullable MySqlTexts mysql;

  /** The words of a master. */
  DumpErrors(PresentedSource source) {
    mysql = source.isMySql() ? new MySqlTexts(source.mysql()) : null;
  }

  /** A dump that cannot go on, with the places that a master names. */
  ReplyError fatal(String text, Place start, Place last) {
    String whole = text + places(start, last);
    return ErrorCode.MASTER_FATAL.error(mysql == null ? whole : MySqlTexts.cut(whole));
  }

  /**
   * The file is purged. A master whose log begins anew under a reader has no next file for it.
   *
   * @param cutOff whether the stream had begun
   */
  ReplyError purged(boolean cutOff, Place start, Place last) {
    return cutOff ? fatal(NO_NEXT_FILE, start, last) : ErrorCode.MASTER_FATAL.error(PURGED);
  }

  /** The client does not know checksums, and the log has them. */
  String checksumUnaware() {
    return mysql == null
        ? "Slave can not handle replication events with the checksum that master is configured to"
            + " log"
        : mysql.checksumUnaware();
  }

  /** What the store says, complete. */
  ReplyError refused(StartResult.Refused refused) {
    String text = refused.message();
    return new ReplyError(
        refused.code(), refused.sqlState(), mysql == null ? text : MySqlTexts.cut(text));
  }

  /** Whether a replica is not told why its stream ends when another one has its UUID: by 5.6. */
  boolean endsSupersededSilently() {
    return mysql != null && mysql.isOf56();
  }

  /** Another replica with the same server id or UUID has come. */
  ReplyError superseded(Place start, Place last) {
    return mysql == null
        ? new ReplyError(
            SAME_ID,
            "HY000",
            "A slave with the same server_uuid/server_id is already connected"
                + places(start, last))
        : fatal(mysql.superseded(), start, last);
  }

  /** A file is not on the disk. Not fatal: the replica tries again later. */
  static ReplyError missing(NoSuchFileException gone) {
    String path = gone.getFile();
    return missing(path == null ? "" : path.substring(path.lastIndexOf('/') + 1));
  }

  private static ReplyError missing(String file) {
    return new ReplyError(
        FILE_NOT_FOUND,
        "HY000",
        "File './" + file + "' not found (Errcode: 2 \"No such file or directory\")");
  }

  /**
   * The log cannot be read.
   *
   * @param end where the file ends
   */
  ReplyError unreadable(ReadFailure failure, String file, long end, Place start) {
    String text =
        switch (failure.kind()) {
          case BOGUS -> "bogus data in log event";
          case TOO_LARGE ->
              mysql == null
                  ? "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on"
                      + " master"
                  : mysql.tooLarge();
          case TRUNCATED ->
              mysql == null
                  ? "binlog truncated in the middle of event; consider out of disk space on master"
                  : mysql.truncated();
          case NO_NEXT_FILE -> NO_NEXT_FILE;
          case IO -> READ_FAILED;
          case MEMORY -> "memory allocation failed reading log event";
          case MISSING -> "";
        };
    if (failure.kind() == ReadFailure.Kind.MISSING) {
      return missing(file);
    }
    if (mysql == null) {
      return fatal(text, start, new Place(file, failure.eventStart(), failure.lastByte()));
    }
    long lastByte = readsToTheEnd(failure, end, mysql.isOf56()) ? end : failure.lastByte();
    return ErrorCode.MASTER_FATAL.error(
        MySqlTexts.cut(
            text
                + mysql.places(
                    start.file(), start.position(), file, failure.eventStart(), lastByte)));
  }

  /**
   * Of an event that is cut a source reads all that there is. Only 5.6 asks the disk itself, not
   * its buffer, for what is longer than two blocks, and then has read the header alone.
   */
  private static boolean readsToTheEnd(ReadFailure failure, long end, boolean of56) {
    if (failure.kind() != ReadFailure.Kind.TRUNCATED) {
      return false;
    }
    long wanted = failure.eventStart() + failure.eventLength() - end;
    return !of56 || wanted < BLOCK + BLOCK - end % BLOCK;
  }

  private String places(Place start, Place last) {
    if (mysql != null) {
      return mysql.places(
          start.file(), start.position(), last.file(), last.position(), last.position());
    }
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
