package io.sluice.connection.differ;

import static io.sluice.connection.differ.Operation.statements;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** Prepared statements, batches, generated keys, procedures. */
public final class Prepares {

  private Prepares() {}

  /** All, in the order they have to run. */
  public static List<Operation> all() {
    return List.of(
        new Operation("every type", Prepares::everyType),
        new Operation("types that change", Prepares::changingTypes),
        new Operation("many statements", Prepares::many),
        new Operation("errors when prepared", Prepares::errors),
        new Operation("what is known before", Prepares::metadata),
        new Operation("streams", Prepares::streams),
        new Operation("large values", Prepares::large),
        new Operation("batch", (c, t) -> batch(c, t, 1000, 0)),
        new Operation("batch with a failure", (c, t) -> batch(c, t, 50, 20)),
        new Operation("batch of long rows", Prepares::longBatch),
        new Operation("batch with nulls", Prepares::nullBatch),
        new Operation("batch of updates", Prepares::updateBatch),
        new Operation("batch of texts", Prepares::textBatch),
        new Operation("generated keys", Prepares::keys),
        new Operation("select twice", Prepares::selectTwice),
        statements(
            "procedures",
            "CREATE PROCEDURE several(IN n INT) BEGIN SELECT n; SELECT 'a', 'b' FROM t LIMIT 2;"
                + " UPDATE t SET b = 'p' WHERE a < n; SELECT 'last'; END",
            "CREATE PROCEDURE broken() BEGIN SELECT 1; SELECT * FROM nowhere; SELECT 2; END",
            "CREATE PROCEDURE outs(IN a INT, OUT b INT, INOUT c VARCHAR(50)) BEGIN SET b = a * 2;"
                + " SET c = CONCAT(c, '!'); SELECT a; END",
            "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2",
            "CALL several(5)",
            "CALL broken()",
            "SELECT twice(21)"),
        new Operation("callable", Prepares::callable));
  }

  /**
   * What the server counted of the session's commands: that the driver worked in the same way, such
   * as with many rows in one command.
   */
  public static Operation counted() {
    return statements(
        "what the server counted",
        "SHOW SESSION STATUS WHERE Variable_name IN ('Com_stmt_prepare', 'Com_stmt_execute',"
            + " 'Com_stmt_close', 'Com_stmt_send_long_data', 'Com_stmt_fetch', 'Com_stmt_reset',"
            + " 'Com_insert', 'Com_commit')");
  }

  /** Values that come beside a statement. */
  public static Operation attributes() {
    return new Operation(
        "query attributes",
        (connection, transcript) -> {
          String read =
              "SELECT mysql_query_attribute_string('name'), mysql_query_attribute_string('n')";
          try (Statement statement = connection.createStatement();
              PreparedStatement prepared = connection.prepareStatement(read + ", ?")) {
            var plain = statement.unwrap(com.mysql.cj.jdbc.JdbcStatement.class);
            plain.setAttribute("name", "grüße");
            plain.setAttribute("n", 42);
            transcript.results(statement, statement.execute(read));
            plain.clearAttributes();
            transcript.results(statement, statement.execute(read));
            prepared.unwrap(com.mysql.cj.jdbc.JdbcStatement.class).setAttribute("name", "two");
            prepared.setInt(1, 5);
            transcript.results(prepared, prepared.execute());
          }
        });
  }

