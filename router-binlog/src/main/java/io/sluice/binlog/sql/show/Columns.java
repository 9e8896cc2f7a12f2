package io.sluice.binlog.sql.show;

import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.message.ColumnDefinition;

/** Columns as servers type those of SHOW. Stateless. */
final class Columns {
  private static final int UTF8_WIDTH = 3;
  private static final int DECIMALS_OF_TEXT = 39;
  private static final int LONG_TEXT = 0xffffff;
  private static final int NO_DEFAULT = 0x1000;
  private static final int NUMBER =
      ColumnDefinition.NOT_NULL | ColumnDefinition.UNSIGNED | ColumnDefinition.BINARY;

  private Columns() {}

  private static ColumnDefinition column(
      String name, int collation, long length, FieldType type, int flags, int decimals) {
    return new ColumnDefinition(
        "", "", "", name, "", collation, length, type.code(), flags, decimals);
  }

  /** A text that is never null. */
  static ColumnDefinition text(String name, int characters) {
    return column(
        name,
        Collation.UTF8MB3_GENERAL,
        (long) characters * UTF8_WIDTH,
        FieldType.VAR_STRING,
        ColumnDefinition.NOT_NULL,
        DECIMALS_OF_TEXT);
  }

  /** A text or null. */
  static ColumnDefinition nullableText(String name, int characters) {
    return column(
        name,
        Collation.UTF8MB3_GENERAL,
        (long) characters * UTF8_WIDTH,
        FieldType.VAR_STRING,
        0,
        DECIMALS_OF_TEXT);
  }

  /** A text of any length, or null. */
  static ColumnDefinition longText(String name) {
    return column(
        name, Collation.UTF8MB3_GENERAL, LONG_TEXT, FieldType.LONG_BLOB, 0, DECIMALS_OF_TEXT);
  }

  /** An unsigned number of 4 bytes. */
  static ColumnDefinition number(String name, int length) {
    return column(name, Collation.BINARY, length, FieldType.LONG, NUMBER, 0);
  }

  /** An unsigned number of 8 bytes. */
  static ColumnDefinition bigNumber(String name, int length) {
    return column(name, Collation.BINARY, length, FieldType.LONGLONG, NUMBER, 0);
  }

  /** A number with a sign. */
  static ColumnDefinition signed(String name, FieldType type, int length, int decimals) {
    return column(
        name,
        Collation.BINARY,
        length,
        type,
        ColumnDefinition.NOT_NULL | ColumnDefinition.BINARY,
        decimals);
  }

  /** A number that counts for the session: never a table's. */
  static ColumnDefinition count(String name) {
    return column(
        name,
        Collation.BINARY,
        21,
        FieldType.LONGLONG,
        ColumnDefinition.UNSIGNED | ColumnDefinition.BINARY,
        0);
  }

  /**
   * A column of a table of information_schema, which some SHOW statements are answered from.
   *
   * @param table the table
   * @param original its name there
   * @param like name, type, length and decimals
   * @param nullable whether it can be null
   */
  static ColumnDefinition ofTable(
      String table, String original, ColumnDefinition like, boolean nullable) {
    boolean text = like.type() == FieldType.VAR_STRING;
    int flags = NO_DEFAULT | (like.flags() & ColumnDefinition.UNSIGNED);
    if (like.type() == FieldType.DATETIME) {
      flags |= ColumnDefinition.BINARY;
    }
    return new ColumnDefinition(
        "information_schema",
        table,
        table,
        like.name(),
        original,
        like.collation(),
        like.length(),
        like.typeCode(),
        nullable ? flags : flags | ColumnDefinition.NOT_NULL,
        text ? 0 : like.decimals());
  }

  /** A point in time. */
  static ColumnDefinition dateTime(String name) {
    return column(name, Collation.BINARY, 19, FieldType.DATETIME, ColumnDefinition.BINARY, 0);
  }

  /** A number of two bytes. */
  static ColumnDefinition small(String name, int length) {
    return column(name, Collation.BINARY, length, FieldType.SHORT, NUMBER, 0);
  }

  /** A floating-point number with a fixed number of decimals. */
  static ColumnDefinition real(String name, FieldType type, int length, int decimals) {
    return signed(name, type, length, decimals);
  }
}
