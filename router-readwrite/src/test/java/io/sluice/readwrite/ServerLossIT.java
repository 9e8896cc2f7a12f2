package io.sluice.readwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerStatus;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see when servers are killed. */
class ServerLossIT {

  @TempDir Path directory;

  private Cluster cluster;
  private Connection connection;

  @BeforeAll
  static void guard() {
    BlockingGuard.install();
  }

  @BeforeEach
  void start() throws SQLException {
    cluster = new Cluster(directory, "");
    cluster.master.execute("CREATE TABLE app.t (a INT)");
    cluster.awaitCaughtUp();
    connection = cluster.connect();
  }

  @AfterEach
  void stop() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Some tests leave it broken.
    }
    cluster.close();
  }

  @Test
  void shouldReadOnWithoutErrorWhenAReplicaIsKilled() throws SQLException {
    Set<String> before = servers(connection, 6);
    cluster.replicas.get(0).kill9();
    Set<String> after = servers(connection, 20);

    assertThat(before).containsExactlyInAnyOrder("2", "3");
    assertThat(after).containsExactly("3");
    cluster.awaitStatus(1, ServerStatus.DOWN);

    cluster.replicas.get(1).kill9();
    assertThat(servers(connection, 6)).containsExactly("1");
  }

  @Test
  void shouldUseAReplicaThatCameBack() throws SQLException {
    servers(connection, 4);
    cluster.replicas.get(0).kill9();
    cluster.awaitStatus(1, ServerStatus.DOWN);
    execute("SET @a = 5");
    cluster.replicas.get(0).start();
    Await.until("it is a replica again", () -> cluster.is(1, ServerRole.READER));

    assertThat(servers(connection, 10)).containsExactlyInAnyOrder("2", "3");
    for (int i = 0; i < 6; i++) {
      assertThat(value(connection, "SELECT @a")).isEqualTo("5");
    }
  }

  @Test
  void shouldRetryAReadWhoseReplicaDiesMeanwhile() throws Exception {
    // Sleeps until it is killed; the next one, which reads another row then, does not.
    cluster.master.execute("INSERT INTO app.t VALUES (300)");
    cluster.awaitCaughtUp();
    servers(connection, 4);
    CompletableFuture<String> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return value(
                    connection,
                    "SELECT CONCAT('from ', @@server_id, SLEEP((SELECT MAX(a) FROM t)))");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    MariaDbServer busy =
        Await.value(
            "the server that answers",
            Duration.ofSeconds(60),
            () ->
                cluster.replicas.stream()
                    .filter(ServerLossIT::isSleeping)
                    .findFirst()
                    .orElse(cluster.master),
            found -> found != cluster.master);
    cluster.master.execute("UPDATE app.t SET a = 0");
    cluster.awaitCaughtUp();
    busy.kill9();

    String other = busy == cluster.replicas.get(0) ? "3" : "2";
    assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("from " + other + "0");
    assertThat(cluster.diagnostics().get("retries")).isEqualTo(1L);
  }

  private static boolean isSleeping(MariaDbServer server) {
    return server
            .sql()
            .queryLong(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%SLEEP((%'"
                    + " AND info NOT LIKE '%processlist%'")
        > 0;
  }

  @Test
  void shouldGoOnReadingAndRefuseWritesWithoutAMaster() throws SQLException {
    execute("INSERT INTO t VALUES (1)");
    cluster.master.kill9();
    cluster.awaitStatus(0, ServerStatus.DOWN);

    assertThat(servers(connection, 6)).containsExactlyInAnyOrder("2", "3");
    assertThatThrownBy(() -> execute("INSERT INTO t VALUES (2)"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1290));
    assertThat(servers(connection, 2)).isSubsetOf("2", "3");
    try (Connection fresh = cluster.connect()) {
      assertThat(servers(fresh, 4)).containsExactlyInAnyOrder("2", "3");
    }

    cluster.master.start();
    Await.until("the master is back", () -> cluster.is(0, ServerRole.WRITER));
    execute("INSERT INTO t VALUES (3)");
    assertThat(cluster.master.queryString("SELECT COUNT(*) FROM app.t WHERE a = 3")).isEqualTo("1");
    assertThat(cluster.master.queryString("SELECT COUNT(*) FROM app.t WHERE a = 2")).isEqualTo("0");
  }

  @Test
  void shouldEndASessionWhoseTransactionIsLost() throws SQLException {
    connection.setAutoCommit(false);
    execute("INSERT INTO t VALUES (1)");
    cluster.master.kill9();

    assertThatThrownBy(() -> execute("INSERT INTO t VALUES (2)")).isInstanceOf(SQLException.class);
    Await.until("the session has ended", () -> cluster.sessions() == 0);
  }

  @Test
  void shouldFollowToTheNewMaster() throws SQLException {
    execute("INSERT INTO t VALUES (1)");
    execute("SET @a = 9");
    MariaDbServer promoted = cluster.replicas.get(0);
    cluster.awaitCaughtUp();
    cluster.master.kill9();
    Replication.stopSlave(promoted);
    promoted.execute("RESET SLAVE ALL");
    Await.until("there is a new master", () -> cluster.is(1, ServerRole.WRITER));

    execute("INSERT INTO t SELECT @a");

    assertThat(promoted.queryString("SELECT MAX(a) FROM app.t")).isEqualTo("9");
    assertThat(value(connection, "SELECT @@server_id FROM t LIMIT 1 FOR UPDATE")).isEqualTo("2");
  }

  @Test
  void shouldNotReadFromAReplicaThatIsBroken() throws SQLException {
    cluster.replicas.get(0).execute("STOP SLAVE SQL_THREAD");
    Await.until("it is no reader", () -> !cluster.is(1, ServerRole.READER));

    assertThat(servers(connection, 6)).containsExactly("3");
    assertThat(cluster.configured.get(1).state().message()).contains("SQL stopped");
  }

  private static Set<String> servers(Connection connection, int times) throws SQLException {
    Set<String> servers = new HashSet<>();
    for (int i = 0; i < times; i++) {
      servers.add(value(connection, "SELECT @@server_id"));
    }
    return servers;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
