package io.sluice.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testkit.server.Replication.Source;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplicationIT {
  private static MariaDbServer master;
  private static Source source;

  @BeforeAll
  static void startMaster() {
    master = MariaDbServer.builder().serverId(1).binlog("m1-bin").start();
    master.createUser("repl", "pw", "REPLICATION SLAVE ON *.*");
    master.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY, b LONGTEXT)");
    source = Source.of(master, "repl", "pw");
  }

  @AfterAll
  static void stopMaster() {
    master.close();
  }

  @Test
  void shouldReplicateByGtidAndByPosition() {
    try (MariaDbServer byGtid = MariaDbServer.builder().serverId(2).start();
        MariaDbServer byPosition = MariaDbServer.builder().serverId(3).start()) {
      Replication.start(byGtid, source, Replication.Gtid.SLAVE_POS);
      Replication.start(byPosition, source, "m1-bin.000001", 4);
      master.execute("USE d", "INSERT INTO t SELECT seq, REPEAT('x', 1000) FROM seq_1_to_50");
      Replication.awaitRunning(byGtid);
      Replication.awaitRunning(byPosition);
      Replication.assertReplicated(master, byGtid, byPosition);
      assertThat(Replication.dumpConnections(master)).isEqualTo(2);

      byGtid.execute("INSERT INTO d.t VALUES (-1, 'extra')");
      assertThatThrownBy(() -> Replication.assertSameData(master, byGtid))
          .hasMessageContaining("table checksums differ");
    }
  }

  @Test
  void shouldDumpTheStatusWhenTheReplicaDoesNotGetThere() {
    try (MariaDbServer replica = MariaDbServer.builder().serverId(4).start()) {
      Replication.start(
          replica,
          new Source(master.host(), master.port(), "repl", "wrong"),
          Replication.Gtid.SLAVE_POS);
      Replication.awaitIoError(replica, 1045);
      assertThatThrownBy(
              () -> Replication.awaitGtid(replica, "0-1-1000000", Duration.ofMillis(100)))
          .hasMessageContaining("Last_IO_Errno: 1045");
    }
  }
}
