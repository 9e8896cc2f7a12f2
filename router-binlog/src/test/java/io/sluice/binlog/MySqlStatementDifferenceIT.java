package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The statements of {@code sql/statements-mysql.txt}, and every system variable, asked of a real
 * MySQL source and of the relay behind it: both answer alike.
 */
class MySqlStatementDifferenceIT {
  /** Where the relay tells of itself. */
  private static final Set<String> OWN_VALUES =
      Set.of(
          "log_slave_updates",
          "log_replica_updates",
          "pseudo_thread_id",
          "rand_seed1",
          "rand_seed2",
          "read_only",
          "statement_id",
          "super_read_only",
          "timestamp");

  @TempDir Path data;

  @Test
  @RequiresServer("mysql-9.7")
  void shouldAnswerAsASourceOf97() throws Exception {
    compare(MySqlServer.builder("mysql-9.7").gtid());
  }

  @Test
  @RequiresServer("mysql-5.6")
  void shouldAnswerAsASourceOf56() throws Exception {
    compare(MySqlServer.builder("mysql-5.6").gtid());
  }

  private void compare(MySqlServer.Builder builder) throws Exception {
    try (MySqlServer source = builder.serverId(1).binlog("m-bin").start()) {
      RelayHarness.createUser(source);
      source.createUser(
          StatementComparison.USER,
          StatementComparison.PASSWORD,
          "REPLICATION SLAVE, REPLICATION CLIENT ON *.*");
      source.execute(
          "CREATE DATABASE d",
          "CREATE TABLE d.t (id INT PRIMARY KEY)",
          "FLUSH BINARY LOGS",
          "INSERT INTO d.t VALUES (1)");
      try (RelayHarness relay = RelayHarness.start(data, source)) {
        relay.awaitEnd(source);
        try (StatementComparison comparison = new StatementComparison(source, relay.port())) {
          comparison.statements("/sql/statements-mysql.txt", () -> relay.awaitEnd(source));
          comparison.variables(OWN_VALUES);
          assertThat(comparison.differences()).as("differences from " + source.version()).isEmpty();
        }
      }
    }
  }
}
