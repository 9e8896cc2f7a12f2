package io.sluice.connection.differ;

import static io.sluice.connection.differ.Operation.statements;

import io.sluice.testkit.await.Await;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** What leaves a trace in the session, several results at once, streams and files. */
public final class Sessions {

  private final Path directory;
  private final boolean mySqlDriver;
  private final boolean interrupts;

  /**
   * Operations of one driver.
   *
   * @param directory for files that the client loads
   * @param mySqlDriver or else that of MariaDB
   * @param interrupts whether to interrupt statements too, which takes seconds
   */
  public Sessions(Path directory, boolean mySqlDriver, boolean interrupts) {
    this.directory = directory;
    this.mySqlDriver = mySqlDriver;
    this.interrupts = interrupts;
  }

  /** All, in the order they have to run. */
  public List<Operation> all() {
    List<Operation> all = new ArrayList<>();
    all.add(new Operation("transactions", Sessions::transactions));
    all.add(
        statements(
            "transactions in words",
            "START TRANSACTION",
            "INSERT INTO t (a) VALUES (101)",
            "SAVEPOINT s",
            "INSERT INTO t (a) VALUES (102)",
            "ROLLBACK TO SAVEPOINT s",
            "RELEASE SAVEPOINT s",
            "COMMIT AND CHAIN",
            "INSERT INTO t (a) VALUES (103)",
            "ROLLBACK",
            "SELECT COUNT(*) FROM t WHERE a > 100",
            "SET TRANSACTION READ ONLY",
            "BEGIN",
            "INSERT INTO t (a) VALUES (104)",
            "COMMIT",
            "XA START 'x'",
            "INSERT INTO t (a) VALUES (105)",
            "XA END 'x'",
            "XA PREPARE 'x'",
            "XA COMMIT 'x'",
            "SELECT COUNT(*) FROM t WHERE a > 100"));
    all.add(
        statements(
            "state",
            "SET @a = 5, @b := 'x'",
            "SELECT @a + 1, @b, @none",
            "SELECT @c := 7",
            "SELECT @c",
            "SET SESSION sql_mode = 'ANSI_QUOTES'",
            "SELECT \"a\", id FROM t WHERE \"a\" = 101",
            "SET SESSION sql_mode = DEFAULT",
            "SET SESSION sort_buffer_size = 262144",
            "SELECT @@sort_buffer_size",
            "SET SESSION nothing = 1",
            "SET NAMES latin1",
            "SELECT 'ü', HEX('ü'), CHARSET('x')",
            "SET NAMES utf8mb4",
            "CREATE TEMPORARY TABLE tmp AS SELECT a FROM t",
            "SELECT COUNT(*) FROM tmp",
            "DROP TEMPORARY TABLE tmp",
            "SELECT GET_LOCK('mine', 0), IS_FREE_LOCK('mine'), RELEASE_LOCK('mine')",
            "LOCK TABLES t WRITE, u READ",
            "SELECT COUNT(*) FROM t",
            "SELECT COUNT(*) FROM types",
            "UNLOCK TABLES",
            "PREPARE p FROM 'SELECT ? * 2'",
            "SET @v = 4",
            "EXECUTE p USING @v",
            "DEALLOCATE PREPARE p",
            "EXECUTE p USING @v",
            "HANDLER t OPEN",
            "HANDLER t READ FIRST",
            "HANDLER t CLOSE"));
    all.add(new Operation("another character set", Sessions::wideCharacters));
    all.add(
        statements(
            "several statements",
            "SELECT 1; SELECT 2; SELECT 3",
            "INSERT INTO t (a) VALUES (201); UPDATE t SET b = 'm' WHERE a = 201; SELECT b FROM t"
                + " WHERE a = 201; DELETE FROM t WHERE a = 201",
            "SELECT 1; SELECT * FROM nowhere; SELECT 3",
            "SELECT 'a;b'; SELECT \"c;d\"; /* ; */ SELECT 3;",
            "CALL several(3); SELECT 'behind'",
            "SET @x = 1; SELECT @x"));
    all.add(new Operation("results left alone", Sessions::abandoned));
    all.add(new Operation("streaming", (c, t) -> streaming(c, t)));
    all.add(new Operation("databases", Sessions::databases));
    all.add(
        statements(
            "what the client said of itself",
            "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_connect_attrs"
                + " WHERE PROCESSLIST_ID = CONNECTION_ID() ORDER BY ATTR_NAME"));
    if (interrupts) {
      all.add(new Operation("time out", Sessions::timeOut));
      all.add(new Operation("cancel", Sessions::cancel));
    }
    all.add(new Operation("files", (c, t) -> files(c, t)));
    all.add(new Operation("session begins anew", (c, t) -> reset(c, t)));
    return all;
  }

