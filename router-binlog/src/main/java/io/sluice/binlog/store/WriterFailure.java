package io.sluice.binlog.store;

import org.jspecify.annotations.Nullable;

/**
 * Why intake stopped. Immutable.
 *
 * @param kind what went wrong
 * @param message for the log and the status
 * @param cause the exception of the operating system, if there was one
 */
public record WriterFailure(Kind kind, String message, @Nullable Throwable cause) {
  /** What went wrong. */
  public enum Kind {
    /** Writing, forcing or creating a file failed; a retry may help. */
    IO_ERROR,
    /** No space is left, or no more is allowed; a retry helps when there is some. */
    DISK_FULL,
    /** The file system may not be written; a retry helps when it may be again. */
    READ_ONLY,
    /** Bytes were given for another position than the end of the file. */
    POSITION_MISMATCH,
    /** A file name cannot be stored or does not follow the current one. */
    FILE_NAME,
    /** The first file of an epoch begins behind the end of the epoch before. */
    EPOCH_GAP,
    /** The bytes are not a sequence of events. */
    BAD_EVENT,
    /** The producer did not stop when it was told that the queue is full. */
    QUEUE_OVERFLOW,
    /** The store is closed. */
    CLOSED;

    /** Whether it is the disk: nothing that came from the master is wrong. */
    public boolean isStorage() {
      return this == IO_ERROR || this == DISK_FULL || this == READ_ONLY;
    }
  }
}
