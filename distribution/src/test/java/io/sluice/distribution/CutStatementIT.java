package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The connection of a replica ends between two rows events of one statement. One that replicates by
 * file and position refuses what comes next, from a real master and from the relay alike, until its
 * administrator starts it again; one that replicates by GTID goes on by itself.
 */
class CutStatementIT {

  private static final String MARKER = "the-second-row";

  @TempDir Path directory;

  @Test
  void shouldEndAReplicaByPositionAsAMasterDoesAndNoneByGtid() throws Exception {
    try (Topology topology =
            new Topology(ServerInstallation.embedded(), directory, false, "binlog-format=ROW");
        StreamCut atMaster = new StreamCut(topology.masterAsSource(), MARKER);
        StreamCut atRelay = new StreamCut(topology.relay(), MARKER);
        StreamCut atRelayByGtid = new StreamCut(topology.relay(), MARKER)) {
      MariaDbServer ofMaster = inTheClear(topology.newPositionReplica(atMaster.asSource()));
      MariaDbServer ofRelay = inTheClear(topology.newPositionReplica(atRelay.asSource()));
      MariaDbServer byGtid = inTheClear(topology.newGtidReplica(atRelayByGtid.asSource()));

      // Rows that are too large to share an event.
      topology
          .master()
          .execute(
              "CREATE DATABASE c",
              "CREATE TABLE c.t (id INT PRIMARY KEY, v MEDIUMTEXT) ENGINE=InnoDB",
              "INSERT INTO c.t VALUES (1, REPEAT('a', 20000)),"
                  + " (2, CONCAT(REPEAT('b', 20000), '"
                  + MARKER.substring(0, 4)
                  + "', '"
                  + MARKER.substring(4)
                  + "')), (3, REPEAT('c', 20000))");

      Map<String, @Nullable String> expected = Replication.awaitIoError(ofMaster, 1595);
      Map<String, @Nullable String> actual = Replication.awaitIoError(ofRelay, 1595);
      for (String column : new String[] {"Last_IO_Error", "Read_Master_Log_Pos"}) {
        assertThat(actual.get(column)).as(column).isEqualTo(expected.get(column));
      }
      Replication.awaitCaughtUp(topology.master(), byGtid);
      assertThat(atRelayByGtid.hasCut()).isTrue();
      assertThat(Replication.status(byGtid)).containsEntry("Last_IO_Errno", "0");

      topology.assertEverythingEqual();
    }
  }

  /** The cut finds its marker in bytes that can be read. */
  private static MariaDbServer inTheClear(MariaDbServer replica) {
    Replication.stopSlave(replica);
    replica.execute("CHANGE MASTER TO MASTER_SSL=0");
    Replication.startSlave(replica);
    return replica;
  }
}
