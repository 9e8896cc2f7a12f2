package io.sluice.connection.differ;

import static io.sluice.connection.differ.Operation.statements;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts, their results, and what is asked of a database. */
public final class Queries {

  private static final String TYPES =
      "CREATE TABLE types (id INT AUTO_INCREMENT PRIMARY KEY, t TINYINT, tu TINYINT UNSIGNED,"
          + " s SMALLINT, m MEDIUMINT, i INT, iu INT UNSIGNED, b BIGINT, bu BIGINT UNSIGNED,"
          + " f FLOAT, d DOUBLE, n DECIMAL(30, 10), bo BOOLEAN, bi BIT(10), c CHAR(10),"
          + " v VARCHAR(300), tx TEXT, lt LONGTEXT, bn BINARY(4), vb VARBINARY(300), bl BLOB,"
          + " lb LONGBLOB, da DATE, ti TIME(6), dt DATETIME(6), ts TIMESTAMP(3) NULL, y YEAR,"
          + " e ENUM('one', 'two'), st SET('a', 'b', 'c'), j JSON, g GEOMETRY)";

  private static final String FULL =
      "INSERT INTO types VALUES (NULL, -128, 255, -32768, -8388608, -2147483648, 4294967295,"
          + " -9223372036854775808, 18446744073709551615, 1.5, -2.25e100,"
          + " 12345678901234567890.0123456789, TRUE, b'1010101010', 'char', 'grüße 🐬', 'text',"
          + " REPEAT('long', 1000), X'00FF00FE', X'000102', X'DEADBEEF', REPEAT(X'00FF', 70000),"
          + " '2024-02-29', '23:59:58.123456', '2024-12-31 23:59:59.999999',"
          + " '2024-06-01 12:00:00.123', 2024, 'two', 'a,c', '{\"a\": [1, null]}',"
          + " ST_GeomFromText('POINT(1 2)'))";

  private Queries() {}

  /** All, in the order they have to run. */
  public static List<Operation> all() {
    return List.of(
        statements(
            "begin anew",
            "DROP TABLE IF EXISTS types, t, u, loaded, words",
            "DROP PROCEDURE IF EXISTS several",
            "DROP PROCEDURE IF EXISTS broken",
            "DROP PROCEDURE IF EXISTS outs",
            "DROP FUNCTION IF EXISTS twice",
            TYPES,
            "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT, b VARCHAR(100), UNIQUE (a))",
            "CREATE TABLE u (id INT PRIMARY KEY, b LONGBLOB, c LONGTEXT)",
            "CREATE TABLE loaded (a INT PRIMARY KEY, b VARCHAR(10))",
            "CREATE TABLE words (w VARCHAR(50)) CHARACTER SET gbk"),
        statements(
            "constants",
            "SELECT 1",
            "SELECT NULL",
            "SELECT '', 'x', X'00', 1.50, 1e3, TRUE, -0.0, DATE '2024-01-01'",
            "SELECT 'a' AS `an alias`, 'b' `müller`",
            "SELECT 1 FROM t WHERE 1 = 0",
            "DO 1",
            ";",
            "",
            "/* nothing */",
            "SELECT 1 -- a comment"),
        statements("full row", FULL, "SELECT * FROM types"),
        statements(
            "empty row",
            "INSERT INTO types (id) VALUES (NULL)",
            "INSERT INTO types (id, v, tx, vb) VALUES (NULL, '', '', '')",
            "SELECT * FROM types ORDER BY id DESC"),
        new Operation("typed getters", Queries::typedGetters),
        statements(
            "long times",
            "SELECT CAST('-838:59:58.123456' AS TIME(6))",
            "SELECT CAST('838:59:59' AS CHAR), DATE '2024-01-01' + INTERVAL 1 MICROSECOND"),
        statements(
            "errors",
            "SELECT * FROM nowhere",
            "SELEC 1",
            "SELECT nothing FROM t",
            "INSERT INTO t (a) VALUES (1), (1)",
            "SELECT " + "f(".repeat(60) + ")".repeat(60),
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'grüße', MYSQL_ERRNO = 9999",
            "INSERT INTO t (b) VALUES (REPEAT('x', 200))",
            "USE nowhere",
            "SELECT 1"),
        statements(
            "warnings",
            "SELECT CAST('12x' AS SIGNED), 1 / 0",
            "DROP TABLE IF EXISTS nowhere1, nowhere2",
            "INSERT IGNORE INTO types (t, c) VALUES (1000, REPEAT('y', 50))",
            "SHOW WARNINGS"),
        statements(
            "many columns",
            "SELECT "
                + IntStream.range(0, 300)
                    .mapToObj(i -> i + " AS c" + i)
                    .collect(Collectors.joining(", "))),
        statements(
            "many rows",
            "SELECT a.n * 1000 + b.n, REPEAT(CHAR(65 + b.n % 26), b.n % 50) FROM "
                + numbers(20)
                + " a, "
                + numbers(500)
                + " b ORDER BY 1"),
        statements("long value", "SELECT REPEAT('0123456789', 500000)", "SELECT 'after'"),
        statements(
            "rows of growing length",
            "SELECT n, REPEAT('x', n * n) FROM " + numbers(260) + " x ORDER BY n"),
        statements(
            "long text",
            "SELECT LENGTH('" + "y".repeat(300_000) + "'), CRC32('" + "z".repeat(70_000) + "')"),
        statements(
            "counts",
            "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y'), (3, 'z')",
            "UPDATE t SET b = 'x'",
            "UPDATE t SET b = 'w' WHERE a > 1",
            "INSERT INTO t (a, b) VALUES (3, 'q') ON DUPLICATE KEY UPDATE b = 'dup'",
            "REPLACE INTO t (a, b) VALUES (3, 'r')",
            "DELETE FROM t WHERE a = 2",
            "SELECT ROW_COUNT(), LAST_INSERT_ID()",
            "TRUNCATE t"),
        statements(
            "shows",
            "SHOW TABLES",
            "SHOW COLUMNS FROM t",
            "SHOW CREATE TABLE t",
            "SHOW VARIABLES LIKE 'character_set_%'",
            "SHOW CHARACTER SET LIKE 'utf8mb4'",
            "DESCRIBE t",
            "EXPLAIN SELECT * FROM t WHERE id = 1",
            "CHECK TABLE t",
            "ANALYZE TABLE t"),
        new Operation("database", Queries::database),
        new Operation("scrolling", Queries::scrolling),
        new Operation("limits", Queries::limits),
        statements("tidy", "DELETE FROM types WHERE id > 1"));
  }

