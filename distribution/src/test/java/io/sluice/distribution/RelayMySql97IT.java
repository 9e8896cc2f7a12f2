package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.RequiresServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 9.7 to relay to 9.7. */
@RequiresServer("mysql-9.7")
class RelayMySql97IT extends MySqlScenarios {

  @Override
  String version() {
    return "mysql-9.7";
  }

  @Override
  int megabytes() {
    return 100;
  }

  /** From anonymous transactions to GTIDs, while everything runs; 5.6 cannot. */
  @Test
  void shouldFollowASourceThatTurnsGtidsOn() {
    try (MySqlTopology topology = new MySqlTopology(version(), directory, false)) {
      MySqlServer source = topology.master();
      MySqlServer replica = topology.newPositionReplica();
      source.execute("CREATE DATABASE d", "CREATE TABLE d.t (v VARCHAR(40) PRIMARY KEY)");
      for (String mode : List.of("OFF", "OFF_PERMISSIVE", "ON_PERMISSIVE", "ON")) {
        for (MySqlServer server : List.of(replica, source)) {
          server.execute(
              "SET GLOBAL enforce_gtid_consistency = ON", "SET GLOBAL gtid_mode = " + mode);
        }
        source.execute("INSERT INTO d.t VALUES ('" + mode + "')", "FLUSH BINARY LOGS");
        source.execute("INSERT INTO d.t VALUES ('" + mode + " in a new file')");
        Replication.awaitPosition(
            replica,
            source.binlogEnd().file(),
            source.binlogEnd().position(),
            RelayTopology.CATCH_UP);
      }
      Replication.start(replica, topology.relay());
      source.execute("INSERT INTO d.t VALUES ('by GTID')");
      Replication.awaitGtid(replica, source.gtidExecuted(), RelayTopology.CATCH_UP);
      assertThat(Replication.status(replica)).containsEntry("Auto_Position", "1");
      topology.assertEverythingEqual();
      assertThat(replica.gtidExecuted()).isEqualTo(source.gtidExecuted()).isNotEmpty();
    }
  }
}
