package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.protocol.Capability;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What drivers do with a connection, with and without whole requests. */
class TrafficIT {

  private static final String USERS = "users = [{ name = app, password = apppw }]";

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().start();
    server.createUser("app", "apppw", "ALL ON *.*");
    server.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT, b LONGTEXT)");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest proxy(boolean statements) {
    return statements
        ? new ProxyUnderTest(directory, server, null, USERS, Capability.STATEMENTS)
        : new ProxyUnderTest(directory, server, null, USERS);
  }

  private static List<Connection> connections(ProxyUnderTest proxy) throws SQLException {
    return List.of(
        proxy.mariaDb(
            "app",
            "apppw",
            "allowLocalInfile=true",
            "allowMultiQueries=true",
            "useServerPrepStmts=true"),
        proxy.mySql(
            "app",
            "apppw",
            "sslMode=DISABLED",
            "allowLoadLocalInfile=true",
            "allowMultiQueries=true",
            "useServerPrepStmts=true"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCarryBatchesAndPreparedStatements(boolean statements) throws SQLException {
    try (ProxyUnderTest proxy = proxy(statements)) {
      for (Connection connection : connections(proxy)) {
        try (connection;
            Statement statement = connection.createStatement()) {
          statement.execute("TRUNCATE d.t");
          connection.setAutoCommit(false);
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO d.t VALUES (?, ?)")) {
            for (int i = 0; i < 500; i++) {
              insert.setInt(1, i);
              insert.setString(2, "x".repeat(i * 10));
              insert.addBatch();
            }
            insert.executeBatch();
          }
          connection.commit();
          assertThat(number(statement, "SELECT SUM(LENGTH(b)) FROM d.t")).isEqualTo(1_247_500);
          assertThat(statement.execute("SELECT 1; SELECT 2; SELECT 3")).isTrue();
          assertThat(statement.getMoreResults()).isTrue();
          assertThat(statement.getMoreResults()).isTrue();
          assertThatThrownBy(() -> statement.execute("SELECT nonsense"))
              .isInstanceOf(SQLException.class);
          assertThat(connection.isValid(60)).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCarryFilesOfTheClient(boolean statements) throws Exception {
    Path file = directory.resolve("rows.txt");
    Files.writeString(file, "1\tone\n2\ttwo\n".repeat(200_000));
    try (ProxyUnderTest proxy = proxy(statements)) {
      for (Connection connection : connections(proxy)) {
        try (connection;
            Statement statement = connection.createStatement()) {
          statement.execute("TRUNCATE d.t");
          statement.execute("LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE d.t");
          assertThat(number(statement, "SELECT COUNT(*) FROM d.t")).isEqualTo(400_000);
          statement.execute("TRUNCATE d.t");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCarryRequestsOfManyPackets(boolean statements) throws Exception {
    try (ProxyUnderTest proxy = proxy(statements);
        WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw")) {
      String text = "x".repeat(35_000_000);
      assertThat(client.query("SELECT LENGTH('" + text + "')").value()).isEqualTo("35000000");
      String exact = "x".repeat(0xffffff - 1 - "SELECT LENGTH('')".length());
      assertThat(client.query("SELECT LENGTH('" + exact + "')").value())
          .isEqualTo(String.valueOf(exact.length()));
      assertThat(client.query("SELECT 1").value()).isEqualTo("1");
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }
}
