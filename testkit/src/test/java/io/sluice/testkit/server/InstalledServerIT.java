package io.sluice.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InstalledServerIT {

  @Test
  @RequiresServer("mariadb-10.11")
  void shouldReplicateFromAndToMariaDb1011() throws Exception {
    check("mariadb-10.11", "10.11.");
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldReplicateFromAndToMariaDb118() throws Exception {
    check("mariadb-11.8", "11.8.");
  }

  @Test
  @Tag("nightly")
  @RequiresServer("mariadb-10.5")
  void shouldReplicateFromAndToMariaDb105() throws Exception {
    check("mariadb-10.5", "10.5.");
  }

  private static void check(String name, String version) throws Exception {
    ServerInstallation installation = ServerInstallation.find(name).orElseThrow();
    try (MariaDbServer master =
            MariaDbServer.builder()
                .installation(installation)
                .serverId(1)
                .binlog("m1-bin")
                .start();
        MariaDbServer same =
            MariaDbServer.builder().installation(installation).serverId(2).start();
        MariaDbServer embedded = MariaDbServer.builder().serverId(3).start()) {
      assertThat(master.version()).startsWith(version);
      assertThat(embedded.version()).startsWith("11.4.");
      master.createUser("repl", "pw", "REPLICATION SLAVE ON *.*");
      Replication.Source source = Replication.Source.of(master, "repl", "pw");
      Replication.start(same, source, Replication.Gtid.SLAVE_POS);
      Replication.start(embedded, source, Replication.Gtid.CURRENT_POS);
      master.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT)", "INSERT INTO d.t VALUES (1)");
      Replication.assertReplicated(master, same, embedded);

      master.execute("FLUSH BINARY LOGS");
      Process listing =
          installation
              .command(
                  installation.tool("mariadb-binlog").orElseThrow(),
                  List.of("--no-defaults", master.binlogPath("m1-bin.000001").toString()))
              .start();
      assertThat(new String(listing.getInputStream().readAllBytes())).contains("CREATE TABLE d.t");
    }
  }
}
