package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master dies, its standby takes its place, and the relay is told so in SQL. */
abstract class NewMasterScenarios {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path directory;

  abstract ServerInstallation oldMaster();

  abstract ServerInstallation newMaster();

  abstract List<ServerInstallation> replicas();

  @Test
  void shouldGoOnAtAPromotedMasterUnderLoad() {
    long seed = RandomStops.seed();
    try (Topology topology = new Topology(oldMaster(), directory, true)) {
      MariaDbServer standby = topology.newStandby(newMaster());
      for (ServerInstallation replica : replicas()) {
        topology.newGtidReplica(replica, Replication.Gtid.SLAVE_POS);
      }
      topology.newGtidReplica(newMaster(), Replication.Gtid.CURRENT_POS);
      MariaDbServer old = topology.master();
      try (Writers writers = new Writers(old, seed)) {
        writers.awaitMore(200);
        loseTheMaster(topology, standby);
        writers.moveTo(standby);
        writers.awaitMore(50);

        pointRelayAt(topology, standby);
        awaitStreaming(topology);
        writers.awaitMore(100);
        topology.sluice().kill9();
        topology.sluice().start();
        writers.awaitMore(100);
      }
      topology.newGtidReplica(newMaster(), Replication.Gtid.SLAVE_POS);
      topology.assertEverythingEqualButForInUseFlags();
      assertThat(relayStatus(topology)).containsEntry("Master_Port", "" + standby.port());

      // The files of the old master are still there for those who ask for them by name.
      topology.newPositionReplica();
      topology.assertEverythingEqualButForInUseFlags();
      topology.sluice().stop();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** The relay stops first, so that the standby surely gets all that the relay has. */
  private static void loseTheMaster(Topology topology, MariaDbServer standby) {
    topology.relaySql().execute("STOP SLAVE");
    String reached = String.valueOf(relayStatus(topology).get("Gtid_IO_Pos"));
    Replication.awaitGtid(standby, reached, TIMEOUT);
    topology.master().kill9();
    Await.until(
        "the standby has applied what it got",
        TIMEOUT,
        () -> {
          Map<String, @Nullable String> status = Replication.status(standby);
          return String.valueOf(status.get("Slave_SQL_Running_State"))
              .startsWith("Slave has read all relay log");
        },
        () -> Replication.dump(standby));
    topology.promote(standby);
  }

  private static void pointRelayAt(Topology topology, MariaDbServer master) {
    topology
        .relaySql()
        .execute(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT="
                + master.port()
                + ", MASTER_USER='sluice', MASTER_PASSWORD='secret', MASTER_USE_GTID=slave_pos",
            "START SLAVE");
  }

  private static Map<String, @Nullable String> relayStatus(Topology topology) {
    return topology.relaySql().queryMap("SHOW SLAVE STATUS");
  }

  private static void awaitStreaming(Topology topology) {
    Await.until(
        "the relay streams",
        TIMEOUT,
        () -> "Yes".equals(relayStatus(topology).get("Slave_IO_Running")),
        () -> relayStatus(topology) + "\n" + topology.sluice().output());
  }

  @Test
  void shouldRefuseAMasterThatLacksWhatTheRelayHas() {
    try (Topology topology = new Topology(oldMaster(), directory, false)) {
      MariaDbServer standby = topology.newStandby(newMaster());
      MariaDbServer replica = topology.newGtidReplica();
      topology.master().execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY)");
      Replication.awaitCaughtUp(topology.master(), standby, replica);
      standby.execute("STOP SLAVE");
      topology.master().execute("INSERT INTO d.t VALUES (1)");
      topology.assertEverythingEqual();
      String before = fileList(topology);

      topology.relaySql().execute("STOP SLAVE");
      pointRelayAt(topology, standby);
      Map<String, @Nullable String> status =
          Await.value(
              "the relay refuses the standby",
              TIMEOUT,
              () -> relayStatus(topology),
              s -> "No".equals(s.get("Slave_IO_Running")) && !"0".equals(s.get("Last_IO_Errno")),
              topology.sluice()::output);
      assertThat(status).containsEntry("Last_IO_Errno", "1236");
      assertThat(status.get("Last_IO_Error"))
          .contains(topology.master().queryString("SELECT @@gtid_binlog_pos"));
      assertThat(fileList(topology)).isEqualTo(before);

      standby.execute("START SLAVE");
      Replication.awaitCaughtUp(topology.master(), standby);
      topology.promote(standby);
      standby.execute("INSERT INTO d.t VALUES (2)");
      topology.relaySql().execute("START SLAVE");
      awaitStreaming(topology);
      topology.assertEverythingEqual();
      assertThat(Replication.status(replica)).containsEntry("Slave_IO_Running", "Yes");
    }
  }

  private static String fileList(Topology topology) {
    return topology.relaySql().queryRows("SHOW BINARY LOGS").stream()
        .map(List::toString)
        .collect(Collectors.joining());
  }
}
