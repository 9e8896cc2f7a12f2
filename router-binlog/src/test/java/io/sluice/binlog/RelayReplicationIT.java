package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.binlog.store.Compression;
import io.sluice.binlog.store.SyncPolicy;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real master, the relay, real replicas: they end up equal, whatever way the replicas came. */
class RelayReplicationIT {
  @TempDir Path data;

  private MariaDbServer master;
  private final List<MariaDbServer> replicas = new ArrayList<>();

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  @BeforeEach
  void startMaster() {
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
  }

  @AfterEach
  void stopServers() {
    replicas.forEach(MariaDbServer::close);
    master.close();
  }

  private MariaDbServer replica(long serverId) {
    MariaDbServer server =
        MariaDbServer.builder()
            .serverId(serverId)
            .binlog("r-bin")
            .option("log_slave_updates")
            .start();
    replicas.add(server);
    return server;
  }

  private void workload(String schema) {
    master.execute(
        "CREATE DATABASE " + schema,
        "CREATE TABLE "
            + schema
            + ".i (id INT PRIMARY KEY AUTO_INCREMENT, v LONGBLOB) ENGINE=InnoDB",
        "CREATE TABLE " + schema + ".a (id INT PRIMARY KEY, v VARCHAR(50)) ENGINE=Aria",
        "USE " + schema,
        "INSERT INTO i (v) SELECT REPEAT('x', seq) FROM seq_1_to_500",
        "INSERT INTO a SELECT seq, CONCAT('v', seq) FROM seq_1_to_300",
        "UPDATE " + schema + ".i SET v = CONCAT(v, 'y') WHERE id % 3 = 0",
        "FLUSH BINARY LOGS",
        "DELETE FROM " + schema + ".a WHERE id % 7 = 0",
        "ALTER TABLE " + schema + ".a ADD COLUMN w INT DEFAULT 5");
  }

  @Test
  void shouldFeedReplicasByGtidAndByPosition() throws Exception {
    workload("first");
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      relay.awaitState("streaming");
      MariaDbServer byGtid = replica(2);
      Replication.start(byGtid, relay.source(), Gtid.SLAVE_POS);
      MariaDbServer byPosition = replica(3);
      Replication.start(byPosition, relay.source(), master.binlogFiles().get(0), 4);
      workload("second");
      master.execute("SET GLOBAL max_allowed_packet = 1073741824");
      master.sql().execute("INSERT INTO second.i (v) VALUES (REPEAT('z', 17000000))");
      master.execute("FLUSH BINARY LOGS", "INSERT INTO second.i (v) VALUES ('after')");
      Replication.assertReplicated(master, byGtid, byPosition);
      Await.until(
          "the master has let older dumps go", () -> Replication.dumpConnections(master) == 1);
      relay.awaitStored(master);
      for (String file : master.closedBinlogFiles()) {
        assertThat(MariaDbServer.sha256(relay.storedFile(data, file)))
            .as("SHA-256 of %s", file)
            .isEqualTo(master.binlogSha256(file));
      }
      assertThat(relay.replicas()).hasSize(2);
    }
  }

  @Test
  void shouldServeNewReplicaWhileMasterIsDownAfterRestart() {
    workload("one");
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      relay.awaitStored(master);
      // The accounts are loaded at the latest with the first login.
      assertThat(relay.sql().queryString("SELECT @@server_id")).isEqualTo("1");
    }
    String gtid = master.queryString("SELECT @@global.gtid_binlog_pos");
    var expected = Replication.checksumTables(master);
    master.stop();
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      MariaDbServer late = replica(5);
      Replication.start(late, relay.source(), Gtid.SLAVE_POS);
      Replication.awaitGtid(late, gtid, Duration.ofSeconds(60));
      assertThat(Replication.checksumTables(late)).isEqualTo(expected);
      master.start();
      relay.awaitState("streaming");
      master.execute("INSERT INTO one.i (v) VALUES ('back')");
      Replication.assertReplicated(master, late);
    }
  }

  @Test
  void shouldFeedAReplicaFromCompressedFilesInTheArchive() throws Exception {
    workload("first");
    workload("second");
    Path archive = Files.createDirectory(data.resolve("archive"));
    Settings options =
        RelayHarness.options()
            .with(BinlogSettings.SYNC, SyncPolicy.TRANSACTION)
            .with(BinlogSettings.COMPRESSION, Compression.ZSTD)
            .with(BinlogSettings.ARCHIVE_DIR, archive.toString());
    try (RelayHarness relay =
        RelayHarness.start(data.resolve("relay"), master.host(), master.port(), options)) {
      relay.awaitStored(master);
      int closed = master.closedBinlogFiles().size();
      Await.until(
          "closed files archived",
          Duration.ofSeconds(60),
          () -> relay.storeDetails().get("archived_files").equals(closed),
          () -> String.valueOf(relay.storeDetails()));
      MariaDbServer late = replica(7);
      Replication.start(late, relay.source(), Gtid.SLAVE_POS);
      workload("third");
      Replication.assertReplicated(master, late);
      assertThat(archive.resolve("0001").resolve(master.binlogFiles().get(0) + ".zst")).exists();
    }
  }
}
