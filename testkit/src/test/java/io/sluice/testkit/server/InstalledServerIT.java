package io.sluice.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresServer("mariadb-10.11")
class InstalledServerIT {
  @Test
  void shouldReplicateFromAndToAnInstalledServer() throws Exception {
    ServerInstallation old = ServerInstallation.find("mariadb-10.11").orElseThrow();
    try (MariaDbServer master =
            MariaDbServer.builder().installation(old).serverId(1).binlog("m1-bin").start();
        MariaDbServer oldReplica = MariaDbServer.builder().installation(old).serverId(2).start();
        MariaDbServer newReplica = MariaDbServer.builder().serverId(3).start()) {
      assertThat(master.version()).startsWith("10.11.");
      assertThat(newReplica.version()).startsWith("11.4.");
      master.createUser("repl", "pw", "REPLICATION SLAVE ON *.*");
      Replication.Source source = Replication.Source.of(master, "repl", "pw");
      Replication.start(oldReplica, source, Replication.Gtid.SLAVE_POS);
      Replication.start(newReplica, source, Replication.Gtid.CURRENT_POS);
      master.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT)", "INSERT INTO d.t VALUES (1)");
      Replication.assertReplicated(master, oldReplica, newReplica);

      master.execute("FLUSH BINARY LOGS");
      Process listing =
          old.command(
                  old.tool("mariadb-binlog").orElseThrow(),
                  List.of("--no-defaults", master.binlogPath("m1-bin.000001").toString()))
              .start();
      assertThat(new String(listing.getInputStream().readAllBytes())).contains("CREATE TABLE d.t");
    }
  }
}
