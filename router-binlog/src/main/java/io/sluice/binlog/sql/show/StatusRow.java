package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.Answer;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.message.ColumnDefinition;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Collects columns and values of a SHOW SLAVE STATUS. Until 11.5 a server makes the columns up;
 * from 11.6 on they are those of the table SLAVE_STATUS, with other types and lengths. Not
 * thread-safe.
 */
final class StatusRow {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final String TABLE = "SLAVE_STATUS";

  private final boolean table;
  private final List<ColumnDefinition> columns = new ArrayList<>();
  private final List<@Nullable Object> row = new ArrayList<>();

  /** Whether the columns are those of the table. */
  StatusRow(boolean table) {
    this.table = table;
  }

  private void add(ColumnDefinition column, boolean nullable, @Nullable Object value) {
    columns.add(table ? Columns.ofTable(TABLE, column.name(), column, nullable) : column);
    row.add(value);
  }

  /** A text; {@code characters} of the made-up column and of the table's. */
  void text(String name, int characters, int tableCharacters, String value) {
    add(Columns.text(name, table ? tableCharacters : characters), false, value);
  }

  /** The same, where the table's column can be null. */
  void nullable(String name, int characters, int tableCharacters, String value) {
    add(Columns.text(name, table ? tableCharacters : characters), true, value);
  }

  /** A file name. */
  void file(String name, String value) {
    text(name, 512, 512, value);
  }

  /** A file name that can be missing. */
  void nullableFile(String name, String value) {
    nullable(name, 512, 512, value);
  }

  /** A number of two bytes in the table and of four in a made-up column. */
  void small(String name, int length, int tableLength, long value) {
    add(table ? Columns.small(name, tableLength) : Columns.number(name, length), false, value);
  }

  void number(String name, int length, long value) {
    add(Columns.number(name, table ? 10 : length), false, value);
  }

  void nullableNumber(String name, int length, @Nullable Long value) {
    add(Columns.number(name, table ? 10 : length), true, value);
  }

  void big(String name, int length, long value) {
    add(Columns.bigNumber(name, table ? 20 : length), false, value);
  }

  void nullableBig(String name, int length, @Nullable Long value) {
    add(Columns.bigNumber(name, table ? 20 : length), true, value);
  }

  /** A big number of the made-up columns that has four bytes in the table. */
  void shrunk(String name, int length, long value) {
    add(table ? Columns.number(name, 10) : Columns.bigNumber(name, length), false, value);
  }

  /** Seconds with three decimals. */
  void seconds(String name, long millis) {
    FieldType type = table ? FieldType.FLOAT : FieldType.DOUBLE;
    add(
        Columns.real(name, type, table ? 9 : 10, 3),
        false,
        String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000));
  }

  /** Seconds since 1970 as date and time, in UTC; 0 is null. */
  void time(String name, long epochSeconds) {
    add(
        Columns.dateTime(name),
        true,
        epochSeconds == 0
            ? null
            : DATE_TIME.format(
                LocalDateTime.ofInstant(Instant.ofEpochSecond(epochSeconds), ZoneOffset.UTC)));
  }

  /** Seconds, or null. */
  void difference(String name, @Nullable Long value) {
    add(Columns.number(name, 10), true, value);
  }

  /** The answer with this one row. */
  Answer.Rows toAnswer() {
    return new Answer.Rows(columns, List.of(row));
  }
}
