package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.config.Settings;
import io.sluice.binlog.store.Compression;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is encrypted and compressed, between a real master and real replicas. */
class EncryptionAtRestIT {
  private static final String FIRST = "1;00112233445566778899aabbccddeeff\n";
  private static final String SECOND =
      "2;ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n";

  @TempDir Path data;
  @TempDir Path secrets;

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  private Path keys(String text) throws IOException {
    Path file = secrets.resolve("keys");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private RelayHarness start(MariaDbServer master, int port, long keyId) {
    return RelayHarness.start(
        data,
        master.host(),
        master.port(),
        port,
        RelayHarness.options()
            .with(BinlogSettings.COMPRESSION, Compression.ZSTD)
            .with(BinlogSettings.ENCRYPTION_KEY_FILE, secrets.resolve("keys").toString())
            .with(BinlogSettings.ENCRYPTION_KEY_ID, keyId),
        Settings.defaults(new MySqlProtocolFactory().settings()));
  }

  private static void load(MariaDbServer master, int files) {
    for (int i = 0; i < files; i++) {
      master.execute(
          "USE vault",
          "INSERT INTO vault.ledger (v) SELECT CONCAT('salary-of-bob-', seq) FROM seq_1_to_500",
          "UPDATE vault.ledger SET v = CONCAT(v, '-raised') WHERE id % 7 = " + i,
          "FLUSH BINARY LOGS");
    }
    master.execute("INSERT INTO vault.ledger (v) VALUES ('salary-of-alice')");
  }

  private static void assertNothingClear(Path store) throws IOException {
    List<Path> files = LiveFolder.at(store).files();
    assertThat(files).hasSizeGreaterThan(5);
    for (Path file : files) {
      assertThat(LiveFolder.text(file).orElse(""))
          .as("%s", file)
          .doesNotContain("salary", "ledger", "vault", "INSERT", "SLUICIDX", "m-bin.0");
    }
  }

  @Test
  void shouldServeWhatItKeepsEncrypted() throws Exception {
    keys(FIRST);
    int port = Ports.free();
    try (MariaDbServer master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
        MariaDbServer early = MariaDbServer.builder().serverId(2).binlog("r-bin").start();
        MariaDbServer late = MariaDbServer.builder().serverId(3).binlog("r-bin").start()) {
      RelayHarness.createUser(master);
      master.execute(
          "CREATE DATABASE vault",
          "CREATE TABLE vault.ledger (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT)"
              + " ENGINE=InnoDB");
      load(master, 3);
      Path store;
      try (RelayHarness relay = start(master, port, 1)) {
        relay.awaitStored(master);
        store = relay.storedFile(data, "m-bin.000001.enc").getParent().getParent();
        Replication.start(early, relay.source(), Gtid.SLAVE_POS);
        load(master, 2);
        relay.awaitStored(master);
        Replication.assertReplicated(master, early);
      }
      assertNothingClear(store);
      keys(FIRST + SECOND);
      try (RelayHarness relay = start(master, port, 2)) {
        load(master, 2);
        relay.awaitStored(master);
        Replication.assertReplicated(master, early);
      }
      assertNothingClear(store);
      keys(FIRST);
      assertThatThrownBy(() -> start(master, port, 1).close())
          .hasMessageContaining("needs the key 2")
          .hasMessageContaining(secrets.resolve("keys").toString())
          .hasMessageContaining(".enc");
      keys(FIRST + SECOND);
      try (RelayHarness relay = start(master, port, 2)) {
        Replication.start(late, relay.source(), "m-bin.000001", 4);
        load(master, 1);
        relay.awaitStored(master);
        Replication.assertReplicated(master, early, late);
      }
      assertNothingClear(store);
    }
  }
}
