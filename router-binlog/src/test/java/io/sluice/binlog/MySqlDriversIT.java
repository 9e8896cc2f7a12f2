package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java libraries that speak to databases, against a relay and against the MySQL 9.7 behind it. */
@RequiresServer("mysql-9.7")
class MySqlDriversIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path data;

  private static MySqlServer source;
  private static RelayHarness relay;

  @BeforeAll
  static void startAll() {
    source = MySqlServer.builder("mysql-9.7").gtid().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(source);
    source.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(40), n DECIMAL(9,2))",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v, n) VALUES ('three', 3.14)",
        "UPDATE d.t SET v = 'drei' WHERE v = 'three'",
        "FLUSH BINARY LOGS",
        "DELETE FROM d.t WHERE v = 'two'");
    relay = RelayHarness.start(data, source);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    source.close();
  }

  @BeforeEach
  void awaitStored() {
    relay.awaitEnd(source);
  }

  private static Connection connect(String scheme, int port, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:"
            + scheme
            + "://127.0.0.1:"
            + port
            + "/?sslMode=DISABLED&allowPublicKeyRetrieval=true&"
            + options,
        RelayHarness.USER,
        RelayHarness.PASSWORD);
  }

  private static List<List<String>> read(ResultSet result) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    int count = result.getMetaData().getColumnCount();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(result.getMetaData().getColumnLabel(i));
    }
    rows.add(names);
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        row.add(String.valueOf(result.getString(i)));
      }
      rows.add(row);
    }
    return rows;
  }

  /** What a program that looks after replication asks, as text and prepared. */
  private static List<List<List<String>>> ask(Connection connection) throws SQLException {
    List<List<List<String>>> answers = new ArrayList<>();
    assertThat(connection.isValid(10)).isTrue();
    answers.add(
        List.of(
            List.of(
                connection.getMetaData().getDatabaseProductName(),
                connection.getMetaData().getDatabaseProductVersion(),
                connection.getTransactionIsolation() + " " + connection.getAutoCommit())));
    try (Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "SELECT VERSION()",
              "SHOW BINARY LOG STATUS",
              "SHOW BINARY LOGS",
              "SELECT @@global.gtid_mode, @@global.gtid_executed, @@server_uuid")) {
        answers.add(read(statement.executeQuery(sql)));
      }
    }
    try (PreparedStatement statement = connection.prepareStatement("SHOW BINARY LOG STATUS")) {
      for (int run = 0; run < 2; run++) {
        answers.add(read(statement.executeQuery()));
      }
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT GTID_SUBTRACT(?, ?) AS rest, @@server_id")) {
      statement.setString(1, source.serverUuid() + ":1-9");
      statement.setString(2, source.serverUuid() + ":3");
      answers.add(read(statement.executeQuery()));
    }
    return answers;
  }

  @ParameterizedTest
  @ValueSource(strings = {"useServerPrepStmts=false", "useServerPrepStmts=true"})
  void shouldAnswerTheDriverOfMariaDb(String options) throws Exception {
    try (Connection there = connect("mariadb", source.port(), options);
        Connection here = connect("mariadb", relay.port(), options)) {
      assertThat(ask(here)).isEqualTo(ask(there));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"useServerPrepStmts=false", "useServerPrepStmts=true"})
  void shouldAnswerTheDriverOfMySql(String options) throws Exception {
    try (Connection there = connect("mysql", source.port(), options);
        Connection here = connect("mysql", relay.port(), options)) {
      assertThat(ask(here)).isEqualTo(ask(there));
    }
  }

  private static BinaryLogClient client(int port, long serverId) {
    BinaryLogClient client =
        new BinaryLogClient("127.0.0.1", port, RelayHarness.USER, RelayHarness.PASSWORD);
    client.setServerId(serverId);
    client.setKeepAlive(false);
    client.setSSLMode(SSLMode.DISABLED);
    return client;
  }

  /** All events up to the end of the source's log, as the library understood them. */
  private static List<String> events(BinaryLogClient client) throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    List<Exception> failures = new CopyOnWriteArrayList<>();
    client.registerEventListener(event -> note(event, events));
    client.registerLifecycleListener(
        new BinaryLogClient.AbstractLifecycleListener() {
          @Override
          public void onCommunicationFailure(BinaryLogClient failed, Exception e) {
            failures.add(e);
          }

          @Override
          public void onEventDeserializationFailure(BinaryLogClient failed, Exception e) {
            failures.add(e);
          }
        });
    DatabaseServer.BinlogEnd end = source.binlogEnd();
    try {
      client.connect(LIMIT.toMillis());
      Await.until(
          "the client is at the end",
          LIMIT,
          () ->
              end.file().equals(client.getBinlogFilename())
                  && end.position() == client.getBinlogPosition(),
          () -> client.getBinlogFilename() + " " + client.getBinlogPosition() + " " + failures);
    } finally {
      client.disconnect();
    }
    assertThat(failures).isEmpty();
    return List.copyOf(events);
  }

  private static void note(Event event, List<String> events) {
    if (event.getHeader().getEventType() != EventType.HEARTBEAT) {
      events.add(event.toString());
    }
  }

  @Test
  void shouldGiveTheLogClientTheSourcesEventsFromAPosition() throws Exception {
    List<List<String>> both = new ArrayList<>();
    for (int port : List.of(source.port(), relay.port())) {
      BinaryLogClient client = client(port, 41);
      client.setBinlogFilename("m-bin.000001");
      client.setBinlogPosition(4);
      both.add(events(client));
    }
    assertThat(both.get(0))
        .anyMatch(event -> event.contains("WRITE_ROWS") && event.contains("three, 3.14"))
        .anyMatch(event -> event.contains("UPDATE_ROWS") && event.contains("drei"))
        .anyMatch(event -> event.contains("DELETE_ROWS") && event.contains("two"));
    assertThat(both.get(1)).isEqualTo(both.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":1-8"})
  void shouldGiveTheLogClientTheSourcesEventsByGtid(String executed) throws Exception {
    List<List<String>> both = new ArrayList<>();
    List<String> reached = new ArrayList<>();
    for (int port : List.of(source.port(), relay.port())) {
      BinaryLogClient client = client(port, 42);
      client.setGtidSet(executed.isEmpty() ? "" : source.serverUuid() + executed);
      both.add(events(client));
      reached.add(client.getGtidSet());
    }
    assertThat(both.get(0))
        .anyMatch(event -> event.contains("GTID"))
        .anyMatch(event -> event.contains("DELETE_ROWS") && event.contains("two"));
    assertThat(both.get(1)).isEqualTo(both.get(0));
    assertThat(reached.get(1)).isEqualTo(reached.get(0)).isEqualTo(source.gtidExecuted());
  }
}
