package io.sluice.distribution;

import io.sluice.testkit.server.MariaDbServer;
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
 * What a master can put into its binlog: DDL, two engines, three formats, transactions with
 * savepoints, XA, temporary tables, LOAD DATA, rows of more than one packet. One writer in each of
 * three domains, at the same time, each in a database of its own.
 */
final class Workload {

  static final int DOMAINS = 3;
  private static final int BIG_ROW = 20 * 1024 * 1024;

  private final Connection connection;
  private final Statement statement;
  private final Path directory;
  private final String db;
  private final int domain;

  private Workload(Connection connection, Path directory, int domain) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
    this.directory = directory;
    this.db = "w" + domain;
    this.domain = domain;
  }

  /** Runs all of it; returns when it is committed. */
  static void mixed(MariaDbServer master, Path directory) {
    ExecutorService pool = Executors.newFixedThreadPool(DOMAINS);
    try {
      for (Future<Integer> writer :
          pool.invokeAll(
              IntStream.range(0, DOMAINS)
                  .mapToObj(domain -> (Callable<Integer>) () -> write(master, directory, domain))
                  .toList())) {
        writer.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static int write(MariaDbServer master, Path directory, int domain) throws Exception {
    try (Connection connection = master.connect()) {
      Workload workload = new Workload(connection, directory, domain);
      workload.makeTables();
      workload.formats();
      workload.loadData();
      workload.transactions();
      workload.globalTransactions();
      workload.temporaryTables();
      workload.objects();
      if (domain == 0) {
        workload.bigRow();
      }
      workload.ddl();
      return domain;
    }
  }

  private void run(String... statements) throws SQLException {
    for (String sql : statements) {
      statement.execute(sql);
    }
  }

  private void makeTables() throws SQLException {
    run(
        "SET gtid_domain_id = " + domain,
        "CREATE DATABASE " + db,
        "USE " + db,
        "CREATE TABLE inno (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200), b LONGBLOB) ENGINE=InnoDB",
        "CREATE TABLE aria (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200)) ENGINE=Aria",
        "CREATE TABLE types (id INT PRIMARY KEY, d DECIMAL(20,5), f DOUBLE, t TIMESTAMP(6) NULL,"
            + " e ENUM('a','b'), s SET('x','y'), bits BIT(11), y YEAR, j JSON, g POINT, n BIGINT UNSIGNED,"
            + " c CHAR(40) CHARACTER SET utf16) ENGINE=InnoDB",
        "INSERT INTO inno (v) VALUES ('a'), ('b'), ('c')",
        "INSERT INTO aria (v) VALUES ('x'), ('y')",
        "INSERT INTO types VALUES (1, -12345.6789, 1e-300, '2026-11-21 01:02:03.456789', 'b', 'x,y', b'10101010101',"
            + " 2026, '{\"a\": [1, 2]}', POINT(1, 2), 18446744073709551615, 'été')");
  }

  private void formats() throws SQLException {
    run("FLUSH BINARY LOGS", "ALTER TABLE inno ADD COLUMN n INT DEFAULT 7");
    for (String format : new String[] {"STATEMENT", "ROW", "MIXED"}) {
      run(
          "SET binlog_format = '" + format + "'",
          "SET @a = '" + format + "', @n = 5",
          "INSERT INTO inno (v, n) VALUES (CONCAT(@a, RAND()), @n), (NOW(), LAST_INSERT_ID())",
          "UPDATE inno SET v = CONCAT(v, '!') WHERE id < 3",
          "INSERT INTO aria (v) SELECT v FROM inno ORDER BY id",
          "REPLACE INTO types (id, d, c) VALUES (2, RAND() * 1000, '" + format + "')",
          "INSERT INTO inno (id, v) VALUES (1, 'dup') ON DUPLICATE KEY UPDATE v = VALUES(v)",
          "DELETE FROM aria WHERE id % 5 = 0");
    }
    run(
        "SET binlog_format = 'ROW'",
        "SET binlog_row_image = 'MINIMAL'",
        "UPDATE inno SET n = n + 1 WHERE id % 2 = 0",
        "SET binlog_row_image = 'NOBLOB'",
        "DELETE FROM types WHERE id = 2",
        "SET binlog_row_image = DEFAULT",
        "SET skip_replication = 1",
        "INSERT INTO inno (v) VALUES ('marked for skipping')",
        "SET skip_replication = 0",
        "SET binlog_format = 'MIXED'");
  }

  private void loadData() throws SQLException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      rows.append("row ").append(i).append('\n');
    }
    try {
      Path file = Files.writeString(directory.resolve("rows" + domain + ".txt"), rows);
      run(
          "LOAD DATA INFILE '" + file + "' INTO TABLE inno (v)",
          "SET binlog_format = 'STATEMENT'",
          "LOAD DATA INFILE '" + file + "' INTO TABLE aria (v)",
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
      if (i % 5 == 0) {
        run("INSERT INTO aria (v) VALUES ('not undone')");
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
        "SET binlog_format = 'MIXED'",
        "CREATE TEMPORARY TABLE tmp2 AS SELECT v FROM inno WHERE id < 10",
        "INSERT INTO aria (v) SELECT v FROM tmp2 ORDER BY v",
        "DROP TEMPORARY TABLE tmp2");
  }

  private void objects() throws SQLException {
    run(
        "CREATE SEQUENCE seq START WITH 10",
        "INSERT INTO inno (v, n) VALUES ('seq', NEXT VALUE FOR seq)",
        "CREATE VIEW view1 AS SELECT id, v FROM inno",
        "CREATE TRIGGER trg AFTER INSERT ON aria FOR EACH ROW INSERT INTO inno (v) VALUES (NEW.v)",
        "INSERT INTO aria (v) VALUES ('fires')",
        "DROP TRIGGER trg",
        "CREATE PROCEDURE proc(n INT) BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO"
            + " INSERT INTO inno (v, n) VALUES ('proc', i); SET i = i + 1; END WHILE; END",
        "CALL proc(5)",
        "CREATE FUNCTION func(x INT) RETURNS INT DETERMINISTIC RETURN x * 2",
        "UPDATE inno SET n = func(n) WHERE id = 2",
        "CREATE USER '" + db + "'@'localhost'",
        "GRANT SELECT ON " + db + ".* TO '" + db + "'@'localhost'");
  }

  private void bigRow() throws SQLException {
    byte[] blob = new byte[BIG_ROW];
    new Random(BIG_ROW).nextBytes(blob);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO inno (v, b) VALUES ('big', ?)")) {
      insert.setBytes(1, blob);
      insert.executeUpdate();
    }
  }

  private void ddl() throws SQLException {
    run(
        "FLUSH BINARY LOGS",
        "CREATE TABLE copy AS SELECT id, v FROM inno",
        "DELETE FROM aria WHERE id % 2 = 0",
        "RENAME TABLE copy TO copy2",
        "ALTER TABLE copy2 MODIFY v VARCHAR(300), ADD INDEX (v(10))",
        "TRUNCATE TABLE copy2",
        "DROP TABLE copy2",
        "CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3",
        "INSERT INTO parts SELECT seq FROM seq_1_to_100",
        "CREATE TABLE last (id INT PRIMARY KEY) ENGINE=InnoDB",
        "INSERT INTO last VALUES (1)");
  }
}