  private static void everyType(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "DELETE FROM types WHERE id > 1");
    String sql =
        "INSERT INTO types (t, s, i, b, bu, f, d, n, bo, v, tx, vb, lb, da, ti, dt, e)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setByte(1, (byte) -7);
      insert.setShort(2, (short) 300);
      insert.setInt(3, Integer.MIN_VALUE);
      insert.setLong(4, Long.MAX_VALUE);
      insert.setBigDecimal(5, new BigDecimal("18446744073709551615"));
      insert.setFloat(6, 0.25f);
      insert.setDouble(7, 1e-300);
      insert.setBigDecimal(8, new BigDecimal("-123.4567890123"));
      insert.setBoolean(9, true);
      insert.setString(10, "quote ' back \\ nul \0 grüße 🐬 \n");
      insert.setString(11, "");
      insert.setBytes(12, new byte[] {0, 1, 39, 92, -1});
      insert.setBytes(13, new byte[0]);
      insert.setDate(14, Date.valueOf("2024-02-29"));
      insert.setTime(15, Time.valueOf("23:59:59"));
      insert.setTimestamp(16, Timestamp.valueOf("2024-02-29 12:34:56.789012"));
      insert.setString(17, "two");
      transcript.note("count", insert.executeUpdate());
      for (int i = 1; i <= 17; i++) {
        insert.setNull(i, Types.NULL);
      }
      transcript.note("count of nulls", insert.executeUpdate());
    }
    try (PreparedStatement select =
        connection.prepareStatement("SELECT * FROM types WHERE id > ? ORDER BY id")) {
      select.setInt(1, 0);
      try (ResultSet rows = select.executeQuery()) {
        transcript.rows(rows);
      }
    }
  }

  private static void changingTypes(Connection connection, Transcript transcript) throws Exception {
    try (PreparedStatement select = connection.prepareStatement("SELECT ?, ? + 1, ? IS NULL")) {
      Object[] values = {1, 2L, "3", 4.5, null, new BigDecimal("6.75"), true, new byte[] {55}};
      for (Object value : values) {
        select.setObject(1, value);
        select.setObject(2, value);
        select.setObject(3, value);
        try (ResultSet rows = select.executeQuery()) {
          rows.next();
          transcript.note("first", rows.getString(1));
          transcript.note("second", rows.getString(2));
          transcript.note("third", rows.getBoolean(3));
        }
      }
    }
  }

  private static void many(Connection connection, Transcript transcript) throws Exception {
    List<PreparedStatement> open = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      open.add(connection.prepareStatement("SELECT " + i + ", ?"));
    }
    for (int round = 0; round < 2; round++) {
      for (int i = open.size() - 1; i >= 0; i -= 7) {
        open.get(i).setString(1, "r" + round);
        try (ResultSet rows = open.get(i).executeQuery()) {
          transcript.rows(rows);
        }
      }
    }
    for (PreparedStatement each : open) {
      each.close();
    }
    transcript.run(connection, "SELECT 'all closed'");
  }

  private static void errors(Connection connection, Transcript transcript) {
    for (String sql :
        new String[] {
          "SELECT * FROM nowhere WHERE a = ?", "SELEC ?", "INSERT INTO t (a, b) VALUES (?, 'x')"
        }) {
      transcript.attempt(
          sql,
          () -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
              statement.setInt(1, 77);
              transcript.note("rows", statement.execute());
              transcript.note("again", statement.execute());
            }
          });
    }
    transcript.run(connection, "TRUNCATE t");
  }

  private static void metadata(Connection connection, Transcript transcript) throws Exception {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT id, v AS label FROM types WHERE id = ? AND v = ?")) {
      transcript.note("parameters", select.getParameterMetaData().getParameterCount());
      transcript.attempt(
          "columns",
          () -> {
            var columns = select.getMetaData();
            if (columns != null) {
              transcript.columns(columns);
            }
          });
    }
  }

  private static void streams(Connection connection, Transcript transcript) throws Exception {
    byte[] bytes = new byte[200_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    String text = "grüße 🐬 '\\ ".repeat(9_000);
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO u VALUES (?, ?, ?)")) {
      insert.setInt(1, 1);
      insert.setBinaryStream(2, new ByteArrayInputStream(bytes));
      insert.setCharacterStream(3, new StringReader(text));
      transcript.note("streams", insert.executeUpdate());
      insert.setInt(1, 2);
      insert.setBinaryStream(2, new ByteArrayInputStream(bytes), 1000);
      insert.setCharacterStream(3, new StringReader(text), 500);
      transcript.note("parts", insert.executeUpdate());
      insert.setInt(1, 3);
      insert.setBlob(2, new ByteArrayInputStream(new byte[0]));
      insert.setClob(3, new StringReader(""));
      transcript.note("empty", insert.executeUpdate());
    }
    transcript.run(
        connection, "SELECT id, LENGTH(b), CRC32(b), LENGTH(c), CRC32(c) FROM u ORDER BY id");
    transcript.run(connection, "SELECT * FROM u ORDER BY id");
    transcript.run(connection, "TRUNCATE u");
  }

  private static void large(Connection connection, Transcript transcript) throws Exception {
    byte[] bytes = new byte[1_500_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + i / 256);
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO u VALUES (?, ?, ?)");
        PreparedStatement select = connection.prepareStatement("SELECT b FROM u WHERE id = ?")) {
      insert.setInt(1, 1);
      insert.setBytes(2, bytes);
      insert.setString(3, "x".repeat(100_000));
      transcript.note("inserted", insert.executeUpdate());
      select.setInt(1, 1);
      try (ResultSet rows = select.executeQuery()) {
        transcript.rows(rows);
      }
    }
    transcript.run(connection, "TRUNCATE u");
  }

  private static void batch(Connection connection, Transcript transcript, int size, int failing)
      throws Exception {
    transcript.run(connection, "TRUNCATE t");
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO t (a, b) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 0; i < size; i++) {
        insert.setInt(1, failing > 0 && i == failing ? 0 : i);
        insert.setString(2, "row " + i);
        insert.addBatch();
      }
      transcript.attempt("batch", () -> transcript.note("counts", insert.executeBatch()));
      transcript.attempt(
          "keys",
          () -> {
            try (ResultSet keys = insert.getGeneratedKeys()) {
              transcript.rows(keys);
            }
          });
    }
    transcript.run(connection, "SELECT COUNT(*), SUM(a), SUM(CRC32(b)) FROM t");
  }

  private static void longBatch(Connection connection, Transcript transcript) throws Exception {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO u VALUES (?, ?, ?)")) {
      for (int i = 0; i < 40; i++) {
        insert.setInt(1, i);
        insert.setBytes(2, new byte[i * 1500]);
        insert.setString(3, "y".repeat(i * 700));
        insert.addBatch();
      }
      transcript.note("counts", insert.executeLargeBatch());
    }
    transcript.run(connection, "SELECT id, LENGTH(b), LENGTH(c) FROM u ORDER BY id");
    transcript.run(connection, "TRUNCATE u");
  }

  private static void nullBatch(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "TRUNCATE t");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t (a, b) VALUES (?, ?)")) {
      for (int i = 0; i < 30; i++) {
        if (i % 3 == 0) {
          insert.setNull(1, Types.INTEGER);
        } else {
          insert.setInt(1, i);
        }
        insert.setString(2, i % 2 == 0 ? null : "v" + i);
        insert.addBatch();
      }
      transcript.note("counts", insert.executeBatch());
    }
    transcript.run(connection, "SELECT * FROM t ORDER BY id");
  }

  private static void updateBatch(Connection connection, Transcript transcript) throws Exception {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE t SET b = ? WHERE a BETWEEN ? AND ?")) {
      for (int i = 0; i < 10; i++) {
        update.setString(1, "w" + i);
        update.setInt(2, i);
        update.setInt(3, i * 3);
        update.addBatch();
      }
      transcript.note("counts", update.executeBatch());
    }
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM t WHERE a = ?")) {
      for (int i = 0; i < 10; i++) {
        delete.setInt(1, i);
        delete.addBatch();
      }
      transcript.note("deleted", delete.executeBatch());
    }
    transcript.run(connection, "SELECT a, b FROM t ORDER BY id");
  }

  private static void textBatch(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "TRUNCATE t");
    try (Statement statement = connection.createStatement()) {
      for (int i = 0; i < 20; i++) {
        statement.addBatch("INSERT INTO t (a, b) VALUES (" + i + ", 'text')");
      }
      statement.addBatch("UPDATE t SET b = 'all'");
      statement.addBatch("INSERT INTO t (a) VALUES (3)");
      statement.addBatch("DELETE FROM t WHERE a > 10");
      transcript.attempt("batch", () -> transcript.note("counts", statement.executeBatch()));
    }
    transcript.run(connection, "SELECT COUNT(*), MIN(b) FROM t");
  }

  private static void keys(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "TRUNCATE t");
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO t (a) VALUES (10), (11), (12)", Statement.RETURN_GENERATED_KEYS);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        transcript.rows(keys);
      }
      statement.executeUpdate("INSERT INTO t (a) VALUES (13)", new String[] {"id"});
      try (ResultSet keys = statement.getGeneratedKeys()) {
        transcript.rows(keys);
      }
      transcript.attempt(
          "without",
          () -> {
            statement.executeUpdate("UPDATE t SET b = 'k'", Statement.RETURN_GENERATED_KEYS);
            try (ResultSet keys = statement.getGeneratedKeys()) {
              transcript.rows(keys);
            }
          });
    }
    transcript.run(connection, "SELECT LAST_INSERT_ID()");
  }

  private static void selectTwice(Connection connection, Transcript transcript) throws Exception {
    for (int i = 0; i < 3; i++) {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT a, b FROM t WHERE a > ? ORDER BY a")) {
        select.setInt(1, 10 + i);
        try (ResultSet rows = select.executeQuery()) {
          transcript.rows(rows);
        }
        if (i == 1) {
          transcript.run(connection, "ALTER TABLE t ADD COLUMN z INT DEFAULT 5");
          try (ResultSet rows = select.executeQuery()) {
            transcript.rows(rows);
          }
        }
      }
    }
    transcript.run(connection, "ALTER TABLE t DROP COLUMN z");
  }

  private static void callable(Connection connection, Transcript transcript) throws Exception {
    try (CallableStatement call = connection.prepareCall("{CALL outs(?, ?, ?)}")) {
      call.setInt(1, 21);
      call.registerOutParameter(2, Types.INTEGER);
      call.setString(3, "text");
      call.registerOutParameter(3, Types.VARCHAR);
      transcript.results(call, call.execute());
      transcript.note("out", call.getInt(2));
      transcript.note("inout", call.getString(3));
    }
    try (PreparedStatement call = connection.prepareStatement("CALL several(?)")) {
      call.setInt(1, 12);
      transcript.results(call, call.execute());
    }
    transcript.attempt(
        "broken",
        () -> {
          try (PreparedStatement call = connection.prepareStatement("CALL broken()")) {
            transcript.results(call, call.execute());
          }
        });
    transcript.run(connection, "SELECT 'after the procedures'");
  }
}
