package io.sluice.binlog.sql;

import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.message.ColumnDefinition;

/**
 * How MySQL types the columns of a SELECT without tables: all whole numbers have eight bytes, and
 * user variables change their type with the version. Stateless.
 */
final class MySqlColumns {
  private static final int BYTES_PER_CHARACTER = 4;
  private static final int NO_DECIMALS = 31;
  private static final int UNSET_LENGTH = 65_532;

  private MySqlColumns() {}

  static ColumnDefinition of(PresentedVersion version, String label, SqlValue value) {
    boolean recent = version.isAtLeast(8, 0);
    return switch (value.type()) {
      case INT, BIGINT -> ColumnDefinition.bigint(label);
      case UNSIGNED_INT, UNSIGNED_BIGINT -> ColumnDefinition.unsignedBigint(label);
      case SWITCH, DECIMAL, DOUBLE, DATETIME, NULL -> Columns.of(label, value);
      case TEXT -> {
        String text = value.text();
        int length = Math.max(text == null ? 0 : text.length(), 64);
        yield text(label, recent, FieldType.VAR_STRING, length);
      }
      case LONG_TEXT ->
          value.isNull()
              ? binary(label, FieldType.MEDIUM_BLOB, 0xffffff)
              : text(label, recent, recent ? FieldType.LONG_BLOB : FieldType.MEDIUM_BLOB, 0xffffff);
      case UNSET ->
          binary(label, recent ? FieldType.VAR_STRING : FieldType.LONG_BLOB, UNSET_LENGTH);
    };
  }

  private static ColumnDefinition text(
      String label, boolean recent, FieldType type, int characters) {
    int collation = recent ? Collation.UTF8MB4_0900 : Collation.UTF8MB4_GENERAL;
    return new ColumnDefinition(
        "",
        "",
        "",
        label,
        "",
        collation,
        (long) characters * BYTES_PER_CHARACTER,
        type.code(),
        0,
        NO_DECIMALS);
  }

  private static ColumnDefinition binary(String label, FieldType type, int length) {
    return new ColumnDefinition(
        "",
        "",
        "",
        label,
        "",
        Collation.BINARY,
        length,
        type.code(),
        ColumnDefinition.BINARY,
        NO_DECIMALS);
  }
}
