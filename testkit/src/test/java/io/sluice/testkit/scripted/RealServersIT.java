package io.sluice.testkit.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The scripted peers against real servers: what they say and understand is what servers say. */
class RealServersIT {
  @Test
  void shouldReadARealMastersFiles() throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().serverId(5).binlog("m1-bin").start()) {
      server.createUser("repl", "pw", "REPLICATION SLAVE ON *.*");
      server.execute(
          "CREATE DATABASE d",
          "CREATE TABLE d.t (a INT PRIMARY KEY, b LONGBLOB)",
          "CREATE TABLE d.n (a INT) ENGINE=Aria",
          "INSERT INTO d.t VALUES (1, REPEAT('x', 20000000))",
          "FLUSH BINARY LOGS",
          "INSERT INTO d.n VALUES (1), (2)",
          "FLUSH BINARY LOGS");
      try (ScriptedReplica replica = replicaOf(server)) {
        replica
            .register()
            .dump("m1-bin.000001", 4, ScriptedReplica.NON_BLOCKING | ScriptedReplica.ANNOTATE);
        replica.readToEnd();
        assertThat(replica.error()).isNull();
        assertThat(replica.files()).hasSize(3);
        for (String file : server.closedBinlogFiles()) {
          assertThat(replica.files().get(file))
              .isEqualTo(Files.readAllBytes(server.binlogPath(file)));
          assertThat(BinlogFiles.read(server.binlogPath(file))).isNotEmpty();
        }
      }
      try (ScriptedReplica replica = replicaOf(server)) {
        String gtid = String.valueOf(server.queryString("SELECT @@gtid_binlog_pos"));
        replica.register().dumpGtid("", true, ScriptedReplica.NON_BLOCKING);
        replica.readToEnd();
        assertThat(replica.gtids()).hasSize(7).last().isEqualTo(gtid);
      }
      try (ScriptedReplica replica = replicaOf(server)) {
        replica.register().dump("no-bin.000001", 4, 0);
        replica.expectError(1236);
      }
      try (ScriptedReplica replica = replicaOf(server)) {
        replica.handshake(Duration.ofMillis(50), 4).registerSlave().dump("m1-bin.000003", 4, 0);
        replica.awaitEvent("heartbeat", event -> event.type() == EventTypes.HEARTBEAT);
      }
    }
  }

  @Test
  void shouldFeedARealReplica() {
    BinlogEvents first = new BinlogEvents("s-bin.000001", 77, true);
    first.formatDescription(BinlogEvents.MARIADB_11_4, false);
    first.gtidList();
    first.ddl(0, 1, "", "CREATE DATABASE scripted");
    first.ddl(0, 2, "scripted", "CREATE TABLE t (a INT PRIMARY KEY)");
    first.rotate("s-bin.000002");
    BinlogEvents second = new BinlogEvents("s-bin.000002", 77, true);
    second.formatDescription(BinlogEvents.MARIADB_11_4, true);
    second.gtidList("0-77-2");
    second.gtid(0, 3, BinlogEvents.GTID_TRANSACTIONAL);
    second.query("scripted", "INSERT INTO t VALUES (42)");
    second.xid(3);
    try (ScriptedMaster master =
            ScriptedMaster.builder()
                .version(BinlogEvents.MARIADB_11_4)
                .serverId(77)
                .serveFiles(first, second)
                .start();
        MariaDbServer replica = MariaDbServer.builder().serverId(6).start()) {
      Replication.start(
          replica,
          new Replication.Source(master.host(), master.port(), "repl", "pw"),
          Replication.Gtid.SLAVE_POS);
      Replication.awaitGtid(replica, "0-77-3", Duration.ofSeconds(60));
      assertThat(replica.queryString("SELECT a FROM scripted.t")).isEqualTo("42");
      master.push(second.ddl(0, 4, "scripted", "CREATE TABLE u (a INT)"));
      Replication.awaitGtid(replica, "0-77-4", Duration.ofSeconds(60));
      assertThat(master.registrations()).containsExactly(6L);
    }
  }

  private static ScriptedReplica replicaOf(MariaDbServer server) {
    return ScriptedReplica.connect(server.host(), server.port(), "repl", "pw", 99);
  }
}
