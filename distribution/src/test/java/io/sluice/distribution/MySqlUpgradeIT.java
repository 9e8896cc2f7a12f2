package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.RequiresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replicas of 9.7 of a source of 5.6: they follow it, until a statement comes that 9.7 no longer
 * understands. Two of them are behind the relay and one at the source itself; they end alike.
 */
@RequiresServer({"mysql-9.7", "mysql-5.6"})
class MySqlUpgradeIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void shouldDoBehindTheRelayWhatAReplicaOf97DoesAtASourceOf56() {
    long seed = RandomStops.seed();
    try (MySqlTopology topology = new MySqlTopology("mysql-5.6", directory, true)) {
      MySqlServer source = topology.master();
      MySqlServer.BinlogEnd end = source.binlogEnd();
      MySqlServer atSource = newReplica(topology);
      MySqlServer byGtid = newReplica(topology);
      MySqlServer byPosition = newReplica(topology);
      Replication.start(
          atSource,
          Replication.Source.of(
              source, RelayTopology.REPLICA_USER, RelayTopology.REPLICA_PASSWORD));
      Replication.start(byGtid, topology.relay());
      Replication.start(byPosition, topology.relay(), end.file(), end.position());
      try (Writers writers = topology.newWriters(seed)) {
        writers.awaitMore(200);
        topology.sluice().kill9();
        topology.sluice().start();
        writers.awaitMore(50);
        byGtid.kill9();
        byGtid.start();
        writers.awaitMore(50);
      }
      topology.assertEverythingEqual();
      Await.until("the source has two dumps", () -> Replication.dumpConnections(source) == 2);

      source.execute("CREATE USER of56 IDENTIFIED BY 'pw'", "DROP TABLE c0.twice");
      List<String> outcomes =
          topology.replicas().stream().map(replica -> outcome(replica, source)).toList();
      assertThat(outcomes.get(0)).contains("1064", "Yes", "No");
      assertThat(outcomes).containsOnly(outcomes.get(0));
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** As if restored from a backup: the source's accounts are not in the way. */
  private static MySqlServer newReplica(MySqlTopology topology) {
    MySqlServer replica = topology.newReplica("mysql-9.7");
    replica.execute("SET GLOBAL gtid_purged = '" + topology.master().gtidExecuted() + "'");
    return replica;
  }

  /** What replication says when the replica has got everything and the applier has stopped. */
  private static String outcome(MySqlServer replica, MySqlServer source) {
    Map<String, @Nullable String> status =
        Await.value(
            replica + " stops",
            TIMEOUT,
            () -> Replication.status(replica),
            s ->
                "No".equals(s.get("Slave_SQL_Running"))
                    && String.valueOf(source.binlogEnd().position())
                        .equals(s.get("Read_Master_Log_Pos")),
            () -> Replication.dump(replica));
    return String.join(
        " ",
        List.of(
            String.valueOf(status.get("Slave_IO_Running")),
            String.valueOf(status.get("Slave_SQL_Running")),
            String.valueOf(status.get("Last_IO_Errno")),
            String.valueOf(status.get("Last_SQL_Errno")),
            String.valueOf(status.get("Last_SQL_Error")),
            replica.gtidExecuted()));
  }
}
