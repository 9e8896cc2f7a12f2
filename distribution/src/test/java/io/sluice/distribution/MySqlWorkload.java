package io.sluice.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What a MySQL source can put into its binlog: DDL, two engines, three formats, compressed and
 * tagged and empty transactions, savepoints, XA, temporary tables, LOAD DATA, partial JSON, rows of
 * more than one packet, transactions of 100 MB. Three writers at the same time, each in a database
 * of its own, with the session that {@link MySqlTopology#session} gives it.
 */
final class MySqlWorkload {

  private static final int WRITERS = 3;
  private static final int BIG_ROW = 17 * 1024 * 1024;
  private static final int MEGABYTE = 1024 * 1024;
  private static final String OWN_UUID = "aaaaaaaa-0000-11f1-8000-00000000000";

  private final MySqlTopology topology;
  private final Connection connection;
  private final Statement statement;
  private final Path directory;
  private final String db;
  private final int writer;

  private MySqlWorkload(MySqlTopology topology, Connection connection, Path directory, int writer)
      throws SQLException {
    this.topology = topology;
    this.connection = connection;
    this.statement = connection.createStatement();
    this.directory = directory;
    this.db = "w" + writer;
    this.writer = writer;
  }

  /** Runs all of it; returns when it is committed. */
  static void mixed(MySqlTopology topology, Path directory) {
    ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
    try {
      for (Future<Integer> writer :
          pool.invokeAll(
              IntStream.range(0, WRITERS)
                  .mapToObj(number -> (Callable<Integer>) () -> write(topology, directory, number))
                  .toList())) {
        writer.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** A transaction of so many megabytes, in each form that the server has. */
  static void bigTransaction(MySqlTopology topology, int megabytes) {
    try (Connection connection = topology.master().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE big");
      for (int writer = 0; writer < WRITERS; writer++) {
        statement.execute(topology.session(writer));
        statement.execute("SET binlog_format = 'ROW'");
        bigTransaction(connection, statement, "big.t" + writer, writer == 0 ? megabytes : 20);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void bigTransaction(
      Connection connection, Statement statement, String table, int megabytes) throws SQLException {
    statement.execute("CREATE TABLE " + table + " (id INT AUTO_INCREMENT PRIMARY KEY, b LONGBLOB)");
    byte[] random = new byte[MEGABYTE];
    new Random(megabytes).nextBytes(random);
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " (b) VALUES (?)")) {
      insert.setBytes(1, random);
      insert.executeUpdate();
    }
    for (int rows = 1; rows < megabytes; rows *= 2) {
      statement.execute(
          "INSERT INTO "
              + table
              + " (b) SELECT b FROM "
              + table
              + " LIMIT "
              + Math.min(rows, megabytes - rows));
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static int write(MySqlTopology topology, Path directory, int writer) throws Exception {
    try (Connection connection = topology.master().connect()) {
      MySqlWorkload workload = new MySqlWorkload(topology, connection, directory, writer);
      workload.run(topology.session(writer));
      workload.makeTables();
      workload.formats();
      workload.loadData();
      workload.transactions();
      workload.globalTransactions();
      workload.temporaryTables();
      workload.objects();
      if (topology.isGtid()) {
        workload.chosenGtids();
      }
      if (!topology.isOld()) {
        workload.newer();
      }
      if (writer == 0) {
        workload.bigRow();
      }
      workload.ddl();
      return writer;
    }
  }

  private void run(String... statements) throws SQLException {
    for (String sql : statements) {
      statement.execute(sql);
    }
  }

  private void makeTables() throws SQLException {
    run(
        "CREATE DATABASE " + db,
        "USE " + db,
        "CREATE TABLE inno (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200), b LONGBLOB) ENGINE=InnoDB",
        "CREATE TABLE isam (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200), b LONGBLOB) ENGINE=MyISAM",
        "CREATE TABLE types (id INT PRIMARY KEY, d DECIMAL(20,5), f DOUBLE, t TIMESTAMP(6) NULL,"
            + " e ENUM('a','b'), s SET('x','y'), bits BIT(11), y YEAR, g GEOMETRY, n BIGINT UNSIGNED,"
            + " c CHAR(40) CHARACTER SET utf16) ENGINE=InnoDB",
        "INSERT INTO inno (v) VALUES ('a'), ('b'), ('c')",
        "INSERT INTO isam (v) VALUES ('x'), ('y')",
        "INSERT INTO types VALUES (1, -12345.6789, 1e-300, '2026-11-21 01:02:03.456789', 'b', 'x,y', b'10101010101',"
            + " 2026, POINT(1, 2), 18446744073709551615, 'été')");
  }

  private void formats() throws SQLException {
    run("FLUSH BINARY LOGS", "ALTER TABLE inno ADD COLUMN n INT DEFAULT 7");
    for (String format : new String[] {"STATEMENT", "ROW", "MIXED"}) {
      run(
          "SET binlog_format = '" + format + "'",
          "SET @a = '" + format + "', @n = 5",
          "INSERT INTO inno (v, n) VALUES (CONCAT(@a, RAND()), @n), (NOW(), LAST_INSERT_ID())",
          "UPDATE inno SET v = CONCAT(v, '!') WHERE id < 3",
          "INSERT INTO isam (v) SELECT v FROM inno ORDER BY id",
          "REPLACE INTO types (id, d, c) VALUES (2, RAND() * 1000, '" + format + "')",
          "INSERT INTO inno (id, v) VALUES (1, 'dup') ON DUPLICATE KEY UPDATE v = VALUES(v)",
          "DELETE FROM isam WHERE id % 5 = 0");
    }
    run(
        "SET binlog_format = 'ROW'",
        "SET binlog_row_image = 'MINIMAL'",
        "UPDATE inno SET n = n + 1 WHERE id % 2 = 0",
        "SET binlog_row_image = 'NOBLOB'",
        "DELETE FROM types WHERE id = 2",
        "SET binlog_row_image = DEFAULT",
        "SET binlog_format = 'MIXED'");
  }

  private void loadData() throws SQLException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      rows.append("row ").append(i).append('\n');
    }
    try {
      Path file = Files.writeString(directory.resolve("rows" + writer + ".txt"), rows);
      run(
          "LOAD DATA INFILE '" + file + "' INTO TABLE inno (v)",
          "SET binlog_format = 'STATEMENT'",
          "LOAD DATA INFILE '" + file + "' INTO TABLE isam (v)",
          "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE inno (v)",
          "SET binlog_format = 'MIXED'");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void transactions() throws SQLException {
    connection.setAutoCommit(false);
    for (int i = 0; i < 50; i++) {
      run(
          "INSERT INTO inno (v) VALUES ('t" + i + "')",
          "SAVEPOINT s",
          "UPDATE inno SET n = n + 1 WHERE id = " + (i + 1));
      if (i % 5 == 0 && !topology.isGtid()) {
        run("INSERT INTO isam (v) VALUES ('not undone')");
      }
      if (i % 3 == 0) {
        run("ROLLBACK TO s");
      }
      if (i % 7 == 0) {
        connection.rollback();
      } else {
        connection.commit();
      }
    }
    connection.setAutoCommit(true);
  }

  private void globalTransactions() throws SQLException {
    for (int i = 0; i < 6; i++) {
      String xid = "'" + db + "-" + i + "'";
      run(
          "XA START " + xid,
          "INSERT INTO inno (v) VALUES ('xa " + i + "')",
          "XA END " + xid,
          i % 3 == 2 ? "XA COMMIT " + xid + " ONE PHASE" : "XA PREPARE " + xid);
      if (i % 3 != 2) {
        run(i % 3 == 0 ? "XA COMMIT " + xid : "XA ROLLBACK " + xid);
      }
    }
  }

  private void temporaryTables() throws SQLException {
    run(
        "SET binlog_format = 'STATEMENT'",
        "CREATE TEMPORARY TABLE tmp (v VARCHAR(200))",
        "INSERT INTO tmp VALUES ('temp 1'), ('temp 2')",
        "INSERT INTO inno (v) SELECT v FROM tmp ORDER BY v",
        "DROP TEMPORARY TABLE tmp",
        "SET binlog_format = 'ROW'",
        "CREATE TEMPORARY TABLE tmp2 (v VARCHAR(200))",
        "INSERT INTO tmp2 SELECT v FROM inno WHERE id < 10",
        "INSERT INTO isam (v) SELECT v FROM tmp2 ORDER BY v",
        "DROP TEMPORARY TABLE tmp2",
        "SET binlog_format = 'MIXED'");
  }

  private void objects() throws SQLException {
    run(
        "CREATE VIEW view1 AS SELECT id, v FROM inno",
        "CREATE TRIGGER trg AFTER INSERT ON types FOR EACH ROW INSERT INTO inno (v) VALUES (NEW.c)",
        "INSERT INTO types (id, c) VALUES (3, 'fires')",
        "DROP TRIGGER trg",
        "CREATE PROCEDURE proc(n INT) BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO"
            + " INSERT INTO inno (v, n) VALUES ('proc', i); SET i = i + 1; END WHILE; END",
        "CALL proc(5)",
        "CREATE FUNCTION func(x INT) RETURNS INT DETERMINISTIC RETURN x * 2",
        "UPDATE inno SET n = func(n) WHERE id = 2",
        "CREATE USER '" + db + "'@'localhost'",
        "GRANT SELECT ON " + db + ".* TO '" + db + "'@'localhost'");
  }

  /** Transactions of another server's UUID, with holes between them, and empty ones. */
  private void chosenGtids() throws SQLException {
    for (int number : new int[] {7, 1, 2, 9, 3}) {
      run(
          "SET gtid_next = '" + OWN_UUID + writer + ":" + number + "'",
          "BEGIN",
          number % 2 == 0 ? "DO 0" : "INSERT INTO inno (v) VALUES ('gtid " + number + "')",
          "COMMIT");
    }
    run("SET gtid_next = 'AUTOMATIC'", topology.session(writer));
  }

  /** What 5.6 does not have. */
  private void newer() throws SQLException {
    run(
        "CREATE TABLE docs (id INT PRIMARY KEY, j JSON, k INT AS (j->'$.n') STORED)",
        "SET binlog_format = 'ROW', binlog_row_value_options = 'PARTIAL_JSON'",
        "INSERT INTO docs (id, j) VALUES (1, JSON_OBJECT('n', 1, 'text', REPEAT('x', 5000)))",
        "UPDATE docs SET j = JSON_SET(j, '$.n', 2)",
        "UPDATE docs SET j = JSON_REMOVE(JSON_SET(j, '$.m', 3), '$.n')",
        "SET binlog_row_value_options = '', binlog_format = 'MIXED'",
        "CREATE TABLE made AS SELECT id, v FROM inno",
        "SET SESSION binlog_transaction_compression = ON",
        "INSERT INTO docs (id, j) SELECT id, JSON_OBJECT('v', v) FROM inno WHERE id BETWEEN 10 AND 500",
        "SET SESSION binlog_transaction_compression = OFF",
        topology.session(writer));
  }

  private void bigRow() throws SQLException {
    byte[] blob = new byte[BIG_ROW];
    new Random(BIG_ROW).nextBytes(blob);
    // 5.6 has no InnoDB rows that are bigger than a tenth of its redo log.
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO " + (topology.isOld() ? "isam" : "inno") + " (v, b) VALUES ('big', ?)")) {
      insert.setBytes(1, blob);
      insert.executeUpdate();
    }
  }

  private void ddl() throws SQLException {
    run(
        "FLUSH BINARY LOGS",
        "CREATE TABLE copy LIKE inno",
        "INSERT INTO copy (id, v) SELECT id, v FROM inno",
        "DELETE FROM isam WHERE id % 2 = 0",
        "RENAME TABLE copy TO copy2",
        "ALTER TABLE copy2 MODIFY v VARCHAR(300), ADD INDEX (v(10))",
        "TRUNCATE TABLE copy2",
        "DROP TABLE copy2",
        "CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3",
        "INSERT INTO parts SELECT id FROM inno WHERE id <= 100",
        "CREATE TABLE last (id INT PRIMARY KEY) ENGINE=InnoDB",
        "INSERT INTO last VALUES (1)");
  }
}
