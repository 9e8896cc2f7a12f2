package io.sluice.binlog.sql;

import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.message.ColumnDefinition;

/** How the types of values look as columns of a result set. Stateless. */
final class Columns {
  private static final int NO_DECIMALS = 39;
  private static final int ANY_DECIMALS = 31;

  private Columns() {}

  static ColumnDefinition of(String label, SqlValue value) {
    return switch (value.type()) {
      case INT -> ColumnDefinition.integer(label);
      case UNSIGNED_INT -> ColumnDefinition.unsignedInteger(label);
      case BIGINT -> ColumnDefinition.bigint(label);
      case UNSIGNED_BIGINT -> ColumnDefinition.unsignedBigint(label);
      case SWITCH -> plain(label, 1, FieldType.LONGLONG, 0);
      case DECIMAL -> plain(label, 83, FieldType.NEWDECIMAL, decimals(value));
      case DOUBLE -> plain(label, 23, FieldType.DOUBLE, ANY_DECIMALS);
      case DATETIME -> plain(label, 19, FieldType.DATETIME, 0);
      case LONG_TEXT, UNSET -> ColumnDefinition.longText(label);
      case TEXT -> text(label, value);
      case NULL -> plain(label, 0, FieldType.NULL, 0);
    };
  }

  private static ColumnDefinition text(String label, SqlValue value) {
    String text = value.text();
    return ColumnDefinition.string(label, Math.max(text == null ? 0 : text.length(), 64));
  }

  private static int decimals(SqlValue value) {
    return Math.max(0, value.number().scale());
  }

  private static ColumnDefinition plain(String label, int length, FieldType type, int decimals) {
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
        Math.min(decimals, NO_DECIMALS));
  }
}
