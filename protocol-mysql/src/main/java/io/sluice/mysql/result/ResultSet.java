package io.sluice.mysql.result;

import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.message.OkPacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer in the text format: rows with columns, or what an OK packet tells, which has
 * neither. Column names are looked up without regard to case. Immutable.
 */
public final class ResultSet {

  private final List<ColumnDefinition> columns;
  private final List<byte[][]> rows;
  private final OkPacket end;

  /** An answer without rows. */
  ResultSet(OkPacket end) {
    this(List.of(), List.of(), end);
  }

  /** An answer with rows; {@code end} is what came behind them. */
  ResultSet(List<ColumnDefinition> columns, List<byte[][]> rows, OkPacket end) {
    this.columns = List.copyOf(columns);
    this.rows = new ArrayList<>(rows);
    this.end = end;
  }

  /** The columns in order. */
  public List<ColumnDefinition> columns() {
    return columns;
  }

  /** The names of the columns in order. */
  public List<String> columnNames() {
    return columns.stream().map(ColumnDefinition::name).toList();
  }

  /** Whether there is a column with this name. */
  public boolean hasColumn(String name) {
    return indexOf(name) >= 0;
  }

  /** How many rows there are. */
  public int size() {
    return rows.size();
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** A value as text, or null. */
  public @Nullable String value(int row, int column) {
    byte[] bytes = raw(row, column);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * A value as text, or null.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public @Nullable String value(int row, String column) {
    return value(row, require(column));
  }

  /** A value as bytes, or null. */
  public byte @Nullable [] bytes(int row, int column) {
    byte[] bytes = raw(row, column);
    return bytes == null ? null : bytes.clone();
  }

  /**
   * A value as bytes, or null.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public byte @Nullable [] bytes(int row, String column) {
    return bytes(row, require(column));
  }

  /** How many rows were changed. */
  public long affectedRows() {
    return end.affectedRows();
  }

  /** The first number that was generated. */
  public long lastInsertId() {
    return end.lastInsertId();
  }

  /** The status word at the end. */
  public int status() {
    return end.status();
  }

  /** How many warnings there are. */
  public int warnings() {
    return end.warnings();
  }

  @Override
  public String toString() {
    return "ResultSet[columns=" + columnNames() + ", rows=" + rows.size() + "]";
  }

  private byte @Nullable [] raw(int row, int column) {
    return rows.get(row)[column];
  }

  private int require(String name) {
    int index = indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "column: " + name + " (expected: of " + columnNames() + ")");
    }
    return index;
  }

  private int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }
}
