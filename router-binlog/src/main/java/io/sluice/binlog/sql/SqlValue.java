package io.sluice.binlog.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value of an expression: its text, and how a server would type the column. Immutable.
 *
 * @param text null for NULL
 * @param type the column's type
 */
record SqlValue(@Nullable String text, Type type) {
  static final SqlValue NULL = new SqlValue(null, Type.NULL);

  /** How the column is typed. */
  enum Type {
    /** Whole number. */
    INTEGER,
    /** Any other number. */
    DECIMAL,
    /** Text of a literal, variable or function. */
    TEXT,
    /** Text that servers type as long blob: user variables. */
    LONG_TEXT,
    /** NULL. */
    NULL
  }

  static SqlValue of(long value) {
    return new SqlValue(Long.toString(value), Type.INTEGER);
  }

  static SqlValue text(@Nullable String value) {
    return value == null ? NULL : new SqlValue(value, Type.TEXT);
  }

  /** A value of a variable, which is a number if it looks like one. */
  static SqlValue ofVariable(String value) {
    return new SqlValue(value, isInteger(value) ? Type.INTEGER : Type.TEXT);
  }

  private static boolean isInteger(String value) {
    int from = value.startsWith("-") ? 1 : 0;
    if (value.length() == from || value.length() > 20) {
      return false;
    }
    for (int i = from; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  boolean isNull() {
    return text == null;
  }

  /** The value as a whole number; 0 for what is none, as servers read it. */
  long asLong() {
    if (text == null) {
      return 0;
    }
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
