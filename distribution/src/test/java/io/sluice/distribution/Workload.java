package io.sluice.distribution;

import io.sluice.testkit.server.MariaDbServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What is written on the master. */
final class Workload {

  private Workload() {}

  /** DDL, two engines, transactions, LOAD DATA, a 40 MB row, and new binlog files between. */
  static void mixed(MariaDbServer master, Path directory) {
    master.execute(
        "CREATE DATABASE w",
        "CREATE TABLE w.inno (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200), b LONGBLOB) ENGINE=InnoDB",
        "CREATE TABLE w.aria (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200)) ENGINE=Aria",
        "INSERT INTO w.inno (v) VALUES ('a'), ('b'), ('c')",
        "INSERT INTO w.aria (v) VALUES ('x'), ('y')",
        "FLUSH BINARY LOGS",
        "ALTER TABLE w.inno ADD COLUMN n INT DEFAULT 7",
        "UPDATE w.inno SET v = CONCAT(v, '!') WHERE id < 3",
        "SET STATEMENT binlog_format = 'STATEMENT' FOR INSERT INTO w.aria (v) SELECT v FROM w.inno");
    loadData(master, directory);
    master.execute("FLUSH BINARY LOGS");
    bigRow(master, 40 * 1024 * 1024);
    transactions(master);
    master.execute(
        "FLUSH BINARY LOGS",
        "CREATE TABLE w.copy AS SELECT id, v FROM w.inno",
        "DELETE FROM w.aria WHERE id % 2 = 0",
        "DROP TABLE w.copy",
        "CREATE TABLE w.last (id INT PRIMARY KEY) ENGINE=InnoDB",
        "INSERT INTO w.last VALUES (1)");
  }

  private static void loadData(MariaDbServer master, Path directory) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      rows.append("row ").append(i).append('\n');
    }
    try {
      Path file = Files.writeString(directory.resolve("rows.txt"), rows);
      master.execute(
          "LOAD DATA INFILE '" + file + "' INTO TABLE w.inno (v)",
          "SET STATEMENT binlog_format = 'STATEMENT' FOR LOAD DATA INFILE '"
              + file
              + "' INTO TABLE w.aria (v)");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void bigRow(MariaDbServer master, int bytes) {
    byte[] blob = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(blob);
    try (Connection connection = master.connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO w.inno (v, b) VALUES ('big', ?)")) {
      insert.setBytes(1, blob);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void transactions(MariaDbServer master) {
    try (Connection connection = master.connect()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 50; i++) {
        try (var statement = connection.createStatement()) {
          statement.executeUpdate("INSERT INTO w.inno (v) VALUES ('t" + i + "')");
          statement.executeUpdate("UPDATE w.inno SET n = n + 1 WHERE id = " + (i + 1));
        }
        if (i % 7 == 0) {
          connection.rollback();
        } else {
          connection.commit();
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes to InnoDB without end until closed; goes on when the master comes back. */
  static final class Writer implements AutoCloseable {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong commits = new AtomicLong();
    private final Thread thread;

    Writer(MariaDbServer master) {
      master.execute(
          "CREATE DATABASE IF NOT EXISTS w",
          "CREATE TABLE IF NOT EXISTS w.crash (id BIGINT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(2000)) ENGINE=InnoDB");
      thread = new Thread(() -> run(master), "workload");
      thread.start();
    }

    private void run(MariaDbServer master) {
      while (!stop.get()) {
        try (Connection connection = master.connect();
            PreparedStatement insert =
                connection.prepareStatement("INSERT INTO w.crash (v) VALUES (REPEAT(?, ?))")) {
          connection.setAutoCommit(false);
          while (!stop.get()) {
            for (int i = ThreadLocalRandom.current().nextInt(1, 20); i > 0; i--) {
              insert.setString(1, "abcdefghij");
              insert.setInt(2, ThreadLocalRandom.current().nextInt(1, 200));
              insert.executeUpdate();
            }
            connection.commit();
            if (commits.incrementAndGet() % 500 == 0) {
              connection.createStatement().execute("FLUSH BINARY LOGS");
            }
          }
        } catch (SQLException | RuntimeException | AssertionError e) {
          Thread.onSpinWait(); // The master is down at the moment: try again.
        }
      }
    }

    long commits() {
      return commits.get();
    }

    @Override
    public void close() {
      stop.set(true);
      try {
        thread.join(60_000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
