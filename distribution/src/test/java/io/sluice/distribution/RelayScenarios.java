package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold for each family of servers; a subclass names the servers. */
abstract class RelayScenarios {

  @TempDir Path directory;

  abstract ServerInstallation installation();

  @Test
  void shouldReplicateMixedWorkloadByGtidAndByPosition() throws Exception {
    try (Topology topology = new Topology(installation(), directory, false)) {
      topology.newGtidReplica();
      topology.newPositionReplica();

      Workload.mixed(topology.master(), directory);
      MariaDbServer late = topology.newReplica();
      Replication.start(late, topology.relay(), Replication.Gtid.CURRENT_POS);

      topology.assertEverythingEqual();
      assertThat(topology.master().closedBinlogFiles()).hasSizeGreaterThanOrEqualTo(3);
      Await.until(
          "the master has one dump", () -> Replication.dumpConnections(topology.master()) == 1);
      assertStatus(topology);
      // Replicas that stream do not use up the grace period, which is longer than this waits.
      assertThat(topology.sluice().stop()).isZero();
    }
  }

  private static void assertStatus(Topology topology) throws Exception {
    List<String> position = topology.master().queryRow("SHOW MASTER STATUS");
    SluiceProcess.Result shown = topology.sluice().ctl("show", "service", "relay", "-o", "json");
    assertThat(shown.exit()).as(shown.output()).isZero();
    JsonNode diagnostics =
        new ObjectMapper().readTree(shown.output()).at("/data/attributes/diagnostics");
    assertThat(diagnostics.toString())
        .contains(position.get(0))
        .contains("\"" + topology.master().queryString("SELECT @@gtid_binlog_pos") + "\"");
    assertThat(diagnostics.path("replicas")).hasSize(3);
    assertThat(diagnostics.path("replicas").findValuesAsText("server_id"))
        .containsExactlyInAnyOrder("11", "12", "13");
  }

  @Test
  void shouldServeAllHistoryWhileTheMasterIsDown() {
    try (Topology topology = new Topology(installation(), directory, false)) {
      MariaDbServer first = topology.newGtidReplica();
      Workload.mixed(topology.master(), directory);
      topology.assertEverythingEqual();
      String gtid = String.valueOf(topology.master().queryString("SELECT @@gtid_binlog_pos"));
      Map<String, String> rows = Replication.checksumTables(first);

      topology.master().stop();
      topology.sluice().stop();
      topology.sluice().start();
      MariaDbServer byGtid = topology.newGtidReplica();
      MariaDbServer byPosition = topology.newPositionReplica();

      for (MariaDbServer replica : List.of(byGtid, byPosition)) {
        Replication.awaitGtid(replica, gtid, Duration.ofSeconds(60));
        assertThat(Replication.checksumTables(replica)).isEqualTo(rows);
        assertThat(Replication.status(replica)).containsEntry("Slave_IO_Running", "Yes");
      }

      topology.master().start();
      topology.master().execute("INSERT INTO w0.last VALUES (2)");
      topology.assertEverythingEqual();
    }
  }

  @Test
  void shouldBeEqualAgainAfterEachPartWasKilled() {
    long seed = RandomStops.seed();
    try (Topology topology = new Topology(installation(), directory, true)) {
      topology.newGtidReplica();
      topology.newPositionReplicaToBeKilled();
      try (Writers writers = new Writers(topology.master(), seed)) {
        writers.awaitMore(50);
        new RandomStops(topology, writers, seed).run(2);
      }
      topology.assertEverythingEqualButForInUseFlags();
    }
  }
}
