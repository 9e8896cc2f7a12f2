package io.sluice.connection.differ;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What came of an operation, as text: everything but numbers of connections and times. */
public final class Transcript {

  private static final int SHOWN = 120;
  private static final int ROWS_SHOWN = 20;

  private final StringBuilder text = new StringBuilder();

  /** Anything that may fail. */
  @FunctionalInterface
  public interface Attempt {
    void run() throws Exception;
  }

  /** Notes a value. */
  public void note(String what, @Nullable Object value) throws SQLException {
    line(what + " = " + shown(value));
  }

  /** Runs something and notes how it fails, if it does. */
  public void attempt(String what, Attempt attempt) {
    try {
      attempt.run();
    } catch (SQLException e) {
      for (SQLException each = e; each != null; each = each.getNextException()) {
        line(
            what
                + " ! "
                + each.getClass().getSimpleName()
                + " "
                + each.getErrorCode()
                + " "
                + each.getSQLState()
                + " "
                + clean(each.getMessage()));
        if (each instanceof java.sql.BatchUpdateException batch) {
          line("  counts " + Arrays.toString(batch.getUpdateCounts()));
        }
      }
    } catch (IOException e) {
      line(what + " ! " + e.getClass().getSimpleName());
    } catch (Exception e) {
      line(what + " ! " + e.getClass().getSimpleName() + " " + clean(e.getMessage()));
    }
  }

  private static String clean(@Nullable String message) {
    return String.valueOf(message)
        .lines()
        .findFirst()
        .orElse("")
        .replaceAll("\\(conn[:=]\\d+\\) ?", "")
        .replaceAll("[\\d,]+ milliseconds", "N milliseconds")
        .replaceAll("(?i)connection \\d+ to db", "connection N to db");
  }

  /** Runs a text and notes all its results and warnings. */
  public void run(Connection connection, String sql) {
    attempt(
        shorten(sql),
        () -> {
          try (Statement statement = connection.createStatement()) {
            line("> " + shorten(sql));
            results(statement, statement.execute(sql));
            warnings(statement.getWarnings());
          }
        });
  }

  /** Notes all results of a statement that was executed. */
  public void results(Statement statement, boolean first) throws SQLException {
    boolean isRows = first;
    while (true) {
      if (isRows) {
        try (ResultSet rows = statement.getResultSet()) {
          rows(rows);
        }
      } else {
        long count = statement.getLargeUpdateCount();
        if (count < 0) {
          return;
        }
        line("count " + count);
      }
      isRows = statement.getMoreResults();
    }
  }

  /** Notes a result set: its columns and its rows. */
  public void rows(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    columns(columns);
    int width = columns.getColumnCount();
    CRC32 rest = new CRC32();
    int count = 0;
    while (rows.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= width; i++) {
        row.append(i == 1 ? "" : " | ").append(shown(rows.getObject(i)));
      }
      if (count++ < ROWS_SHOWN) {
        line("  " + row);
      } else {
        rest.update(row.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    line("  " + count + " rows, the rest " + Long.toHexString(rest.getValue()));
  }

  /** Notes what is said of columns. */
  public void columns(ResultSetMetaData columns) throws SQLException {
    for (int i = 1; i <= Math.min(columns.getColumnCount(), SHOWN); i++) {
      line(
          String.join(
              " ",
              "  column",
              columns.getColumnLabel(i),
              columns.getColumnName(i),
              columns.getTableName(i),
              columns.getCatalogName(i),
              columns.getColumnTypeName(i),
              columns.getColumnClassName(i),
              String.valueOf(columns.getPrecision(i)),
              String.valueOf(columns.getScale(i)),
              String.valueOf(columns.getColumnDisplaySize(i)),
              String.valueOf(columns.isNullable(i)),
              String.valueOf(columns.isAutoIncrement(i)),
              String.valueOf(columns.isSigned(i))));
    }
  }

  /** Notes warnings. */
  public void warnings(@Nullable SQLWarning first) {
    int count = 0;
    for (SQLWarning each = first; each != null; each = each.getNextWarning()) {
      if (count++ < ROWS_SHOWN) {
        line(
            "  warning "
                + each.getErrorCode()
                + " "
                + each.getSQLState()
                + " "
                + clean(each.getMessage()));
      }
    }
    if (count > 0) {
      line("  " + count + " warnings");
    }
  }

  private static String shown(@Nullable Object value) throws SQLException {
    if (value == null) {
      return "null";
    }
    if (value instanceof byte[] bytes) {
      return "bytes " + shorten(HexFormat.of().formatHex(bytes));
    }
    if (value instanceof int[] numbers) {
      return Arrays.toString(numbers);
    }
    if (value instanceof long[] numbers) {
      return Arrays.toString(numbers);
    }
    if (value instanceof Blob blob) {
      return "blob " + shown(blob.getBytes(1, (int) blob.length()));
    }
    if (value instanceof Clob clob) {
      return "clob " + shown(clob.getSubString(1, (int) clob.length()));
    }
    if (value instanceof BigDecimal number) {
      return "decimal " + number.toPlainString();
    }
    return value.getClass().getSimpleName() + " " + shorten(String.valueOf(value));
  }

  private static String shorten(String text) {
    if (text.length() <= SHOWN) {
      return text;
    }
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return text.substring(0, SHOWN)
        + "… ("
        + text.length()
        + ", "
        + Long.toHexString(crc.getValue())
        + ")";
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
