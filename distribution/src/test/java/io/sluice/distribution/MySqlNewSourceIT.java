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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The source dies, its replica takes its place, and the relay is told so in SQL. */
@RequiresServer({"mysql-9.7", "mysql-5.6"})
class MySqlNewSourceIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"mysql-9.7", "mysql-5.6"})
  void shouldGoOnAtAPromotedSourceUnderLoad(String version) {
    long seed = RandomStops.seed();
    try (MySqlTopology topology = new MySqlTopology(version, directory, true)) {
      MySqlServer standby = topology.newStandby();
      topology.newGtidReplica();
      topology.newGtidReplica();
      try (Writers writers = topology.newWriters(seed)) {
        writers.awaitMore(200);
        loseTheSource(topology, standby);
        writers.moveTo(standby);
        writers.awaitMore(50);

        pointRelayAt(topology, standby);
        awaitStreaming(topology);
        writers.awaitMore(100);
        topology.sluice().kill9();
        topology.sluice().start();
        writers.awaitMore(100);
      }
      topology.newGtidReplica();
      topology.assertEverythingEqualButForInUseFlags();
      assertThat(relayStatus(topology)).containsEntry("Master_Port", "" + standby.port());

      // The files of the old source are still there for those who ask for them by name.
      topology.newPositionReplica();
      topology.assertEverythingEqualButForInUseFlags();
      topology.sluice().stop();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** The relay stops first, so that the standby surely gets all that the relay has. */
  private static void loseTheSource(MySqlTopology topology, MySqlServer standby) {
    topology.relaySql().execute(Replication.statement(topology.master(), "STOP"));
    Replication.awaitGtid(standby, topology.relayGtids("gtid_executed"), TIMEOUT);
    topology.master().kill9();
    Await.until(
        "the standby has applied what it got",
        TIMEOUT,
        () ->
            String.valueOf(Replication.status(standby).get("Slave_SQL_Running_State"))
                .contains("has read all relay log"),
        () -> Replication.dump(standby));
    topology.promote(standby);
  }

  private static void pointRelayAt(MySqlTopology topology, MySqlServer source) {
    topology
        .relaySql()
        .execute(
            Replication.changeStatement(
                source,
                "MASTER_HOST='127.0.0.1', MASTER_PORT="
                    + source.port()
                    + ", MASTER_USER='sluice', MASTER_PASSWORD='secret', MASTER_AUTO_POSITION=1"
                    + (topology.isOld() ? "" : ", GET_MASTER_PUBLIC_KEY=1")),
            Replication.statement(source, "START"));
  }

  private static Map<String, @Nullable String> relayStatus(MySqlTopology topology) {
    return Replication.status(topology.master(), topology.relaySql());
  }

  private static void awaitStreaming(MySqlTopology topology) {
    Await.until(
        "the relay streams",
        TIMEOUT,
        () -> "Yes".equals(relayStatus(topology).get("Slave_IO_Running")),
        () -> relayStatus(topology) + "\n" + topology.sluice().output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql-9.7", "mysql-5.6"})
  void shouldRefuseASourceThatLacksWhatTheRelayHas(String version) {
    try (MySqlTopology topology = new MySqlTopology(version, directory, true)) {
      MySqlServer standby = topology.newStandby();
      MySqlServer replica = topology.newGtidReplica();
      topology.master().execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY)");
      Replication.awaitCaughtUp(topology.master(), standby, replica);
      Replication.stopSlave(standby);
      topology.master().execute("INSERT INTO d.t VALUES (1)");
      topology.assertEverythingEqual();
      String before = fileList(topology);

      refused(topology, standby);
      assertThat(fileList(topology)).isEqualTo(before);

      Replication.startSlave(standby);
      Replication.awaitCaughtUp(topology.master(), standby);
      topology.promote(standby);
      standby.execute("INSERT INTO d.t VALUES (2)");
      topology.relaySql().execute(Replication.statement(standby, "START"));
      awaitStreaming(topology);
      topology.assertEverythingEqual();
      assertThat(Replication.status(replica)).containsEntry("Slave_IO_Running", "Yes");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql-9.7", "mysql-5.6"})
  void shouldRefuseASourceThatHasPurgedWhatTheRelayNeeds(String version) {
    try (MySqlTopology topology = new MySqlTopology(version, directory, true)) {
      MySqlServer standby = topology.newStandby();
      topology.master().execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY)");
      topology.assertEverythingEqual();
      topology.relaySql().execute(Replication.statement(standby, "STOP"));
      topology.master().execute("INSERT INTO d.t VALUES (1)");
      Replication.awaitCaughtUp(topology.master(), standby);
      standby.execute("FLUSH BINARY LOGS", "PURGE BINARY LOGS TO '" + last(standby) + "'");
      String before = fileList(topology);

      refused(topology, standby);
      assertThat(fileList(topology)).isEqualTo(before);
    }
  }

  /** The file that FLUSH BINARY LOGS is about to begin. */
  private static String last(MySqlServer server) {
    String name = server.binlogFiles().get(server.binlogFiles().size() - 1);
    return "%s.%06d"
        .formatted(
            name.substring(0, name.indexOf('.')),
            Integer.parseInt(name.substring(name.indexOf('.') + 1)) + 1);
  }

  private static void refused(MySqlTopology topology, MySqlServer standby) {
    topology.relaySql().execute(Replication.statement(standby, "STOP"));
    pointRelayAt(topology, standby);
    Map<String, @Nullable String> status =
        Await.value(
            "the relay refuses the standby",
            TIMEOUT,
            () -> relayStatus(topology),
            s -> "No".equals(s.get("Slave_IO_Running")) && !"0".equals(s.get("Last_IO_Errno")),
            topology.sluice()::output);
    assertThat(status).containsEntry("Last_IO_Errno", topology.isOld() ? "1236" : "13114");
    assertThat(status.get("Last_IO_Error")).contains(topology.firstMaster().serverUuid());
  }

  private static String fileList(MySqlTopology topology) {
    return topology.relaySql().queryRows("SHOW BINARY LOGS").stream()
        .map(List::toString)
        .collect(Collectors.joining());
  }
}