  /** A derived table of the numbers from 0 on. */
  static String numbers(int count) {
    return "(WITH RECURSIVE s AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM s WHERE n < "
        + (count - 1)
        + ") SELECT n FROM s)";
  }

  private static void typedGetters(Connection connection, Transcript transcript) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM types WHERE id = 1")) {
      row.next();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        int column = i;
        transcript.attempt("string " + i, () -> transcript.note("s", row.getString(column)));
        transcript.attempt("bytes " + i, () -> transcript.note("b", row.getBytes(column)));
        transcript.attempt("long " + i, () -> transcript.note("l", row.getLong(column)));
        transcript.attempt("decimal " + i, () -> transcript.note("d", row.getBigDecimal(column)));
        transcript.attempt("time " + i, () -> transcript.note("t", row.getTimestamp(column)));
      }
    }
  }

  private static void database(Connection connection, Transcript transcript) throws Exception {
    DatabaseMetaData data = connection.getMetaData();
    transcript.note("product", data.getDatabaseProductName() + data.getDatabaseProductVersion());
    transcript.note("user", data.getUserName().replaceAll("@.*", ""));
    transcript.attempt("keywords", () -> transcript.note("keywords", data.getSQLKeywords()));
    transcript.note("catalog", connection.getCatalog());
    transcript.note("isolation", connection.getTransactionIsolation());
    transcript.note("read only", connection.isReadOnly());
    transcript.note("valid", connection.isValid(30));
    try (ResultSet tables = data.getTables("d", null, "t%", null)) {
      transcript.rows(tables);
    }
    try (ResultSet columns = data.getColumns("d", null, "types", "%")) {
      transcript.rows(columns);
    }
    try (ResultSet keys = data.getPrimaryKeys("d", null, "t")) {
      transcript.rows(keys);
    }
    try (ResultSet types = data.getTypeInfo()) {
      transcript.rows(types);
    }
  }

  private static void scrolling(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y'), (3, 'z')");
    try (Statement statement =
            connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
        ResultSet rows = statement.executeQuery("SELECT id, a, b FROM t ORDER BY a")) {
      rows.last();
      transcript.note("last", rows.getInt("a"));
      rows.updateString("b", "changed");
      rows.updateRow();
      rows.first();
      rows.deleteRow();
      rows.moveToInsertRow();
      rows.updateInt("a", 9);
      rows.updateString("b", "new");
      rows.insertRow();
    }
    transcript.run(connection, "SELECT a, b FROM t ORDER BY a");
    transcript.run(connection, "TRUNCATE t");
  }

  private static void limits(Connection connection, Transcript transcript) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(3);
      transcript.results(statement, statement.execute("SELECT n FROM " + numbers(10) + " x"));
      statement.setMaxRows(0);
      transcript.results(statement, statement.execute("SELECT n FROM " + numbers(5) + " x"));
    }
  }
}
