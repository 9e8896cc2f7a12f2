package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.scripted.BinlogEvent;
import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import io.sluice.testkit.server.SqlFailure;
import io.sluice.testkit.wire.WireClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What replicas and tools get from a relay behind a real master, in good and bad cases. */
class RelayServingIT {
  @TempDir static Path data;

  private static MariaDbServer master;
  private static RelayHarness relay;

  @BeforeAll
  static void startAll() {
    BlockingGuard.install();
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.createUser("nobody", "nobody-pw");
    master.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('three')");
    relay = RelayHarness.start(data, master);
    relay.awaitStored(master);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  private static ScriptedReplica replica(long serverId) {
    return ScriptedReplica.connect(
        "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD, serverId);
  }

  @Test
  void shouldSendTheMastersFilesByteForByte() throws Exception {
    try (ScriptedReplica replica = replica(0)) {
      String first = master.binlogFiles().get(0);
      replica.handshake(Duration.ZERO, 4).dump(first, 4, 3);
      replica.readToEnd();
      Map<String, byte[]> files = replica.files();
      assertThat(files).containsKey(first);
      byte[] expected = Files.readAllBytes(master.binlogPath(first));
      assertThat(files.get(first)).isEqualTo(expected);
    }
  }

  @Test
  void shouldSendHeartbeatsInSilence() {
    try (ScriptedReplica replica = replica(21)) {
      replica.handshake(Duration.ofMillis(200), 4).registerSlave().dumpGtid("", false, 2);
      BinlogEvent heartbeat = replica.awaitEvent("a heartbeat", event -> event.type() == 27);
      assertThat(heartbeat.logPos()).isPositive();
      assertThat(heartbeat.crcMatches()).isTrue();
    }
  }

  @Test
  void shouldEndTheOlderOfTwoReplicasWithOneServerId() {
    try (ScriptedReplica older = replica(22);
        ScriptedReplica newer = replica(22)) {
      older.handshake(Duration.ZERO, 4).registerSlave().dumpGtid("", false, 2);
      older.awaitEvent("the first events", event -> event.type() == 162);
      newer.handshake(Duration.ZERO, 4).registerSlave().dumpGtid("", false, 2);
      older.expectError(4052);
      newer.awaitEvent("the first events", event -> event.type() == 162);
    }
  }

  @Test
  void shouldRefuseAsTheMasterRefuses() {
    List<String> positions = List.of("0-1-99999", "0-9-1");
    for (String position : positions) {
      try (ScriptedReplica replica = replica(23);
          ScriptedReplica direct =
              ScriptedReplica.connect(
                  master.host(), master.port(), RelayHarness.USER, RelayHarness.PASSWORD, 24)) {
        replica.handshake(Duration.ZERO, 4).dumpGtid(position, false, 2);
        direct.handshake(Duration.ZERO, 4).dumpGtid(position, false, 2);
        assertThat(replica.expectError(1236).text().replaceAll(";.*", ""))
            .isEqualTo(direct.expectError(1236).text().replaceAll(";.*", ""));
      }
    }
    try (ScriptedReplica replica = replica(23);
        ScriptedReplica direct =
            ScriptedReplica.connect(
                master.host(), master.port(), RelayHarness.USER, RelayHarness.PASSWORD, 24)) {
      replica.handshake(Duration.ZERO, 4).dump("m-bin.000099", 4, 2);
      direct.handshake(Duration.ZERO, 4).dump("m-bin.000099", 4, 2);
      assertThat(replica.expectError(1236).text()).isEqualTo(direct.expectError(1236).text());
    }
  }

  @Test
  void shouldStopARealReplicaWithTheMastersErrorNumber() {
    try (MariaDbServer server = MariaDbServer.builder().serverId(31).binlog("r-bin").start()) {
      Replication.start(server, relay.source(), "m-bin.000077", 4);
      assertThat(Replication.awaitIoError(server, 1236).get("Last_IO_Error"))
          .contains("Could not find first log file name in binary log index file");
    }
  }

  @Test
  void shouldRefuseAReplicaWithoutThePrivilege() {
    try (WireClient client = WireClient.connect("127.0.0.1", relay.port(), "nobody", "nobody-pw")) {
      client.command(new byte[] {0x12, 4, 0, 0, 0, 0, 0, 9, 0, 0, 0});
      client.expectError(1227);
      assertThat(client.query("SELECT 1").value()).isEqualTo("1");
    }
  }

  @Test
  void shouldSurviveAReplicaThatComesAndGoes() {
    try (MariaDbServer server = MariaDbServer.builder().serverId(32).binlog("r-bin").start()) {
      Replication.start(server, relay.source(), Gtid.SLAVE_POS);
      Replication.assertReplicated(master, server);
      Replication.stopSlave(server);
      master.execute("INSERT INTO d.t (v) VALUES ('while stopped')");
      Replication.startSlave(server);
      Replication.assertReplicated(master, server);
      server.kill9();
      master.execute("INSERT INTO d.t (v) VALUES ('while dead')");
      server.start();
      Replication.startSlave(server);
      Replication.assertReplicated(master, server);
    }
  }

  @Test
  void shouldKillADumpOnRequest() {
    try (ScriptedReplica replica = replica(25)) {
      replica.handshake(Duration.ZERO, 4).registerSlave().dumpGtid("", false, 2);
      replica.awaitEvent("the first events", event -> event.type() == 162);
      long session =
          relay.replicas().stream()
              .filter(row -> row.get("server_id").equals(25L))
              .map(row -> (Long) row.get("session"))
              .findFirst()
              .orElseThrow();
      relay.sql().execute("KILL " + session);
      Await.until(
          "the replica is gone",
          () -> relay.replicas().stream().noneMatch(row -> row.get("session").equals(session)));
    }
  }

  @Test
  void shouldAnswerWhatTheMasterAnswers() {
    for (String sql :
        List.of(
            "SELECT @@server_id",
            "SELECT VERSION()",
            "SELECT @@global.gtid_domain_id",
            "SELECT @@global.binlog_checksum",
            "SELECT @@version_comment",
            "SELECT @@global.binlog_format",
            "SELECT @@global.log_bin",
            "SELECT @@hostname")) {
      assertThat(relay.sql().queryString(sql)).as(sql).isEqualTo(master.queryString(sql));
    }
    relay.awaitSameEnd(master);
    assertThat(relay.sql().queryRow("SHOW MASTER STATUS"))
        .isEqualTo(master.queryRow("SHOW MASTER STATUS"));
    assertThat(relay.sql().queryString("SELECT @@global.gtid_binlog_pos"))
        .isEqualTo(master.queryString("SELECT @@global.gtid_binlog_pos"));
    assertThat(relay.sql().queryMap("SHOW SLAVE STATUS"))
        .containsEntry("Slave_IO_Running", "Yes")
        .containsEntry("Last_IO_Errno", "0")
        .containsEntry("Master_Server_Id", "1");
    Assertions.assertThatThrownBy(() -> relay.sql().queryString("SELECT @@nonsense"))
        .isInstanceOfSatisfying(
            SqlFailure.class, failure -> assertThat(failure.errorCode()).isEqualTo(1193));
  }

  @Test
  void shouldTalkToTheCommandLineClient() throws Exception {
    Path program = master.client("mariadb").orElseThrow();
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--no-defaults",
                "--host=127.0.0.1",
                "--port=" + relay.port(),
                "--user=" + RelayHarness.USER,
                "--password=" + RelayHarness.PASSWORD,
                "--disable-ssl",
                "--batch",
                "--execute=SELECT @@server_id AS id; SHOW SLAVE STATUS\\G SHOW SLAVE HOSTS; SHOW BINARY LOGS")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("Slave_IO_Running: Yes", "m-bin.000001", "id");
  }
}
