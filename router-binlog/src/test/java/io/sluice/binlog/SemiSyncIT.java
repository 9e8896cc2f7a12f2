package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that acknowledge what they get. */
class SemiSyncIT {
  private static final int EVENT = 3;

  @TempDir static Path data;

  private static MariaDbServer master;
  private static RelayHarness relay;

  @BeforeAll
  static void startAll() {
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT)",
        "INSERT INTO d.t (v) VALUES ('old')");
    relay = RelayHarness.start(data, master);
    relay.awaitStored(master);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  private static Map<String, Object> row(long serverId) {
    return relay.replicas().stream()
        .filter(row -> row.get("server_id").equals(serverId))
        .findFirst()
        .orElse(Map.of());
  }

  private static void awaitAcks(long serverId, long more) {
    Await.until(
        "acknowledgements of " + serverId,
        Duration.ofSeconds(60),
        () -> row(serverId).get("acks") instanceof Long acks && acks >= more,
        () -> String.valueOf(relay.replicas()));
  }

  private static void replicateWithSemiSync(ServerInstallation installation, long serverId) {
    try (MariaDbServer server =
        MariaDbServer.builder()
            .installation(installation)
            .serverId(serverId)
            .binlog("r-bin")
            .option("rpl-semi-sync-slave-enabled", "ON")
            .start()) {
      Replication.start(server, relay.source(), Gtid.SLAVE_POS);
      Replication.assertReplicated(master, server);
      assertThat(server.queryRow("SHOW STATUS LIKE 'Rpl_semi_sync_slave_status'"))
          .containsExactly("Rpl_semi_sync_slave_status", "ON");
      assertThat(row(serverId)).containsEntry("semi_sync", true);
      for (int i = 1; i <= 5; i++) {
        master.execute("INSERT INTO d.t (v) VALUES ('new')");
        awaitAcks(serverId, i);
      }
      Replication.assertReplicated(master, server);
      String acked = (String) row(serverId).get("acked_position");
      assertThat(acked).isEqualTo(masterPosition());
      assertThat((Long) row(serverId).get("ack_micros")).isPositive();
      long session = (Long) row(serverId).get("session");
      Replication.stopSlave(server);
      Await.until("the dump is over", () -> row(serverId).isEmpty());
      master.execute("INSERT INTO d.t (v) VALUES ('while stopped')");
      relay.awaitStored(master);
      Replication.startSlave(server);
      Replication.assertReplicated(master, server);
      assertThat(row(serverId).get("session")).isNotEqualTo(session);
      assertThat(row(serverId))
          .as("what was there before is not asked for")
          .containsEntry("acks", 0L);
      master.execute("INSERT INTO d.t (v) VALUES ('after')");
      awaitAcks(serverId, 1);
      assertThat(server.queryRow("SHOW STATUS LIKE 'Rpl_semi_sync_slave_status'")).contains("ON");
    }
  }

  private static String masterPosition() {
    List<String> status = new ArrayList<>(master.queryRow("SHOW MASTER STATUS"));
    return status.get(0) + ":" + status.get(1);
  }

  @Test
  void shouldServeARealReplica() {
    replicateWithSemiSync(ServerInstallation.embedded(), 61);
  }

  @Test
  @RequiresServer("mariadb-10.11")
  void shouldServeAnOlderReplica() {
    replicateWithSemiSync(ServerInstallation.find("mariadb-10.11").orElseThrow(), 62);
  }

  private static ScriptedReplica replica(long serverId) {
    ScriptedReplica replica =
        ScriptedReplica.connect(
            "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD, serverId);
    replica.handshake(Duration.ofMillis(300), 4);
    replica.query("SET @rpl_semi_sync_slave= 1");
    return replica;
  }

  /** Reads packets until one is a heartbeat; every one has the header. */
  private static List<WirePacket> untilHeartbeat(ScriptedReplica replica) {
    List<WirePacket> packets = new ArrayList<>();
    while (true) {
      WirePacket packet = replica.client().read();
      byte[] payload = packet.payload();
      assertThat(payload[0]).isZero();
      assertThat(payload[1] & 0xff).isEqualTo(0xef);
      packets.add(packet);
      if (payload[EVENT + 4] == 27) {
        return packets;
      }
    }
  }

  private static List<Integer> asked(List<WirePacket> packets) {
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < packets.size(); i++) {
      if (packets.get(i).payload()[2] == 1) {
        asked.add(i);
      }
    }
    return asked;
  }

  @Test
  void shouldAskForTheLastTransactionOnlyAndStartItsNumbersAgain() {
    try (ScriptedReplica replica = replica(63)) {
      replica.dumpGtid("", false, 2);
      List<WirePacket> old = untilHeartbeat(replica);
      assertThat(asked(old)).as("old transactions").isEmpty();
      assertThat(old).hasSizeGreaterThan(5);
      master.execute("INSERT INTO d.t (v) VALUES ('asked')");
      List<WirePacket> fresh = untilHeartbeat(replica);
      while (asked(fresh).isEmpty()) {
        fresh = untilHeartbeat(replica);
      }
      int flagged = asked(fresh).get(0);
      assertThat(fresh.get(flagged).payload()[EVENT + 4]).as("XID").isEqualTo((byte) 16);
      assertThat(fresh.get(flagged + 1).sequence()).isEqualTo(1);
      String position = masterPosition();
      String file = position.substring(0, position.indexOf(':'));
      long end = Long.parseLong(position.substring(position.indexOf(':') + 1));
      replica.client().write(0, new WireWriter().u1(0xef).u8(end).text(file).toBytes());
      awaitAcks(63, 1);
      assertThat(row(63)).containsEntry("acked_position", position);
      assertThat(untilHeartbeat(replica)).isNotEmpty();
    }
  }

  @Test
  void shouldFrameAHugeEventThatAsks() {
    master.execute("SET GLOBAL max_allowed_packet=64*1024*1024");
    try (ScriptedReplica replica = replica(64)) {
      replica.dumpGtid("", false, 0);
      untilHeartbeat(replica);
      String statement = "CREATE VIEW d.v AS SELECT '" + "x".repeat(17 << 20) + "' AS c";
      master.execute(statement, "DROP VIEW d.v");
      WirePacket huge = null;
      List<WirePacket> all = new ArrayList<>();
      while (huge == null || asked(all).isEmpty()) {
        List<WirePacket> some = untilHeartbeat(replica);
        all.addAll(some);
        huge =
            all.stream()
                .filter(packet -> packet.payload().length > 17 << 20)
                .findFirst()
                .orElse(null);
      }
      byte[] payload = huge.payload();
      int length =
          (payload[EVENT + 9] & 0xff)
              | (payload[EVENT + 10] & 0xff) << 8
              | (payload[EVENT + 11] & 0xff) << 16
              | (payload[EVENT + 12] & 0xff) << 24;
      assertThat(payload).hasSize(length + EVENT);
      assertThat(payload[payload.length - 5]).as("the end of the statement").isEqualTo((byte) 'c');
    }
  }

  @Test
  void shouldEndTheSessionOfAReplicaThatAnswersNonsense() {
    for (byte[] ack : List.of(new byte[] {1, 2, 3}, new WireWriter().u1(0xef).u8(4).toBytes())) {
      try (ScriptedReplica replica = replica(65)) {
        replica.dumpGtid("", false, 2);
        untilHeartbeat(replica);
        replica.client().write(0, ack);
        replica.client().expectClosed();
      }
    }
  }

  @Test
  void shouldNotListenToAReplicaWithoutSemiSync() {
    try (ScriptedReplica replica =
        ScriptedReplica.connect(
            "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD, 66)) {
      replica.handshake(Duration.ofMillis(200), 4).dumpGtid("", false, 2);
      replica.client().write(0, new WireWriter().u1(0xef).u8(4).text("m-bin.000001").toBytes());
      replica.awaitEvent("a heartbeat", event -> event.type() == 27);
      assertThat(row(66)).containsEntry("semi_sync", false).containsEntry("acks", 0L);
    }
  }
}
