package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers that go on until closed, each with a sequence of its own: its rows are numbered without a
 * gap, and a counter without a key is raised with them. A row that is applied twice is an error, as
 * is an update of the counter by row when it is not what it was on the master; an update by
 * statement shows in the end. Small and large transactions, both formats, and short binlog files.
 */
final class SequenceLoad implements AutoCloseable {

  private static final int WRITERS = 5;
  private static final int DOMAINS = 3;
  private static final Duration PAUSE = Duration.ofMillis(25);

  /** So many transactions are committed until {@link #allowMore}. */
  private static final int PORTION = 400;

  private final DatabaseServer master;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong commits = new AtomicLong();
  private final Semaphore allowed = new Semaphore(PORTION);
  private final List<Writer> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Makes the tables and starts the writers, and one thread that closes files. */
  SequenceLoad(DatabaseServer master, long seed) {
    this.master = master;
    master.execute("CREATE DATABASE load_test");
    for (int i = 0; i < WRITERS; i++) {
      master.execute(
          "CREATE TABLE load_test.seq" + i + " (n BIGINT PRIMARY KEY, v LONGBLOB) ENGINE=InnoDB",
          "CREATE TABLE load_test.sb"
              + i
              + " (id INT PRIMARY KEY, k INT NOT NULL, c VARCHAR(120), KEY (k)) ENGINE=InnoDB",
          "INSERT INTO load_test.sb"
              + i
              + " SELECT seq, seq * 7, 'begin' FROM load_test.seq_1_to_200",
          "CREATE TABLE load_test.counter" + i + " (n BIGINT NOT NULL) ENGINE=InnoDB",
          "INSERT INTO load_test.counter" + i + " VALUES (0)");
      Writer writer = new Writer(i, new Random(seed + i));
      writers.add(writer);
      start("load-" + i, writer);
    }
    Random random = new Random(seed - 1);
    start("rotations", () -> rotate(random));
  }

  private void start(String name, Runnable body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (RuntimeException | AssertionError e) {
                failure.set(e);
              }
            },
            name);
    threads.add(thread);
    thread.start();
  }

  private void rotate(Random random) {
    while (!stop.get()) {
      master.execute("FLUSH BINARY LOGS");
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(100, 700)).toNanos());
    }
  }

  /** One connection and what it has committed. */
  private final class Writer implements Runnable {
    private final int number;
    private final Random random;
    private volatile long last;

    Writer(int number, Random random) {
      this.number = number;
      this.random = random;
    }

    @Override
    public void run() {
      try (Connection connection = master.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("SET gtid_domain_id = " + number % DOMAINS);
        statement.execute("USE load_test");
        connection.setAutoCommit(false);
        while (!stop.get()) {
          if (allowed.tryAcquire()) {
            transaction(connection, statement);
            commits.incrementAndGet();
          }
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private void transaction(Connection connection, Statement statement) throws SQLException {
      int kind = random.nextInt(200);
      int rows = kind < 4 ? 300 : kind < 60 ? random.nextInt(2, 12) : 1;
      connection.commit();
      statement.execute("SET binlog_format = '" + (kind % 3 == 0 ? "MIXED" : "ROW") + "'");
      StringBuilder insert = new StringBuilder("INSERT INTO seq" + number + " VALUES ");
      for (int i = 1; i <= rows; i++) {
        insert
            .append(i == 1 ? "(" : ", (")
            .append(last + i)
            .append(", REPEAT('payload ', ")
            .append(random.nextInt(1, 60))
            .append("))");
      }
      statement.execute(insert.toString());
      statement.execute("UPDATE counter" + number + " SET n = n + " + rows);
      if (kind < 60) {
        statement.execute(
            "UPDATE sb" + number + " SET k = k + 1, c = 'x" + kind + "' WHERE id <= " + (kind + 1));
      }
      if (kind == 100) {
        insertBlob(connection);
        rows++;
      }
      connection.commit();
      last += rows;
    }

    private void insertBlob(Connection connection) throws SQLException {
      byte[] blob = new byte[1 << random.nextInt(17, 22)];
      random.nextBytes(blob);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO seq" + number + " VALUES (?, ?)")) {
        insert.setLong(1, last + 2);
        insert.setBytes(2, blob);
        insert.executeUpdate();
      }
      try (Statement update = connection.createStatement()) {
        update.execute("UPDATE counter" + number + " SET n = n + 1");
      }
    }
  }

  /** Has the writers go on: a slow machine gets no more work than a fast one. */
  void allowMore() {
    allowed.release(Math.max(0, PORTION - allowed.availablePermits()));
  }

  /** Waits until so many more transactions are committed. */
  void awaitMore(int count) {
    long enough = commits.get() + count;
    Await.until(
        count + " commits",
        Duration.ofSeconds(60),
        () -> failure.get() != null || commits.get() >= enough,
        () -> "so far " + commits.get());
    assertRunning();
  }

  /** Fails if a writer has failed. */
  void assertRunning() {
    Throwable problem = failure.get();
    if (problem != null) {
      throw new AssertionError("the load failed", problem);
    }
  }

  /** Fails unless a server has each row of each sequence once; to be asked when all is applied. */
  void assertComplete(DatabaseServer server) {
    for (Writer writer : writers) {
      long expected = writer.last;
      assertThat(
              server.queryRow(
                  "SELECT COUNT(*), MIN(n), MAX(n), (SELECT n FROM load_test.counter"
                      + writer.number
                      + ") FROM load_test.seq"
                      + writer.number))
          .as("rows of writer %d on %s: count, first, last, counted", writer.number, server)
          .containsExactly("" + expected, "1", "" + expected, "" + expected);
    }
  }

  long commits() {
    return commits.get();
  }

  @Override
  public void close() {
    stop.set(true);
    try {
      for (Thread thread : threads) {
        thread.join(60_000);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
