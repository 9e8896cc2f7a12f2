package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The statements of {@code sql/statements.txt}, and every system variable, asked of a real master
 * and of the relay behind it: both answer alike.
 */
class StatementDifferenceIT {
  /** Where the relay tells of itself. */
  private static final Set<String> OWN_VALUES =
      Set.of(
          "gtid_current_pos",
          "gtid_slave_pos",
          "log_slave_updates",
          "read_only",
          "in_transaction",
          "pseudo_thread_id",
          "rand_seed1",
          "rand_seed2",
          "timestamp",
          "gtid_pos_auto_engines");

  @TempDir Path data;

  @Test
  void shouldAnswerAsAMasterOf114() throws Exception {
    compare(ServerInstallation.embedded());
  }

  @Test
  @RequiresServer("mariadb-10.11")
  void shouldAnswerAsAMasterOf1011() throws Exception {
    compare(ServerInstallation.find("mariadb-10.11").orElseThrow());
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldAnswerAsAMasterOf118() throws Exception {
    compare(ServerInstallation.find("mariadb-11.8").orElseThrow());
  }

  private void compare(ServerInstallation installation) throws Exception {
    try (MariaDbServer master =
        MariaDbServer.builder().installation(installation).serverId(1).binlog("m-bin").start()) {
      RelayHarness.createUser(master);
      master.createUser(
          StatementComparison.USER,
          StatementComparison.PASSWORD,
          "REPLICATION SLAVE, BINLOG MONITOR, SLAVE MONITOR, REPLICATION MASTER ADMIN ON *.*");
      master.execute(
          "CREATE DATABASE d",
          "CREATE TABLE d.t (id INT PRIMARY KEY)",
          "FLUSH BINARY LOGS",
          "INSERT INTO d.t VALUES (1)");
      try (RelayHarness relay = RelayHarness.start(data, master)) {
        Await.until(
            "the relay has everything",
            Duration.ofSeconds(60),
            () ->
                master
                    .queryRow("SHOW MASTER STATUS")
                    .equals(relay.sql().queryRow("SHOW MASTER STATUS")));
        try (StatementComparison comparison = new StatementComparison(master, relay.port())) {
          comparison.statements("/sql/statements.txt", () -> relay.awaitStored(master));
          comparison.variables(OWN_VALUES);
          assertThat(comparison.differences()).as("differences from " + master.version()).isEmpty();
        }
      }
    }
  }
}