  private static void transactions(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "TRUNCATE t");
    connection.setAutoCommit(false);
    transcript.run(connection, "INSERT INTO t (a) VALUES (1)");
    Savepoint savepoint = connection.setSavepoint("here");
    transcript.run(connection, "INSERT INTO t (a) VALUES (2)");
    connection.rollback(savepoint);
    connection.commit();
    transcript.run(connection, "INSERT INTO t (a) VALUES (3)");
    connection.rollback();
    transcript.run(connection, "SELECT a FROM t ORDER BY a");
    connection.setAutoCommit(true);
    for (int level :
        new int[] {
          Connection.TRANSACTION_READ_UNCOMMITTED,
          Connection.TRANSACTION_SERIALIZABLE,
          Connection.TRANSACTION_REPEATABLE_READ
        }) {
      connection.setTransactionIsolation(level);
      transcript.note("isolation", connection.getTransactionIsolation());
    }
    connection.setReadOnly(true);
    transcript.attempt("write", () -> transcript.run(connection, "INSERT INTO t (a) VALUES (4)"));
    connection.setReadOnly(false);
    transcript.run(connection, "SELECT COUNT(*) FROM t");
  }

  private static void wideCharacters(Connection connection, Transcript transcript)
      throws Exception {
    transcript.run(connection, "INSERT INTO words VALUES ('汉字'), ('誠'), ('plain')");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO words VALUES (?)")) {
      insert.setString(1, "誠\\'");
      transcript.note("count", insert.executeUpdate());
    }
    transcript.run(connection, "SELECT w, HEX(w) FROM words ORDER BY w");
    transcript.run(connection, "TRUNCATE words");
  }

  /** Closes what was not read to its end. */
  private static void abandoned(Connection connection, Transcript transcript) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT n FROM " + Queries.numbers(900) + " x; SELECT 2; SELECT 3");
      try (ResultSet rows = statement.getResultSet()) {
        rows.next();
        transcript.note("one", rows.getInt(1));
      }
    }
    transcript.run(connection, "SELECT 'in step'");
  }

  private void streaming(Connection connection, Transcript transcript) throws Exception {
    int[] sizes = mySqlDriver ? new int[] {Integer.MIN_VALUE, 7, 1000} : new int[] {1, 7, 1000};
    for (int size : sizes) {
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(size);
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT n, REPEAT('s', n) FROM " + Queries.numbers(900) + " x ORDER BY n")) {
          transcript.rows(rows);
        }
        try (ResultSet rows =
            statement.executeQuery("SELECT n FROM " + Queries.numbers(900) + " x ORDER BY n")) {
          for (int i = 0; i < 10; i++) {
            rows.next();
          }
          transcript.note("tenth", rows.getInt(1));
        }
      }
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT n, ? FROM " + Queries.numbers(300) + " x ORDER BY n")) {
        select.setFetchSize(size);
        select.setString(1, "p");
        try (ResultSet rows = select.executeQuery()) {
          transcript.rows(rows);
        }
      }
      transcript.run(connection, "SELECT 'after the stream'");
    }
  }

  private static void databases(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "USE mysql");
    transcript.run(connection, "SELECT DATABASE()");
    connection.setCatalog("d");
    transcript.note("catalog", connection.getCatalog());
    transcript.attempt("no such", () -> connection.setCatalog("nowhere"));
    transcript.run(connection, "SELECT DATABASE()");
  }

  private static void timeOut(Connection connection, Transcript transcript) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      transcript.attempt(
          "slow", () -> statement.executeQuery("SELECT 1 FROM t WHERE SLEEP(20) = 0"));
      statement.setQueryTimeout(0);
    }
    transcript.run(connection, "SELECT 'after the time out'");
  }

  /**
   * Interrupts it again and again until it ends: which of two errors it is, is a matter of time.
   */
  private static void cancel(Connection connection, Transcript transcript) throws Exception {
    try (Statement statement = connection.createStatement()) {
      FutureTask<Boolean> query =
          new FutureTask<>(
              () -> {
                try (ResultSet rows = statement.executeQuery("SELECT SLEEP(60) AS s")) {
                  return rows.next();
                }
              });
      Thread runner = new Thread(query, "slow-statement");
      runner.start();
      Await.until(
          "the statement ends at once",
          Duration.ofSeconds(50),
          () -> {
            if (!query.isDone()) {
              statement.cancel();
            }
            return query.isDone();
          });
      runner.join();
      transcript.note("at once", query.isDone());
    }
    transcript.attempt("rest", () -> transcript.note("valid", connection.isValid(30)));
  }

  private void files(Connection connection, Transcript transcript) throws Exception {
    Path good = directory.resolve("good.txt");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      lines.append(i).append('\t').append("v").append(i % 100).append('\n');
    }
    Files.writeString(good, lines);
    Path bad = directory.resolve("bad.txt");
    Files.writeString(bad, "1\tone\nx\ttoo long for it all\n1\tagain\n");
    Path empty = directory.resolve("empty.txt");
    Files.writeString(empty, "");
    for (Path file : List.of(good, empty, bad)) {
      transcript.run(connection, "TRUNCATE loaded");
      transcript.run(connection, load(file, "loaded"));
      transcript.run(connection, "SELECT COUNT(*), SUM(a), SUM(CRC32(b)) FROM loaded");
    }
    transcript.run(connection, load(directory.resolve("missing.txt"), "loaded"));
    transcript.run(connection, "SELECT 'after the missing file'");
    transcript.run(connection, load(good, "nowhere"));
    transcript.run(connection, "SELECT 1; " + load(bad, "loaded") + "; SELECT 2");
    if (mySqlDriver) {
      try (Statement statement = connection.createStatement()) {
        byte[] rows = "70\tstream\n71\tstream\n".getBytes(StandardCharsets.UTF_8);
        statement
            .unwrap(com.mysql.cj.jdbc.JdbcStatement.class)
            .setLocalInfileInputStream(new ByteArrayInputStream(rows));
        transcript.note("stream", statement.executeUpdate(load(good, "loaded")));
      }
      transcript.run(connection, "SELECT COUNT(*) FROM loaded WHERE b = 'stream'");
    }
    transcript.run(connection, "TRUNCATE loaded");
  }

  private static String load(Path file, String table) {
    return "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE " + table;
  }

  /** Forgets the session's state as connection pools of programs do. */
  private void reset(Connection connection, Transcript transcript) throws Exception {
    transcript.run(connection, "SET @kept = 1");
    transcript.run(connection, "CREATE TEMPORARY TABLE tmp (a INT)");
    if (mySqlDriver) {
      var own = connection.unwrap(com.mysql.cj.jdbc.JdbcConnection.class);
      transcript.attempt("change user", () -> own.changeUser("app", "apppw"));
    } else {
      var own = connection.unwrap(org.mariadb.jdbc.Connection.class);
      transcript.attempt("reset", own::reset);
    }
    transcript.run(connection, "SELECT @kept");
    transcript.run(connection, "SELECT * FROM d.tmp");
    transcript.run(connection, "SELECT DATABASE(), @@autocommit, @@character_set_client");
  }
}
