package io.sluice.binlog.control;

/**
 * Something to tell whoever gave an order that was followed: {@code SHOW WARNINGS} shows it.
 *
 * @param level as {@code SHOW WARNINGS} names it
 * @param code the server's number
 * @param message the server's text
 */
public record ControlNote(Level level, int code, String message) {

  /** How much it matters. */
  public enum Level {
    /** There was nothing to do. */
    NOTE("Note"),
    /** It was done, but not all of it. */
    WARNING("Warning");

    private final String label;

    Level(String label) {
      this.label = label;
    }

    /** The word in {@code SHOW WARNINGS}. */
    public String label() {
      return label;
    }
  }

  /** The number of "Slave is already running". */
  public static final int ALREADY_RUNNING = 1254;

  /** The number of "Slave already has been stopped". */
  public static final int ALREADY_STOPPED = 1255;

  /** The number of "file was not purged because it was being read". */
  public static final int LOG_IN_USE = 1868;

  /** Something that there was nothing to do for. */
  static ControlNote note(int code, String message) {
    return new ControlNote(Level.NOTE, code, message);
  }
}
