package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that does not read holds up nobody and costs bounded memory. */
class SlowReplicaIT {
  @TempDir Path data;

  @Test
  void shouldNotWaitForASlowReplica() {
    try (MariaDbServer master = MariaDbServer.builder().serverId(1).binlog("m-bin").start()) {
      RelayHarness.createUser(master);
      try (RelayHarness relay = RelayHarness.start(data, master)) {
        serve(master, relay);
      }
    }
  }

  private static void serve(MariaDbServer master, RelayHarness relay) {
    master.execute("CREATE DATABASE slow", "CREATE TABLE slow.t (v LONGTEXT)");
    for (int i = 0; i < 30; i++) {
      master.execute("SET binlog_format = ROW", "INSERT INTO slow.t VALUES (REPEAT('s', 3000000))");
    }
    relay.awaitStored(master);
    try (ScriptedReplica slow =
        ScriptedReplica.connectSlow(
            "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD, 41)) {
      slow.handshake(Duration.ZERO, 4).registerSlave().dumpGtid("", false, 2);
      try (MariaDbServer server = MariaDbServer.builder().serverId(42).binlog("r-bin").start()) {
        Replication.start(server, relay.source(), Gtid.SLAVE_POS);
        Replication.assertReplicated(master, server);
        Map<String, Object> row =
            relay.replicas().stream()
                .filter(replica -> replica.get("server_id").equals(41L))
                .findFirst()
                .orElseThrow();
        assertThat((Long) row.get("sent_bytes")).isBetween(1L, 20_000_000L);
        assertThat((Long) row.get("lag_bytes")).isGreaterThan(50_000_000L);
        // Ended in the middle of a large event: nothing but a close can follow.
        try (ScriptedReplica newer =
            ScriptedReplica.connect(
                "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD, 41)) {
          newer.handshake(Duration.ZERO, 4).registerSlave().dumpGtid("", false, 2);
          newer.awaitEvent("the first events", event -> event.type() == 162);
        }
      }
    }
  }
}
