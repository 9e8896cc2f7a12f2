package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.admin.CommandException;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.SqlClient;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WireResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders by SQL and by command, against a relay behind a real master. */
class SqlControlIT {
  private static final String ADMIN = "adm";
  private static final String SECRET = "adm-secret-pw";

  @TempDir Path data;

  private static MariaDbServer master;

  @BeforeAll
  static void startMaster() {
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.createUser(ADMIN, SECRET, "ALL PRIVILEGES ON *.*");
    master.createUser("nobody", "pw");
    master.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT)");
  }

  @AfterAll
  static void stopMaster() {
    master.close();
  }

  private static SqlClient admin(RelayHarness relay) {
    return SqlClient.at("127.0.0.1", relay.port(), ADMIN, SECRET);
  }

  @Test
  void shouldStopAndStartAndTellWhenThereWasNothingToDo() {
    try (RelayHarness relay = RelayHarness.start(data, master);
        WireClient client = WireClient.connect("127.0.0.1", relay.port(), ADMIN, SECRET)) {
      relay.awaitStored(master);
      assertThat(client.query("STOP SLAVE").rows()).isEmpty();
      Map<String, String> status = admin(relay).queryMap("SHOW SLAVE STATUS");
      assertThat(status).containsEntry("Slave_IO_Running", "No");
      assertThat(status).containsEntry("Slave_SQL_Running", "No");
      assertThat(status).containsEntry("Seconds_Behind_Master", null);
      client.query("STOP SLAVE");
      assertThat(client.query("SHOW WARNINGS").rows())
          .containsExactly(List.of("Note", "1255", "Slave already has been stopped"));
      client.query("START SLAVE");
      relay.awaitState("streaming");
      client.query("START SLAVE");
      assertThat(client.query("SHOW WARNINGS").rows())
          .containsExactly(List.of("Note", "1254", "Slave is already running"));
      client.query("STOP ALL SLAVES");
      assertThat(client.query("SHOW WARNINGS").rows())
          .containsExactly(List.of("Note", "1938", "SLAVE '' stopped"));
      client.query("START ALL REPLICAS");
      relay.awaitState("streaming");
      assertThat(admin(relay).queryMap("SHOW SLAVE STATUS"))
          .containsEntry("Slave_IO_Running", "Yes")
          .containsEntry("Last_IO_Errno", "0");
    }
  }

  @Test
  void shouldKeepAChangeOverARestartAndHideThePassword() throws Exception {
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      relay.awaitStored(master);
      SqlClient client = admin(relay);
      assertThatThrownBy(() -> client.execute("CHANGE MASTER TO MASTER_PORT=1"))
          .hasMessageContaining("running slave");
      client.execute(
          "STOP SLAVE",
          "CHANGE MASTER TO MASTER_USER='"
              + ADMIN
              + "', MASTER_PASSWORD='"
              + SECRET
              + "', MASTER_HEARTBEAT_PERIOD=2.5, MASTER_CONNECT_RETRY=7");
    }
    // The stored log has the master's own statements, in its own words.
    for (Path file : LiveFolder.at(data).files()) {
      if (!file.getFileName().toString().startsWith("m-bin")) {
        assertThat(LiveFolder.text(file).orElse("")).as(file.toString()).doesNotContain(SECRET);
      }
    }
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      Map<String, String> status = admin(relay).queryMap("SHOW ALL SLAVES STATUS");
      assertThat(status)
          .containsEntry("Master_User", ADMIN)
          .containsEntry("Connect_Retry", "7")
          .containsEntry("Slave_heartbeat_period", "2.500")
          .containsEntry("Slave_IO_Running", "No");
      admin(relay).execute("START SLAVE");
      master.execute("INSERT INTO d.t VALUES (1)");
      relay.awaitStored(master);
      admin(relay).execute("STOP SLAVE", "RESET SLAVE ALL", "START SLAVE");
      assertThat(admin(relay).queryMap("SHOW SLAVE STATUS"))
          .containsEntry("Master_User", RelayHarness.USER);
    }
  }

  @Test
  void shouldPurgeAsOrdered() {
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      master.execute("FLUSH BINARY LOGS", "INSERT INTO d.t VALUES (2)", "FLUSH BINARY LOGS");
      master.execute("INSERT INTO d.t VALUES (3)");
      relay.awaitStored(master);
      List<String> files = master.binlogFiles();
      SqlClient client = admin(relay);
      assertThatThrownBy(() -> client.execute("PURGE BINARY LOGS TO 'nope.000001'"))
          .hasStackTraceContaining("Target log not found in binlog index");
      client.execute("PURGE BINARY LOGS BEFORE '2001-01-01'");
      assertThat(client.queryRows("SHOW BINARY LOGS")).hasSameSizeAs(files);
      client.execute("PURGE BINARY LOGS TO '" + files.get(1) + "'");
      assertThat(client.queryRow("SHOW BINARY LOGS").get(0)).isEqualTo(files.get(1));
      relay.command("purge-to", Map.of("file", files.get(files.size() - 1)));
      assertThat(client.queryRows("SHOW BINARY LOGS")).hasSize(1);
      assertThat(relay.storeDetails()).containsEntry("purged_files", (long) files.size() - 1);
      assertThatThrownBy(() -> client.queryRows("SHOW BINLOG EVENTS IN '" + files.get(0) + "'"))
          .hasStackTraceContaining("Could not find target log");
    }
  }

  @Test
  void shouldDoTheSameByCommand() {
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      relay.awaitStored(master);
      assertThatThrownBy(() -> relay.command("change-master", Map.of("port", "1")))
          .isInstanceOf(CommandException.class)
          .hasMessageStartingWith("1198: ");
      relay.command("stop-slave", Map.of());
      assertThat(relay.command("stop-slave", Map.of()))
          .containsEntry("notes", List.of("Note 1255: Slave already has been stopped"));
      relay.command(
          "change-master",
          Map.of("user", ADMIN, "password", SECRET, "use-gtid", "slave_pos", "connect-retry", "3"));
      assertThat(admin(relay).queryMap("SHOW SLAVE STATUS"))
          .containsEntry("Master_User", ADMIN)
          .containsEntry("Using_Gtid", "Slave_Pos");
      assertThatThrownBy(() -> relay.command("change-master", Map.of("use-gtid", "perhaps")))
          .hasMessageContaining("perhaps");
      relay.command("start-slave", Map.of());
      relay.awaitState("streaming");
      relay.command("stop-slave", Map.of());
      assertThatThrownBy(() -> relay.command("set-gtid-slave-pos", Map.of("position", "0-1-1")))
          .hasMessageStartingWith("1947: ");
      relay.command("reset-slave", Map.of("all", "true"));
      relay.command("start-slave", Map.of());
      relay.awaitState("streaming");
    }
  }

  /** Both stopped, both with a master: the same wrong statement has the same error. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CHANGE MASTER TO",
        "CHANGE MASTER TO MASTER_PORT='x'",
        "CHANGE MASTER TO MASTER_PORT=-1",
        "CHANGE MASTER TO MASTER_HOST='a' MASTER_PORT=1",
        "CHANGE MASTER TO BOGUS=1",
        "CHANGE MASTER TO MASTER_USE_GTID=bogus",
        "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD=99999999",
        "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD=-1",
        "CHANGE MASTER TO MASTER_HOST=''",
        "CHANGE MASTER TO MASTER_SSL='x'",
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='x'",
        "START SLAVE FOO",
        "START SLAVE 'nope'",
        "RESET SLAVE 'nope'",
        "RESET NONSENSE",
        "PURGE BINARY LOGS TO 'nope'",
        "PURGE BINARY LOGS",
        "PURGE LOGS TO 'x'",
        "PURGE BINARY LOGS BEFORE 'garbage'",
        "FLUSH NONSENSE",
        "FLUSH TABLES",
        "SET GLOBAL gtid_slave_pos='0-1'",
        "SET GLOBAL gtid_slave_pos='0-1-1,0-1-2'",
        "SET GLOBAL gtid_slave_pos='abc'",
        "SET GLOBAL gtid_slave_pos=5",
        "SET GLOBAL gtid_slave_pos=NULL",
        "SET GLOBAL gtid_binlog_pos=''",
        "SET GLOBAL version='x'",
        "SET GLOBAL nonsense=1",
        "KILL 999999"
      })
  void shouldRefuseAsAServerDoes(String sql) {
    master.execute("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='x'");
    try (RelayHarness relay = RelayHarness.start(data, master);
        WireClient through = WireClient.connect("127.0.0.1", relay.port(), ADMIN, SECRET);
        WireClient direct = WireClient.connect(master.host(), master.port(), ADMIN, SECRET)) {
      relay.awaitStored(master);
      through.query("STOP SLAVE");
      assertThat(outcome(through, sql)).isEqualTo(outcome(direct, sql));
    }
  }

  private static String outcome(WireClient client, String sql) {
    try {
      WireResult result = client.query(sql);
      return "OK, warnings: " + client.query("SHOW WARNINGS").rows() + result.rows();
    } catch (WireError e) {
      return e.toString();
    }
  }

  @Test
  void shouldLetNobodyDoIt() {
    try (RelayHarness relay = RelayHarness.start(data, master);
        WireClient through = WireClient.connect("127.0.0.1", relay.port(), "nobody", "pw");
        WireClient direct = WireClient.connect(master.host(), master.port(), "nobody", "pw")) {
      relay.awaitStored(master);
      for (String sql :
          List.of(
              "CHANGE MASTER TO MASTER_HOST='x'",
              "START SLAVE",
              "STOP SLAVE",
              "START ALL SLAVES",
              "RESET SLAVE",
              "RESET SLAVE ALL",
              "RESET MASTER",
              "SET GLOBAL gtid_slave_pos=''",
              "PURGE BINARY LOGS TO 'm-bin.000001'",
              "PURGE BINARY LOGS BEFORE NOW()",
              "FLUSH BINARY LOGS",
              "FLUSH PRIVILEGES",
              "FLUSH TABLES",
              "SHOW MASTER STATUS",
              "SHOW BINARY LOGS",
              "SHOW BINLOG EVENTS",
              "SHOW RELAYLOG EVENTS",
              "SHOW SLAVE STATUS",
              "SHOW ALL SLAVES STATUS",
              "SHOW SLAVE HOSTS",
              "SHOW GRANTS FOR root@localhost")) {
        assertThat(outcome(through, sql)).as(sql).isEqualTo(outcome(direct, sql));
      }
      assertThat(through.query("SHOW PROCESSLIST").rows()).hasSize(1);
    }
  }

  @Test
  void shouldShowReplicasAsAMasterShowsItsDumps() {
    try (RelayHarness relay = RelayHarness.start(data, master);
        var replica =
            ScriptedReplica.connect(
                "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD, 77)) {
      relay.awaitStored(master);
      replica.handshake(Duration.ofSeconds(1), 4).registerSlave().dumpGtid("", false, 2);
      replica.awaitEvent("a heartbeat", event -> event.type() == 27);
      Map<String, String> row =
          admin(relay).queryMaps("SHOW PROCESSLIST").stream()
              .filter(each -> "Binlog Dump".equals(each.get("Command")))
              .findFirst()
              .orElseThrow();
      assertThat(row)
          .containsEntry("User", RelayHarness.USER)
          .containsEntry("State", "Master has sent all binlog to slave; waiting for more updates");
      assertThat(admin(relay).queryRow("SHOW GLOBAL STATUS LIKE 'Slaves_connected'").get(1))
          .isEqualTo("1");
    }
  }
}
