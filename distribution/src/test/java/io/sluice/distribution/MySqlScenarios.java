package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold for each version of MySQL; a subclass names the version. */
abstract class MySqlScenarios {

  @TempDir Path directory;

  /** The name of an installation. */
  abstract String version();

  /** How many megabytes the biggest transaction has. */
  abstract int megabytes();

  @Test
  void shouldReplicateMixedWorkloadAndServeItWhileTheSourceIsDown() {
    try (MySqlTopology topology = new MySqlTopology(version(), directory, true)) {
      topology.newGtidReplica();
      topology.newPositionReplica();

      MySqlWorkload.mixed(topology, directory);
      MySqlWorkload.bigTransaction(topology, megabytes());
      assertEqualThroughOneDump(topology);
      assertThat(topology.master().closedBinlogFiles()).hasSizeGreaterThanOrEqualTo(3);

      newReplicasWhileTheSourceIsDown(topology);
      topology.master().execute("INSERT INTO w0.last VALUES (2)");
      assertEqualThroughOneDump(topology);
      if (topology.isRelayed()) {
        assertThat(topology.sluice().stop()).isZero();
      }
    }
  }

  private static void newReplicasWhileTheSourceIsDown(MySqlTopology topology) {
    String executed = topology.master().gtidExecuted();
    Map<String, String> rows = Replication.checksumTables(topology.master());
    if (topology.isRelayed()) {
      topology.master().stop();
      topology.sluice().stop();
      topology.sluice().start();
    }
    MySqlServer byGtid = topology.newGtidReplica();
    MySqlServer byPosition = topology.newPositionReplica();
    for (MySqlServer replica : List.of(byGtid, byPosition)) {
      Replication.awaitGtid(replica, executed, Duration.ofSeconds(60));
      assertThat(Replication.checksumTables(replica)).isEqualTo(rows);
      assertThat(Replication.status(replica)).containsEntry("Slave_IO_Running", "Yes");
    }
    if (topology.isRelayed()) {
      assertThat(topology.relayGtids("gtid_executed")).isEqualTo(executed);
      topology.master().start();
    }
  }

  private static void assertEqualThroughOneDump(MySqlTopology topology) {
    topology.assertEverythingEqual();
    if (topology.isRelayed()) {
      Await.until(
          "the source has one dump", () -> Replication.dumpConnections(topology.master()) == 1);
    }
  }

  @Test
  void shouldReplicateAnonymousTransactionsByPosition() {
    long seed = RandomStops.seed();
    try (MySqlTopology topology = new MySqlTopology(version(), directory, false)) {
      topology.newPositionReplica();
      MySqlWorkload.mixed(topology, directory);
      topology.newPositionReplica();
      assertEqualThroughOneDump(topology);
      assertThat(topology.master().gtidExecuted()).isEmpty();

      stopAndKillEachPart(topology, seed, 1);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  @Test
  void shouldBeEqualAgainAfterEachPartWasKilled() {
    long seed = RandomStops.seed();
    try (MySqlTopology topology = new MySqlTopology(version(), directory, true)) {
      topology.newGtidReplica();
      topology.newPositionReplica();
      stopAndKillEachPart(topology, seed, 2);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private static void stopAndKillEachPart(MySqlTopology topology, long seed, int rounds) {
    try (Writers writers = topology.newWriters(seed)) {
      writers.awaitMore(50);
      new RandomStops(topology, writers, seed).run(rounds);
    }
    topology.assertEverythingEqualButForInUseFlags();
  }
}
