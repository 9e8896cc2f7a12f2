package io.sluice.distribution;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writers that go on until closed, one in each of three domains, through restarts of the master.
 * They do only what a killed server or replica brings back right by itself: InnoDB, row events, and
 * statements and DDL that may be done twice.
 */
final class Writers implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(8);

  private final AtomicReference<DatabaseServer> master;
  private final IntFunction<String> session;
  private final boolean ddl;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Writers at a MariaDB. */
  Writers(DatabaseServer master, long seed) {
    this(master, seed, domain -> "SET gtid_domain_id = " + domain, true);
  }

  /**
   * Writers whose sessions begin with that statement, made from the writer's number; without DDL
   * where a server that is killed in the middle has it in the tables and not in the binlog.
   */
  Writers(DatabaseServer master, long seed, IntFunction<String> session, boolean ddl) {
    this.master = new AtomicReference<>(master);
    this.session = session;
    this.ddl = ddl;
    for (int domain = 0; domain < Workload.DOMAINS; domain++) {
      int own = domain;
      Random random = new Random(seed + domain);
      Thread thread = new Thread(() -> run(own, random), "writer-" + domain);
      threads.add(thread);
      thread.start();
    }
  }

  private void run(int domain, Random random) {
    while (!stop.get()) {
      try (Connection connection = master.get().connect();
          Statement statement = connection.createStatement()) {
        statement.execute(session.apply(domain));
        statement.execute("SET binlog_format = 'ROW'");
        statement.execute("CREATE DATABASE IF NOT EXISTS c" + domain);
        statement.execute("USE c" + domain);
        statement.execute(
            "CREATE TABLE IF NOT EXISTS main (id BIGINT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(2000),"
                + " b LONGBLOB) ENGINE=InnoDB");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS twice (id INT PRIMARY KEY, v VARCHAR(100)) ENGINE=InnoDB");
        while (!stop.get()) {
          step(connection, statement, random);
          commits.incrementAndGet();
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      } catch (SQLException | RuntimeException | AssertionError e) {
        failure.set(e); // The master is down at the moment: try again.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void step(Connection connection, Statement statement, Random random) throws SQLException {
    int kind = random.nextInt(300);
    if (kind == 0) {
      statement.execute("FLUSH BINARY LOGS");
    } else if (kind == 1 && ddl) {
      statement.execute("CREATE TABLE IF NOT EXISTS other (id INT PRIMARY KEY) ENGINE=InnoDB");
    } else if (kind == 2 && ddl) {
      statement.execute("DROP TABLE IF EXISTS other");
    } else if (kind == 3) {
      insertBlob(connection, random);
    } else if (kind < 30) {
      statement.execute("SET binlog_format = 'STATEMENT'");
      statement.execute(
          "REPLACE INTO twice VALUES ("
              + random.nextInt(50)
              + ", 'value "
              + random.nextInt()
              + "')");
      statement.execute("SET binlog_format = 'ROW'");
    } else {
      transaction(connection, statement, random);
    }
  }

  private static void transaction(Connection connection, Statement statement, Random random)
      throws SQLException {
    connection.setAutoCommit(false);
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      statement.execute(
          "INSERT INTO main (v) VALUES (REPEAT('abcdefghij', " + random.nextInt(1, 150) + "))");
    }
    if (random.nextInt(4) == 0) {
      statement.execute("SAVEPOINT s");
      statement.execute("UPDATE main SET v = 'undone' ORDER BY id LIMIT 3");
      statement.execute("ROLLBACK TO s");
      statement.execute("DELETE FROM main ORDER BY id LIMIT 2");
    }
    if (random.nextInt(10) == 0) {
      connection.rollback();
    } else {
      connection.commit();
    }
    connection.setAutoCommit(true);
  }

  private static void insertBlob(Connection connection, Random random) throws SQLException {
    byte[] blob = new byte[1 << random.nextInt(18, 22)];
    random.nextBytes(blob);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO main (b) VALUES (?)")) {
      insert.setBytes(1, blob);
      insert.executeUpdate();
    }
  }

  /** From now on they write there. */
  void moveTo(DatabaseServer other) {
    master.set(other);
  }

  /** Waits until so many more transactions are committed. */
  void awaitMore(int count) {
    long enough = commits.get() + count;
    Await.until(
        count + " commits",
        Duration.ofSeconds(60),
        () -> commits.get() >= enough,
        () -> "last failure: " + failure.get());
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
