package io.sluice.binlog.feed;

/**
 * Why the next bytes of the log cannot be had, told apart as a master tells its replicas.
 * Immutable.
 *
 * @param kind what is wrong
 * @param detail for the log
 * @param eventStart where the event begins that cannot be read
 * @param lastByte up to where it was read
 * @param eventLength how long the event says it is; 0 if it could not say it
 */
public record ReadFailure(
    Kind kind, String detail, long eventStart, long lastByte, long eventLength) {

  /** Without a length. */
  public ReadFailure(Kind kind, String detail, long eventStart, long lastByte) {
    this(kind, detail, eventStart, lastByte, 0);
  }

  /** What is wrong. */
  public enum Kind {
    /** The event claims to be shorter than its header. */
    BOGUS,
    /** The event claims to be longer than any server writes. */
    TOO_LARGE,
    /** The file ends inside the event. */
    TRUNCATED,
    /** The file is not on the disk any more. */
    MISSING,
    /** The log has no such file any more. */
    NO_NEXT_FILE,
    /** The disk fails. */
    IO,
    /** There is not enough memory. */
    MEMORY
  }
}
