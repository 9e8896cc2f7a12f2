package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masters, replicas and tools of MariaDB 10.11 around the relay. */
@RequiresServer("mariadb-10.11")
class OtherVersionsIT {
  @TempDir Path data;

  private static ServerInstallation older() {
    return ServerInstallation.find("mariadb-10.11").orElseThrow();
  }

  private static MariaDbServer master(ServerInstallation installation) {
    MariaDbServer master =
        MariaDbServer.builder().installation(installation).serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('three')");
    return master;
  }

  private static MariaDbServer replica(ServerInstallation installation, long serverId) {
    return MariaDbServer.builder()
        .installation(installation)
        .serverId(serverId)
        .binlog("r-bin")
        .start();
  }

  @Test
  void shouldFeedReplicasOfBothVersionsFromAnOlderMaster() {
    try (MariaDbServer master = master(older());
        RelayHarness relay = RelayHarness.start(data, master);
        MariaDbServer old = replica(older(), 2);
        MariaDbServer recent = replica(ServerInstallation.embedded(), 3)) {
      relay.awaitStored(master);
      Replication.start(old, relay.source(), Gtid.SLAVE_POS);
      Replication.start(recent, relay.source(), "m-bin.000001", 4);
      master.execute("INSERT INTO d.t (v) VALUES ('four')");
      Replication.assertReplicated(master, old, recent);
    }
  }

  @Test
  void shouldServeTheRemoteDumpTool() throws Exception {
    Path tool = older().tool("mariadb-binlog").orElseThrow();
    try (MariaDbServer master = master(older());
        RelayHarness relay = RelayHarness.start(data.resolve("relay"), master)) {
      relay.awaitStored(master);
      Path out = Files.createDirectory(data.resolve("raw"));
      Process process =
          older()
              .command(
                  tool,
                  List.of(
                      "--no-defaults",
                      "--read-from-remote-server",
                      "--host=127.0.0.1",
                      "--port=" + relay.port(),
                      "--user=" + RelayHarness.USER,
                      "--password=" + RelayHarness.PASSWORD,
                      "--raw",
                      "--result-file=" + out + "/",
                      "m-bin.000001"))
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(Files.readAllBytes(out.resolve("m-bin.000001")))
          .isEqualTo(Files.readAllBytes(master.binlogPath("m-bin.000001")));
    }
  }
}
