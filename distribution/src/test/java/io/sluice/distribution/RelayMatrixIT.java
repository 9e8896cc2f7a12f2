package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Masters and replicas of all supported versions, each with each: behind one relay of each master
 * stand replicas of every version, by GTID (both ways of saying where) and by file and position.
 * First all that a master can write, then writers while each part stops, dies and comes back.
 */
@RequiresServer({"mariadb-10.11", "mariadb-11.8"})
class RelayMatrixIT {

  private static final List<String> VERSIONS =
      List.of("mariadb-10.11", "mariadb-embedded", "mariadb-11.8");

  @TempDir Path directory;

  private static ServerInstallation installation(String name) {
    return name.equals("mariadb-embedded")
        ? ServerInstallation.embedded()
        : ServerInstallation.find(name).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mariadb-10.11", "mariadb-embedded", "mariadb-11.8"})
  void shouldKeepReplicasOfAllVersionsEqual(String master) {
    check(master, VERSIONS, 1, "log-bin-compress=" + compress(master));
  }

  /** Also replicas of 10.5, which know neither newer collations nor compressed events of today. */
  @Tag("nightly")
  @RequiresServer("mariadb-10.5")
  @ParameterizedTest
  @ValueSource(strings = {"mariadb-10.5", "mariadb-10.11", "mariadb-embedded", "mariadb-11.8"})
  void shouldKeepReplicasOf105EqualToo(String master) {
    check(
        master,
        List.of("mariadb-10.5", "mariadb-10.11", "mariadb-embedded", "mariadb-11.8"),
        2,
        "collation-server=utf8mb4_general_ci",
        "loose-character-set-collations=");
  }

  private void check(String master, List<String> versions, int rounds, String... options) {
    long seed = RandomStops.seed();
    Map<String, MariaDbServer> byPosition = new LinkedHashMap<>();
    try (Topology topology = new Topology(installation(master), directory, true, options)) {
      for (String version : versions) {
        topology.newGtidReplica(
            installation(version),
            mode(master, version),
            "slave-parallel-threads=" + (version.equals("mariadb-11.8") ? 4 : 0));
        byPosition.put(version, topology.newPositionReplicaToBeKilled(installation(version)));
      }
      Workload.mixed(topology.master(), directory);
      topology.assertEverythingEqual();
      byPosition.forEach(
          (version, replica) -> {
            if (!resumesByPosition(master, version)) {
              Replication.start(replica, topology.relay(), Replication.Gtid.SLAVE_POS);
            }
          });
      try (Writers writers = new Writers(topology.master(), seed)) {
        writers.awaitMore(50);
        new RandomStops(topology, writers, seed).run(rounds);
      }
      MariaDbServer late =
          topology.newGtidReplica(installation(master), Replication.Gtid.SLAVE_POS);
      topology.assertEverythingEqualButForInUseFlags();
      assertThat(Replication.status(late)).containsEntry("Last_IO_Errno", "0");
      Await.until(
          "the master has one dump", () -> Replication.dumpConnections(topology.master()) == 1);
      assertThat(topology.sluice().stop()).isZero();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /**
   * Masters from 11.4 on write no positions inside a transaction, and replicas before 11.4 count
   * them wrong there. Interrupted inside a transaction they ask for a place where no event begins,
   * and get error 1236 from a real master too: such a pair needs GTIDs to survive interruptions.
   */
  private static boolean resumesByPosition(String master, String replica) {
    return master.startsWith("mariadb-10.") || !replica.startsWith("mariadb-10.");
  }

  private static String compress(String master) {
    return master.equals("mariadb-11.8") ? "ON" : "OFF";
  }

  /** Each version with both modes, and each master with both. */
  private static Replication.Gtid mode(String master, String replica) {
    return (VERSIONS.indexOf(master) + VERSIONS.indexOf(replica)) % 2 == 0
        ? Replication.Gtid.SLAVE_POS
        : Replication.Gtid.CURRENT_POS;
  }
}
