package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import java.util.ArrayList;
import java.util.List;

/**
 * What the last statement of a session had to say: the rows of SHOW WARNINGS. Thread-safe, because
 * some answers complete on other threads.
 */
public final class Diagnostics {
  private List<Condition> conditions = new ArrayList<>();

  /** How bad it is. */
  public enum Level {
    /** Good to know. */
    NOTE("Note"),
    /** It worked, but. */
    WARNING("Warning"),
    /** It did not work. */
    ERROR("Error");

    private final String text;

    Level(String text) {
      this.text = text;
    }

    /** As SHOW WARNINGS prints it. */
    public String text() {
      return text;
    }
  }

  /**
   * One row.
   *
   * @param level how bad it is
   * @param code the server's number for it
   * @param message the text
   */
  public record Condition(Level level, int code, String message) {}

  /** A new statement begins that is not a question for these rows. */
  public synchronized void clear() {
    conditions = new ArrayList<>();
  }

  /** Adds a note. */
  public synchronized void note(int code, String message) {
    conditions.add(new Condition(Level.NOTE, code, message));
  }

  /** Adds a warning. */
  public synchronized void warning(int code, String message) {
    conditions.add(new Condition(Level.WARNING, code, message));
  }

  /** Adds rows. */
  public synchronized void add(List<Condition> more) {
    conditions.addAll(more);
  }

  /** The statement failed. */
  public synchronized void error(ReplyError error) {
    conditions.add(new Condition(Level.ERROR, error.code(), error.message()));
  }

  /** All rows, oldest first. */
  public synchronized List<Condition> conditions() {
    return List.copyOf(conditions);
  }

  /** How many rows there are, as result packets count them. */
  public synchronized int count() {
    return conditions.size();
  }

  /** How many of them are errors. */
  public synchronized long errors() {
    return conditions.stream().filter(c -> c.level() == Level.ERROR).count();
  }
}
