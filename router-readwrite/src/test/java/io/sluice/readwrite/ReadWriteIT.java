package io.sluice.readwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver's view of a healthy cluster through the read-write split. */
class ReadWriteIT {

  @TempDir static Path directory;

  private static Cluster cluster;
  private Connection connection;

  @BeforeAll
  static void startCluster() {
    BlockingGuard.install();
    cluster = new Cluster(directory, "max-session-commands = 20");
    cluster.master.execute(
        "CREATE TABLE app.t (id INT PRIMARY KEY AUTO_INCREMENT, a VARCHAR(100))",
        "CREATE TABLE other.u (a INT)",
        "INSERT INTO other.u VALUES (7)",
        "CREATE PROCEDURE app.p() SET @from_procedure = 5");
    cluster.awaitCaughtUp();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = cluster.connect();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
    Await.until("all sessions have closed", () -> cluster.sessions() == 0);
    cluster.configured.forEach(
        server -> {
          assertThat(cluster.number(server, "connections")).isZero();
          assertThat(cluster.number(server, "operations")).isZero();
        });
  }

  @Test
  void shouldSpreadReadsOverReplicas() throws SQLException {
    Set<String> servers = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      servers.add(value("SELECT @@server_id"));
    }
    assertThat(servers).containsExactlyInAnyOrder("2", "3");
  }

  @Test
  void shouldWriteOnTheMaster() throws SQLException {
    execute("INSERT INTO t (a) VALUES ('written')");

    assertThat(cluster.master.queryString("SELECT COUNT(*) FROM app.t WHERE a = 'written'"))
        .isEqualTo("1");
    assertThat(value("SELECT @@server_id FROM t LIMIT 1 FOR UPDATE")).isEqualTo("1");
  }

  @Test
  void shouldTellTheInsertedIdOfTheMaster() throws SQLException {
    execute("INSERT INTO t (a) VALUES ('id')");
    assertThat(value("SELECT LAST_INSERT_ID()")).isNotEqualTo("0");
  }

  @Test
  void shouldKeepTransactionsOnTheMaster() throws SQLException {
    connection.setAutoCommit(false);
    assertThat(value("SELECT @@server_id")).isEqualTo("1");
    execute("INSERT INTO t (a) VALUES ('in transaction')");
    assertThat(value("SELECT COUNT(*) FROM t WHERE a = 'in transaction'")).isEqualTo("1");
    connection.rollback();
    assertThat(value("SELECT COUNT(*) FROM t WHERE a = 'in transaction'")).isEqualTo("0");
    connection.commit();
    connection.setAutoCommit(true);
    assertThat(value("SELECT @@server_id")).isIn("2", "3");

    execute("START TRANSACTION READ ONLY");
    assertThat(value("SELECT @@server_id")).isEqualTo("1");
    execute("COMMIT");
    assertThat(value("SELECT @@server_id")).isIn("2", "3");
  }

  @Test
  void shouldKeepDistributedTransactionsOnTheMaster() throws SQLException {
    execute("XA START 'x'");
    assertThat(value("SELECT @@server_id")).isEqualTo("1");
    execute("INSERT INTO t (a) VALUES ('xa')");
    assertThat(value("SELECT COUNT(*) FROM t WHERE a = 'xa'")).isEqualTo("1");
    execute("XA END 'x'");
    execute("XA PREPARE 'x'");
    execute("XA COMMIT 'x'");
    assertThat(value("SELECT @@server_id")).isIn("2", "3");
  }

  @Test
  void shouldHaveTheSameSessionStateOnAllServers() throws SQLException {
    value("SELECT @@server_id");
    execute("SET sql_mode = 'ANSI_QUOTES'");
    execute("SET @a = 17");
    execute("USE other");
    Set<String> servers = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      String[] row = row("SELECT @@server_id, @@sql_mode, @a, DATABASE(), a FROM u");
      servers.add(row[0]);
      assertThat(List.of(row).subList(1, 5)).containsExactly("ANSI_QUOTES", "17", "other", "7");
    }
    assertThat(servers).containsExactlyInAnyOrder("2", "3");
    assertThat(row("SELECT @@server_id, @@sql_mode, @a, DATABASE() FROM u FOR UPDATE"))
        .containsExactly("1", "ANSI_QUOTES", "17", "other");
  }

  @Test
  void shouldReadUserVariablesWhereTheyAre() throws SQLException {
    execute("SET @n = NOW()");
    assertThat(row("SELECT @@server_id, @n IS NULL")).containsExactly("1", "0");
    execute("CALL p()");
    assertThat(row("SELECT @@server_id, @from_procedure")).containsExactly("1", "5");
    assertThat(value("SELECT @@server_id")).isIn("2", "3");
  }

  @Test
  void shouldStickToTheMasterForTemporaryTables() throws SQLException {
    execute("CREATE TEMPORARY TABLE tmp (a INT)");
    execute("INSERT INTO tmp VALUES (1)");
    assertThat(row("SELECT @@server_id, a FROM tmp")).containsExactly("1", "1");
  }

  @Test
  void shouldExecuteTextPreparedStatements() throws SQLException {
    execute("PREPARE s FROM 'SELECT @@server_id'");
    execute("PREPARE w FROM 'INSERT INTO t (a) VALUES (?)'");
    Set<String> servers = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      servers.add(value("EXECUTE s"));
    }
    execute("SET @v = 'text prepared'");
    execute("EXECUTE w USING @v");
    execute("DEALLOCATE PREPARE s");
    assertThat(servers).containsExactlyInAnyOrder("2", "3");
    assertThat(cluster.master.queryString("SELECT COUNT(*) FROM app.t WHERE a = 'text prepared'"))
        .isEqualTo("1");
    assertThatThrownBy(() -> value("EXECUTE s")).isInstanceOf(SQLException.class);
  }

  @Test
  void shouldExecuteBinaryPreparedStatementsAnywhere() throws SQLException {
    try (Connection own = cluster.connect("useServerPrepStmts=true");
        PreparedStatement read =
            own.prepareStatement("SELECT @@server_id, ?, CONCAT(?, 'x') FROM other.u");
        PreparedStatement write = own.prepareStatement("INSERT INTO t (a) VALUES (?)")) {
      Set<String> servers = new HashSet<>();
      for (int i = 0; i < 12; i++) {
        if (i == 8) {
          own.setAutoCommit(false);
        }
        read.setInt(1, i);
        read.setString(2, "v" + i);
        try (ResultSet rows = read.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(2)).isEqualTo(i);
          assertThat(rows.getString(3)).isEqualTo("v" + i + "x");
          servers.add(rows.getString(1));
        }
        write.setString(1, "binary");
        write.executeUpdate();
      }
      own.rollback();
      own.setAutoCommit(true);
      assertThat(servers).containsExactlyInAnyOrder("1", "2", "3");
    }
    assertThat(cluster.master.queryString("SELECT COUNT(*) FROM app.t WHERE a = 'binary'"))
        .isEqualTo("8");
  }

  @Test
  void shouldFetchFromTheServerThatHasTheCursor() throws SQLException {
    execute(
        "INSERT INTO t (a) VALUES ('c'), ('c'), ('c'), ('c'), ('c'), ('c'), ('c'), ('c'), ('c')");
    cluster.awaitCaughtUp();
    try (Connection own = cluster.connect("useServerPrepStmts=true");
        PreparedStatement read =
            own.prepareStatement("SELECT id, @@server_id FROM t WHERE a = 'c'")) {
      read.setFetchSize(2);
      int count = 0;
      try (ResultSet rows = read.executeQuery()) {
        while (rows.next()) {
          count++;
        }
      }
      assertThat(count).isEqualTo(9);
    }
  }

  @Test
  void shouldTellWarningsOfTheServerThatAnswered() throws SQLException {
    execute("USE other");
    value("SELECT 1 / 0");
    String[] warning = row("SHOW WARNINGS");
    assertThat(warning[1]).isEqualTo("1365");
  }

  @Test
  void shouldRefuseToKillWhatServersNumber() {
    for (String sql : List.of("KILL QUERY CONNECTION_ID()", "KILL USER app")) {
      assertThatThrownBy(() -> execute(sql))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1235));
    }
  }

  @Test
  void shouldBreakOffAQueryWhereItRuns() throws Exception {
    try (Statement statement = connection.createStatement()) {
      CompletableFuture<Boolean> ended = new CompletableFuture<>();
      new Thread(
              () -> {
                try {
                  ended.complete(statement.execute("SELECT SLEEP(55)"));
                } catch (SQLException e) {
                  ended.complete(false);
                }
              },
              "sleeper")
          .start();
      Await.until("a server sleeps", ReadWriteIT::isAnySleeping);

      statement.cancel();

      assertThat(ended.get(50, TimeUnit.SECONDS)).isNotNull();
      Await.until("no server sleeps", () -> !isAnySleeping());
    }
    assertThat(value("SELECT 1")).isEqualTo("1");
  }

  private static boolean isAnySleeping() {
    List<MariaDbServer> all = new ArrayList<>(cluster.replicas);
    all.add(cluster.master);
    return all.stream()
        .anyMatch(
            server ->
                !"0"
                    .equals(
                        server.queryString(
                            "SELECT COUNT(*) FROM INFORMATION_SCHEMA.PROCESSLIST"
                                + " WHERE INFO LIKE 'SELECT SLEEP%'")));
  }

  @Test
  void shouldExecuteInBulkOnTheMaster() throws SQLException {
    try (Connection own = cluster.connect("useServerPrepStmts=true", "useBulkStmts=true");
        PreparedStatement insert = own.prepareStatement("INSERT INTO t (a) VALUES (?)")) {
      for (int i = 0; i < 100; i++) {
        insert.setString(1, "bulk " + i);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(100);
    }
    assertThat(cluster.master.queryString("SELECT COUNT(*) FROM app.t WHERE a LIKE 'bulk %'"))
        .isEqualTo("100");
  }

  @Test
  void shouldPassErrorsOfServers() {
    assertThatThrownBy(() -> value("SELECT * FROM missing"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1146));
    assertThatThrownBy(() -> execute("SET no_such_variable = 1"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1193));
  }

  @Test
  void shouldRunSeveralStatementsOnTheMaster() throws SQLException {
    try (Connection own = cluster.connect("allowMultiQueries=true");
        Statement statement = own.createStatement()) {
      boolean rows =
          statement.execute("INSERT INTO t (a) VALUES ('multi'); SELECT @@server_id; SELECT 2");
      assertThat(rows).isFalse();
      assertThat(statement.getMoreResults()).isTrue();
      try (ResultSet result = statement.getResultSet()) {
        result.next();
        assertThat(result.getString(1)).isEqualTo("1");
      }
    }
  }

  @Test
  void shouldLoadLocalData() throws Exception {
    Path file = directory.resolve("load.txt");
    Files.writeString(file, "one\ntwo\nthree\n");
    try (Connection own = cluster.connect("allowLocalInfile=true");
        Statement statement = own.createStatement()) {
      int loaded =
          statement.executeUpdate("LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE t (a)");
      assertThat(loaded).isEqualTo(3);
      try (ResultSet rows = statement.executeQuery("SELECT @@server_id")) {
        rows.next();
        assertThat(rows.getString(1)).isIn("2", "3");
      }
    }
  }

  @Test
  void shouldSendLongDataToTheMaster() throws SQLException {
    try (Connection own = cluster.connect("useServerPrepStmts=true");
        PreparedStatement read = own.prepareStatement("SELECT LENGTH(?), @@server_id")) {
      byte[] data = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
      read.setBinaryStream(1, new ByteArrayInputStream(data));
      try (ResultSet rows = read.executeQuery()) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(100_000);
      }
    }
  }

  @Test
  void shouldPassLargeRequestsAndAnswers() throws SQLException {
    String large = "y".repeat(17 * 1024 * 1024);
    for (MariaDbServer server : List.of(cluster.master)) {
      server.execute("SET GLOBAL max_allowed_packet = 64 * 1024 * 1024");
    }
    try (Connection own = cluster.connect("maxAllowedPacket=67108864");
        Statement statement = own.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT LENGTH('" + large + "'), REPEAT('z', 5000000)")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(large.length());
      assertThat(rows.getString(2)).hasSize(5_000_000);
    }
  }

  @Test
  void shouldWorkOnWhenTheHistoryIsFull() throws SQLException {
    value("SELECT @@server_id");
    for (int i = 0; i < 40; i++) {
      execute("SET @v" + i + " = " + i);
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      values.add(value("SELECT @v39"));
    }
    assertThat(values).containsOnly("39");
    execute("INSERT INTO t (a) VALUES ('after')");
  }

  @Test
  void shouldForgetSessionStateAtAReset() throws SQLException {
    try (org.mariadb.jdbc.Connection own =
        cluster.connect("useResetConnection=true").unwrap(org.mariadb.jdbc.Connection.class)) {
      try (Statement statement = own.createStatement()) {
        statement.execute("USE other");
        statement.execute("SET @a = 1");
        statement.execute("CREATE TEMPORARY TABLE tmp2 (a INT)");
      }
      own.reset();
      Set<String> servers = new HashSet<>();
      Set<String> databases = new HashSet<>();
      for (int i = 0; i < 6; i++) {
        try (Statement statement = own.createStatement();
            ResultSet rows = statement.executeQuery("SELECT @@server_id, @a, DATABASE()")) {
          rows.next();
          servers.add(rows.getString(1));
          assertThat(rows.getString(2)).isNull();
          databases.add(rows.getString(3));
        }
      }
      assertThat(servers).containsExactlyInAnyOrder("2", "3");
      assertThat(databases).hasSize(1);
      try (Statement statement = own.createStatement();
          ResultSet rows = statement.executeQuery("SELECT DATABASE(), LAST_INSERT_ID()")) {
        rows.next();
        assertThat(databases).containsExactly(rows.getString(1));
      }
    }
  }

  @Test
  void shouldLogStatements() throws Exception {
    value("SELECT 'for the log\tand its reader'");
    Path file = Path.of((String) cluster.logDiagnostics().get("file"));
    Await.until(
        "the statement is in the log",
        () -> Files.readString(file).contains("\tSELECT 'for the log\\tand its reader'\n"));
    assertThat(Files.readString(file)).contains("\tapp\tapp\t127.0.0.1\t").contains("COM_QUERY");
  }

  @Test
  void shouldServeManyConnectionsAtOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try (Connection own = cluster.connect();
                    Statement statement = own.createStatement()) {
                  for (int j = 0; j < 50; j++) {
                    statement.execute("SET @mine = " + (number * 1000 + j));
                    try (ResultSet rows = statement.executeQuery("SELECT @mine")) {
                      rows.next();
                      assertThat(rows.getInt(1)).isEqualTo(number * 1000 + j);
                    }
                    if (j % 10 == 0) {
                      statement.execute("INSERT INTO t (a) VALUES ('many')");
                    }
                  }
                } catch (Throwable e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(cluster.master.queryString("SELECT COUNT(*) FROM app.t WHERE a = 'many'"))
        .isEqualTo("80");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String value(String sql) throws SQLException {
    return row(sql)[0];
  }

  private String[] row(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      String[] row = new String[rows.getMetaData().getColumnCount()];
      for (int i = 0; i < row.length; i++) {
        row[i] = rows.getString(i + 1);
      }
      return row;
    }
  }
}
