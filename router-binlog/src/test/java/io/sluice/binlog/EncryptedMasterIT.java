package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.scripted.BinlogEvent;
import io.sluice.testkit.scripted.EventTypes;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master that encrypts its files. It sends them decrypted, with START_ENCRYPTION marked as one to
 * ignore, so the relay has plain text at the same positions.
 */
@RequiresServer("mariadb-10.11")
class EncryptedMasterIT {
  private static final List<String> AWARE =
      List.of("SET @mariadb_slave_capability=4", "SET @master_binlog_checksum='CRC32'");
  private static final String SECRET = "a text that nobody shall find in the file";

  @TempDir Path data;

  private MariaDbServer master() throws Exception {
    ServerInstallation installation = ServerInstallation.find("mariadb-10.11").orElseThrow();
    Path keys = data.resolve("keys.txt");
    Files.writeString(keys, "1;" + "0123456789abcdef".repeat(4) + "\n");
    MariaDbServer master =
        MariaDbServer.builder()
            .installation(installation)
            .serverId(1)
            .binlog("m-bin")
            .option("plugin_load_add", "file_key_management")
            .option("file_key_management_filename", keys.toString())
            .option("encrypt_binlog", "ON")
            .start();
    RelayHarness.createUser(master);
    master.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)",
        "INSERT INTO d.t (v) VALUES ('" + SECRET + "')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('two'), ('three')");
    return master;
  }

  private static MariaDbServer replica(long serverId) {
    return MariaDbServer.builder().serverId(serverId).binlog("r-bin").start();
  }

  @Test
  void shouldFeedReplicasFromEncryptedFiles() throws Exception {
    try (MariaDbServer master = master();
        RelayHarness relay = RelayHarness.start(data.resolve("relay"), master);
        MariaDbServer byGtid = replica(2);
        MariaDbServer byPosition = replica(3);
        MariaDbServer fromTheMiddle = replica(4)) {
      relay.awaitStored(master);
      Replication.start(byGtid, relay.source(), Gtid.SLAVE_POS);
      Replication.start(byPosition, relay.source(), "m-bin.000001", 4);
      Replication.awaitCaughtUp(master, byGtid, byPosition);
      // A third one stops behind the master's first file and comes back in the middle of another.
      Replication.start(fromTheMiddle, relay.source(), "m-bin.000001", 4);
      Replication.awaitCaughtUp(master, fromTheMiddle);
      Replication.stopSlave(fromTheMiddle);
      Map<String, String> status = Replication.status(fromTheMiddle);
      assertThat(Long.parseLong(status.get("Read_Master_Log_Pos"))).isGreaterThan(300);
      Replication.startSlave(fromTheMiddle);
      master.execute("INSERT INTO d.t (v) VALUES ('four')");
      Replication.assertReplicated(master, byGtid, byPosition, fromTheMiddle);
      // A replica tells of a GTID before it tells of the position behind it.
      Await.untilAsserted(
          "all stand where the master stands",
          Duration.ofSeconds(60),
          () -> {
            List<String> end = master.queryRow("SHOW MASTER STATUS");
            for (MariaDbServer replica : List.of(byGtid, byPosition, fromTheMiddle)) {
              assertThat(Replication.status(replica))
                  .containsEntry("Read_Master_Log_Pos", end.get(1))
                  .containsEntry("Exec_Master_Log_Pos", end.get(1))
                  .containsEntry("Relay_Master_Log_File", end.get(0));
            }
          });
    }
  }

  @Test
  void shouldStorePlainTextAtTheSamePositions() throws Exception {
    try (MariaDbServer master = master();
        RelayHarness relay = RelayHarness.start(data.resolve("relay"), master)) {
      relay.awaitSameEnd(master);
      byte[] encrypted = Files.readAllBytes(master.binlogPath("m-bin.000001"));
      byte[] stored = Files.readAllBytes(relay.storedFile(data.resolve("relay"), "m-bin.000001"));
      assertThat(stored).hasSameSizeAs(encrypted);
      assertThat(text(encrypted)).doesNotContain(SECRET);
      assertThat(text(stored)).contains(SECRET);
      BinlogEvent start = second(stored);
      assertThat(start.type()).isEqualTo(EventTypes.START_ENCRYPTION);
      assertThat(start.flags()).isEqualTo(BinlogEvent.FLAG_IGNORABLE);
      assertThat(start.crcMatches()).isTrue();
      for (String file : master.binlogFiles()) {
        byte[] dump = DumpStream.dump(file, 4, 1, 0);
        assertThat(DumpStream.read(relay.port(), AWARE, dump))
            .as(file)
            .isEqualTo(DumpStream.read(master.port(), AWARE, dump));
      }
    }
  }

  private static String text(byte... file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  /** The event behind the format description. */
  private static BinlogEvent second(byte... file) {
    int at = 4 + length(file, 4);
    return BinlogEvent.of(java.util.Arrays.copyOfRange(file, at, at + length(file, at)));
  }

  private static int length(byte[] file, int at) {
    return (file[at + 9] & 0xff) | (file[at + 10] & 0xff) << 8;
  }
}
