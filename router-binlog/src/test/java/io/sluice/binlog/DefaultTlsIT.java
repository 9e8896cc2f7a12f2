package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica of a version that demands TLS with a verified certificate, without any TLS option. */
class DefaultTlsIT {
  @TempDir Path data;

  @Test
  void shouldFeedAReplicaWithItsDefaultSettingsOverTls() {
    try (MariaDbServer master = MariaDbServer.builder().serverId(1).binlog("m-bin").start()) {
      RelayHarness.createUser(master);
      master.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v LONGTEXT)");
      try (RelayHarness relay = RelayHarness.start(data, master);
          MariaDbServer replica = MariaDbServer.builder().serverId(2).start()) {
        relay.awaitStored(master);
        replica.execute(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT="
                + relay.port()
                + ", MASTER_USER='"
                + RelayHarness.USER
                + "', MASTER_PASSWORD='"
                + RelayHarness.PASSWORD
                + "', MASTER_USE_GTID=slave_pos",
            "START SLAVE");

        master.execute("INSERT INTO d.t VALUES (1, REPEAT('x', 20000000)), (2, 'small')");

        Replication.assertReplicated(master, replica);
        assertThat(Replication.status(replica))
            .containsEntry("Master_SSL_Allowed", "Yes")
            .containsEntry("Master_SSL_Verify_Server_Cert", "Yes");
      }
    }
  }
}
