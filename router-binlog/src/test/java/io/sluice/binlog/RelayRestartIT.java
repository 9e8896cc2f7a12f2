package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import io.sluice.testkit.server.SqlFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Master, relay and replica fail in turn under load: in the end all are equal. */
class RelayRestartIT {
  @TempDir Path data;

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  /** Writes until told to stop; the master may go away meanwhile. */
  private static CompletableFuture<Void> load(
      MariaDbServer master, AtomicBoolean stop, AtomicInteger done) {
    return CompletableFuture.runAsync(
        () -> {
          Random random = new Random(7);
          while (!stop.get()) {
            try {
              master.execute(
                  "USE w",
                  "INSERT INTO w.i (v) SELECT REPEAT('a', "
                      + (1 + random.nextInt(3000))
                      + ") FROM seq_1_to_20",
                  "UPDATE w.i SET v = 'u' WHERE id % 11 = " + random.nextInt(11),
                  "INSERT INTO w.a (v) VALUES ('" + random.nextInt() + "')",
                  random.nextInt(10) == 0 ? "FLUSH BINARY LOGS" : "SELECT 1");
              done.incrementAndGet();
            } catch (SqlFailure e) {
              // The master is being restarted; a statement may be lost, which is the master's own
              // business.
              Thread.onSpinWait();
            }
          }
        });
  }

  private static void awaitMore(AtomicInteger done) {
    int before = done.get();
    Await.until("more load", () -> done.get() > before + 15);
  }

  @Test
  void shouldEndUpEqualAfterRestartsOfAll() throws Exception {
    int port = Ports.free();
    try (MariaDbServer master =
            MariaDbServer.builder()
                .serverId(1)
                .binlog("m-bin")
                .option("max_allowed_packet", "1073741824")
                .option("sync_binlog", "1")
                .option("innodb-flush-log-at-trx-commit", "1")
                .start();
        MariaDbServer byGtid =
            MariaDbServer.builder()
                .serverId(2)
                .binlog("r-bin")
                .option("max_allowed_packet", "1073741824")
                .start();
        MariaDbServer byPosition =
            MariaDbServer.builder()
                .serverId(3)
                .binlog("r-bin")
                .option("max_allowed_packet", "1073741824")
                .start()) {
      RelayHarness.createUser(master);
      master.execute(
          "CREATE DATABASE w",
          "CREATE TABLE w.i (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT) ENGINE=InnoDB",
          // Not Aria while a replica is killed: it would apply a row twice, with or without a
          // relay.
          "CREATE TABLE w.a (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT) ENGINE=InnoDB");
      RelayHarness relay = start(master, port);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger done = new AtomicInteger();
      CompletableFuture<Void> load = load(master, stop, done);
      try {
        Replication.start(byGtid, relay.source(), Gtid.SLAVE_POS);
        Replication.start(byPosition, relay.source(), "m-bin.000001", 4);
        awaitMore(done);
        relay.close();
        awaitMore(done);
        relay = start(master, port);
        awaitMore(done);
        byGtid.kill9();
        awaitMore(done);
        byGtid.start();
        Replication.startSlave(byGtid);
        master.kill9();
        master.start();
        awaitMore(done);
        relay.close();
        relay = start(master, port);
        awaitMore(done);
        Path file = Files.writeString(data.resolve("load.txt"), "1\tone\n2\ttwo\n".repeat(5));
        master.execute(
            "CREATE TABLE w.l (a INT, b TEXT) ENGINE=Aria",
            "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE w.l",
            "INSERT INTO w.i (v) VALUES (REPEAT('z', 40000000))");
      } finally {
        stop.set(true);
        load.join();
        relay.awaitStored(master);
        Replication.assertReplicated(master, byGtid, byPosition);
        for (String name : master.closedBinlogFiles()) {
          byte[] theirs = Files.readAllBytes(master.binlogPath(name));
          byte[] ours = Files.readAllBytes(relay.storedFile(data, name));
          theirs[21] &= (byte) 0xfe;
          ours[21] &= (byte) 0xfe;
          assertThat(java.util.Arrays.equals(ours, theirs)).as("bytes of %s", name).isTrue();
        }
        Await.until(
            "the master has let older dumps go", () -> Replication.dumpConnections(master) == 1);
        relay.close();
      }
    }
  }

  /** There a master changes its FORMAT_DESCRIPTION on the way and leaves the old checksum in it. */
  @Test
  void shouldResumeInAFileWithoutChecksums() throws Exception {
    int port = Ports.free();
    try (MariaDbServer master =
        MariaDbServer.builder()
            .serverId(1)
            .binlog("m-bin")
            .option("binlog_checksum", "NONE")
            .start()) {
      RelayHarness.createUser(master);
      master.execute("CREATE DATABASE w", "CREATE TABLE w.i (id INT PRIMARY KEY)");
      try (RelayHarness relay = start(master, port)) {
        relay.awaitSameEnd(master);
      }
      master.execute("INSERT INTO w.i VALUES (1)");
      assertSameAfterResuming(master, port);
      master.execute(
          "INSERT INTO w.i VALUES (2)",
          "SET GLOBAL binlog_checksum = CRC32",
          "INSERT INTO w.i VALUES (3)");
      assertSameAfterResuming(master, port);
    }
  }

  private void assertSameAfterResuming(MariaDbServer master, int port) throws Exception {
    try (RelayHarness relay = start(master, port)) {
      relay.awaitSameEnd(master);
      relay.assertSameFiles(data, master, master.binlogFiles());
      assertThat(relay.link()).containsEntry("last_error", "").containsEntry("connects", 1L);
    }
  }

  private RelayHarness start(MariaDbServer master, int port) {
    return RelayHarness.start(
        data,
        master.host(),
        master.port(),
        port,
        RelayHarness.options(),
        io.sluice.api.config.Settings.defaults(
            new io.sluice.mysql.MySqlProtocolFactory().settings()));
  }
}
