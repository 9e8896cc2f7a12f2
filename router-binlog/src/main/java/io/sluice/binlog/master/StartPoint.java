package io.sluice.binlog.master;

import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.util.regex.Pattern;

/**
 * Where an empty store begins to copy the master's log: always at the start of one of its files.
 */
public sealed interface StartPoint {

  /** The closed set of kinds. */
  enum Kind {
    /** See {@link First}. */
    FIRST,
    /** See {@link Latest}. */
    LATEST,
    /** See {@link File}. */
    FILE,
    /** See {@link Gtid}. */
    GTID,
    /** See {@link GtidSet}. */
    GTID_SET
  }

  /** Which of the records this is. */
  Kind kind();

  /** As {@link #parse} reads it. */
  String text();

  /** The oldest file that the master has. */
  record First() implements StartPoint {
    @Override
    public Kind kind() {
      return Kind.FIRST;
    }

    @Override
    public String text() {
      return FIRST_WORD;
    }
  }

  /** The file that the master is writing. */
  record Latest() implements StartPoint {
    @Override
    public Kind kind() {
      return Kind.LATEST;
    }

    @Override
    public String text() {
      return LATEST_WORD;
    }
  }

  /**
   * A file.
   *
   * @param name the master's name for it
   */
  record File(String name) implements StartPoint {
    @Override
    public Kind kind() {
      return Kind.FILE;
    }

    @Override
    public String text() {
      return name;
    }
  }

  /**
   * The newest file of a MariaDB master that begins at or before a position, so that nothing behind
   * it is missing.
   *
   * @param position what the replicas already have
   */
  record Gtid(MariaDbGtidList position) implements StartPoint {
    @Override
    public Kind kind() {
      return Kind.GTID;
    }

    @Override
    public String text() {
      return position.toString();
    }
  }

  /**
   * The newest file of a MySQL master that begins behind nothing but these transactions.
   *
   * @param executed what the replicas already have
   */
  record GtidSet(MySqlGtidSet executed) implements StartPoint {
    @Override
    public Kind kind() {
      return Kind.GTID_SET;
    }

    @Override
    public String text() {
      return executed.toString();
    }
  }

  /** The word for {@link First}. */
  String FIRST_WORD = "first";

  /** The word for {@link Latest}. */
  String LATEST_WORD = "latest";

  /** A base name with a numeric suffix, without any directory. */
  Pattern FILE_NAME = Pattern.compile("[^/\\\\\\x00]{1,240}\\.\\d{1,10}");

  /** A list of GTIDs. */
  Pattern GTIDS = Pattern.compile("\\d+-\\d+-\\d+(\\s*,\\s*\\d+-\\d+-\\d+)*");

  /** The beginning of a GTID set. */
  Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\s*:.*", Pattern.DOTALL);

  /**
   * Reads the setting.
   *
   * @throws IllegalArgumentException if it is none of the five forms
   */
  static StartPoint parse(String text) {
    String trimmed = text.trim();
    if (trimmed.equals(FIRST_WORD)) {
      return new First();
    }
    if (trimmed.equals(LATEST_WORD)) {
      return new Latest();
    }
    if (GTIDS.matcher(trimmed).matches()) {
      try {
        return new Gtid(MariaDbGtidList.parse(trimmed.replaceAll("\\s", "")));
      } catch (GtidFormatException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    if (UUID.matcher(trimmed).matches()) {
      try {
        return new GtidSet(MySqlGtidSet.parse(trimmed));
      } catch (GtidFormatException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    if (FILE_NAME.matcher(trimmed).matches()) {
      return new File(trimmed);
    }
    throw new IllegalArgumentException("start: " + text);
  }
}
