package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.message.ColumnDefinition;

/**
 * Columns as MySQL servers type those of SHOW. Immutable.
 *
 * @param version since 8.0 a number's length counts its sign, even if it has none
 */
record MySqlColumns(PresentedVersion version) {
  private static final int UTF8_WIDTH = 3;
  private static final int DECIMALS_OF_TEXT = 31;
  private static final int NO_DEFAULT = 0x1000;
  private static final long LONG_TEXT = 603_979_776;
  private static final int NUMBER = ColumnDefinition.NOT_NULL | ColumnDefinition.BINARY;

  private static ColumnDefinition column(
      String name, int collation, long length, FieldType type, int flags, int decimals) {
    return new ColumnDefinition(
        "", "", "", name, "", collation, length, type.code(), flags, decimals);
  }

  private static ColumnDefinition chars(String name, int characters, int flags) {
    return column(
        name,
        Collation.UTF8MB3_GENERAL,
        (long) characters * UTF8_WIDTH,
        FieldType.VAR_STRING,
        flags,
        DECIMALS_OF_TEXT);
  }

  /** A text that is never null. */
  ColumnDefinition text(String name, int characters) {
    return chars(name, characters, ColumnDefinition.NOT_NULL);
  }

  /** A text or null. */
  ColumnDefinition nullableText(String name, int characters) {
    return chars(name, characters, 0);
  }

  /** A text of any length, or null. */
  ColumnDefinition longText(String name) {
    return column(
        name, Collation.UTF8MB3_GENERAL, LONG_TEXT, FieldType.LONG_BLOB, 0, DECIMALS_OF_TEXT);
  }

  private long digits(int length) {
    return version.isAtLeast(8, 0) ? length + 1L : length;
  }

  private ColumnDefinition number(String name, FieldType type, int length, int flags) {
    return column(name, Collation.BINARY, digits(length), type, flags, 0);
  }

  /** An unsigned number of 4 bytes. */
  ColumnDefinition number(String name, int length) {
    return number(name, FieldType.LONG, length, NUMBER | ColumnDefinition.UNSIGNED);
  }

  /** An unsigned number of 8 bytes. */
  ColumnDefinition bigNumber(String name, int length) {
    return number(name, FieldType.LONGLONG, length, NUMBER | ColumnDefinition.UNSIGNED);
  }

  /** A number with a sign. */
  ColumnDefinition signed(String name, FieldType type, int length) {
    return number(name, type, length, NUMBER);
  }

  /**
   * A column of the table behind SHOW VARIABLES or SHOW STATUS.
   *
   * @param table such as {@code global_status}; older servers have one table for both scopes
   * @param name how it is shown
   * @param characters its length
   * @param nullable whether it can be null
   */
  ColumnDefinition ofTable(String table, String name, int characters, boolean nullable) {
    boolean current = version.isAtLeast(5, 7);
    String shown =
        current
            ? table
            : table.substring(table.indexOf('_') + 1).toUpperCase(java.util.Locale.ROOT);
    String original = current ? name : "VARIABLE_" + (nullable ? "VALUE" : "NAME");
    int flags = nullable ? 0 : ColumnDefinition.NOT_NULL | (current ? NO_DEFAULT : 0);
    return new ColumnDefinition(
        current ? "performance_schema" : "information_schema",
        shown,
        shown,
        name,
        original,
        Collation.UTF8MB3_GENERAL,
        (long) characters * UTF8_WIDTH,
        FieldType.VAR_STRING.code(),
        flags,
        0);
  }

  /** The one of SHOW DATABASES. */
  ColumnDefinition database() {
    boolean current = version.isAtLeast(8, 0);
    return new ColumnDefinition(
        current ? "" : "information_schema",
        "SCHEMATA",
        current ? "schemata" : "SCHEMATA",
        "Database",
        current ? "Database" : "SCHEMA_NAME",
        Collation.UTF8MB3_GENERAL,
        64L * UTF8_WIDTH,
        FieldType.VAR_STRING.code(),
        current
            ? ColumnDefinition.NOT_NULL | NO_DEFAULT | ColumnDefinition.BINARY
            : ColumnDefinition.NOT_NULL,
        0);
  }
}
