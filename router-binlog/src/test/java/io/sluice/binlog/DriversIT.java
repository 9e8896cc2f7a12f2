package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
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

/** Java libraries that speak to databases, against a relay and against the master behind it. */
class DriversIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path data;

  private static MariaDbServer master;
  private static RelayHarness relay;

  @BeforeAll
  static void startAll() {
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(40), n DECIMAL(9,2))",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "FLUSH BINARY LOGS",
        "SET binlog_format = 'ROW'",
        "INSERT INTO d.t (v, n) VALUES ('three', 3.14)",
        "UPDATE d.t SET v = 'drei' WHERE v = 'three'",
        "FLUSH BINARY LOGS",
        "DELETE FROM d.t WHERE v = 'two'");
    relay = RelayHarness.start(data, master);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  @BeforeEach
  void awaitStored() {
    relay.awaitSameEnd(master);
  }

  private static Connection connect(String scheme, int port, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:" + scheme + "://127.0.0.1:" + port + "/?" + options,
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
                connection.getMetaData().getDatabaseProductVersion())));
    try (Statement statement = connection.createStatement()) {
      for (String sql : List.of("SELECT VERSION()", "SHOW MASTER STATUS", "SHOW BINARY LOGS")) {
        answers.add(read(statement.executeQuery(sql)));
      }
    }
    try (PreparedStatement statement = connection.prepareStatement("SHOW MASTER STATUS")) {
      for (int run = 0; run < 2; run++) {
        answers.add(read(statement.executeQuery()));
      }
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT BINLOG_GTID_POS(?, ?) AS pos, @@server_id")) {
      statement.setString(1, "m-bin.000002");
      statement.setInt(2, 4);
      answers.add(read(statement.executeQuery()));
    }
    return answers;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "useServerPrepStmts=false",
        "useServerPrepStmts=true&allowPublicKeyRetrieval=true"
      })
  void shouldAnswerTheDriverOfMariaDb(String options) throws Exception {
    try (Connection there = connect("mariadb", master.port(), options);
        Connection here = connect("mariadb", relay.port(), options)) {
      assertThat(ask(here)).isEqualTo(ask(there));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"useServerPrepStmts=false", "useServerPrepStmts=true"})
  void shouldAnswerTheDriverOfMySql(String options) throws Exception {
    String all = options + "&sslMode=DISABLED&allowPublicKeyRetrieval=true";
    try (Connection there = connect("mysql", master.port(), all);
        Connection here = connect("mysql", relay.port(), all)) {
      assertThat(ask(here)).isEqualTo(ask(there));
    }
  }

  private static BinaryLogClient client(int port, long serverId) {
    BinaryLogClient client =
        new BinaryLogClient("127.0.0.1", port, RelayHarness.USER, RelayHarness.PASSWORD);
    client.setServerId(serverId);
    client.setKeepAlive(false);
    client.setUseSendAnnotateRowsEvent(true);
    return client;
  }

  /** All events up to the end of the master's log, as the library understood them. */
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
    List<String> status = master.queryRow("SHOW MASTER STATUS");
    try {
      client.connect(LIMIT.toMillis());
      Await.until(
          "the client is at the end",
          LIMIT,
          () ->
              status.get(0).equals(client.getBinlogFilename())
                  && status.get(1).equals(String.valueOf(client.getBinlogPosition())),
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
  void shouldGiveTheLogClientTheMastersEventsFromAPosition() throws Exception {
    List<List<String>> both = new ArrayList<>();
    for (int port : List.of(master.port(), relay.port())) {
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

  @Test
  void shouldGiveTheLogClientTheMastersEventsFromAGtid() throws Exception {
    String gtid = master.queryString("SELECT BINLOG_GTID_POS('m-bin.000002', 4)");
    List<List<String>> both = new ArrayList<>();
    List<String> reached = new ArrayList<>();
    for (int port : List.of(master.port(), relay.port())) {
      BinaryLogClient client = client(port, 42);
      client.setGtidSet(String.valueOf(gtid));
      both.add(events(client));
      reached.add(client.getGtidSet());
    }
    assertThat(both.get(0))
        .anyMatch(event -> event.contains("MARIADB_GTID"))
        .anyMatch(event -> event.contains("DELETE_ROWS") && event.contains("two"))
        .noneMatch(event -> event.contains("CREATE DATABASE"));
    assertThat(both.get(1)).isEqualTo(both.get(0));
    assertThat(reached.get(1)).isEqualTo(reached.get(0)).startsWith("0-1-");
    assertThat(reached.get(0)).isEqualTo(master.queryString("SELECT @@global.gtid_binlog_pos"));
  }
}
