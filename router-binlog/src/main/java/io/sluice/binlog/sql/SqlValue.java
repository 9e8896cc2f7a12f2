package io.sluice.binlog.sql;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of an expression: its text, and how a server would type the column. Immutable.
 *
 * @param text null for NULL
 * @param type the column's type, which NULL has too
 */
record SqlValue(@Nullable String text, Type type) {
  static final SqlValue NULL = new SqlValue(null, Type.NULL);
  static final SqlValue UNSET = new SqlValue(null, Type.UNSET);

  private static final Pattern NUMBER =
      Pattern.compile(
          "\\s*([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d{1,3})?).*", Pattern.DOTALL);

  /** How the column is typed. */
  enum Type {
    /** Whole number of 4 bytes: literals and comparisons. */
    INT,
    /** The same without a sign. */
    UNSIGNED_INT,
    /** Whole number of 8 bytes. */
    BIGINT,
    /** The same without a sign: most variables. */
    UNSIGNED_BIGINT,
    /** A variable that is ON or OFF, shown as 1 or 0. */
    SWITCH,
    /** Exact number with decimals. */
    DECIMAL,
    /** Floating-point number. */
    DOUBLE,
    /** Date and time. */
    DATETIME,
    /** Text of a literal, variable or function. */
    TEXT,
    /** Text that servers type as long blob: user variables. */
    LONG_TEXT,
    /** A user variable that was never set, which is NULL. */
    UNSET,
    /** NULL without any type. */
    NULL;

    boolean isWhole() {
      return this == INT
          || this == UNSIGNED_INT
          || this == BIGINT
          || this == UNSIGNED_BIGINT
          || this == SWITCH;
    }

    boolean isNumber() {
      return isWhole() || this == DECIMAL || this == DOUBLE;
    }

    boolean isLong() {
      return this == LONG_TEXT || this == UNSET;
    }

    /** The type of a value that is either of this type or of another. */
    Type or(Type other) {
      if (this == other || other == NULL) {
        return this;
      }
      if (this == NULL) {
        return other;
      }
      if (isNumber() && other.isNumber()) {
        Type wider = compareTo(other) > 0 ? this : other;
        return wider == SWITCH ? BIGINT : wider;
      }
      return isLong() || other.isLong() ? LONG_TEXT : TEXT;
    }
  }

  static SqlValue of(int value) {
    return new SqlValue(Integer.toString(value), Type.INT);
  }

  static SqlValue bigint(long value) {
    return new SqlValue(Long.toString(value), Type.BIGINT);
  }

  static SqlValue truth(@Nullable Boolean value) {
    return new SqlValue(value == null ? null : value ? "1" : "0", Type.INT);
  }

  static SqlValue text(@Nullable String value) {
    return new SqlValue(value, Type.TEXT);
  }

  SqlValue as(Type other) {
    return new SqlValue(text, other);
  }

  /** What a user variable that gets this value has: servers keep four types only. */
  SqlValue stored() {
    if (type.isWhole()) {
      return as(
          type == Type.UNSIGNED_INT || type == Type.UNSIGNED_BIGINT
              ? Type.UNSIGNED_BIGINT
              : Type.BIGINT);
    }
    return type == Type.DECIMAL || type == Type.DOUBLE ? this : as(Type.LONG_TEXT);
  }

  boolean isNull() {
    return text == null;
  }

  /** The number that the text begins with, 0 if it is none, as servers read it. */
  BigDecimal number() {
    if (text == null) {
      return BigDecimal.ZERO;
    }
    Matcher matcher = NUMBER.matcher(text);
    return matcher.matches() ? new BigDecimal(matcher.group(1)) : BigDecimal.ZERO;
  }

  /** The value as a whole number; 0 for what is none. */
  long asLong() {
    return number().longValue();
  }

  /** Whether it counts as true; null for NULL. */
  @Nullable Boolean truth() {
    return text == null ? null : number().signum() != 0;
  }
}
