package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.sluice.api.config.Settings;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.StoreListener;
import io.sluice.binlog.store.SyncPolicy;
import io.sluice.binlog.store.Watermark;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real master that waits for the relay with each commit. */
class MasterSemiSyncIT {
  /** Longer than any test: a commit that nobody acknowledges would be seen. */
  private static final String TIMEOUT_MILLIS = "60000";

  @TempDir Path data;

  private MariaDbServer master;

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  @BeforeEach
  void startMaster() {
    master =
        MariaDbServer.builder()
            .serverId(1)
            .binlog("m-bin")
            .option("rpl_semi_sync_master_enabled", "ON")
            .option("rpl_semi_sync_master_timeout", TIMEOUT_MILLIS)
            .option("rpl_semi_sync_master_wait_no_slave", "OFF")
            .start();
    RelayHarness.createUser(master);
  }

  @AfterEach
  void stopMaster() {
    master.close();
  }

  private static Settings options(SyncPolicy sync) {
    return RelayHarness.options()
        .with(BinlogSettings.SEMI_SYNC, true)
        .with(BinlogSettings.SYNC, sync);
  }

  private long status(String name) {
    return Long.parseLong(
        String.valueOf(
            master.queryString(
                "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = '"
                    + name
                    + "'")));
  }

  private void awaitClients(long count) {
    Await.until(
        count + " semi-sync replicas",
        Duration.ofSeconds(60),
        () -> status("RPL_SEMI_SYNC_MASTER_CLIENTS") == count,
        () -> master.queryRows("SHOW STATUS LIKE 'Rpl_semi%'").toString());
  }

  private void shouldAcknowledge(SyncPolicy sync) throws Exception {
    master.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v LONGBLOB)");
    try (RelayHarness relay =
        RelayHarness.start(data, master.host(), master.port(), options(sync))) {
      relay.awaitState("streaming");
      awaitClients(1);
      long before = status("RPL_SEMI_SYNC_MASTER_YES_TX");
      long without = status("RPL_SEMI_SYNC_MASTER_NO_TX");
      for (int i = 1; i <= 40; i++) {
        master.execute("INSERT INTO d.t VALUES (" + i + ", REPEAT('x', 300))");
      }
      master.execute(
          "SET GLOBAL max_allowed_packet = 1073741824",
          "FLUSH BINARY LOGS",
          "INSERT INTO d.t VALUES (100, REPEAT('y', 500000))");
      master.sql().execute("INSERT INTO d.t VALUES (101, REPEAT('z', 17000000))");
      assertThat(status("RPL_SEMI_SYNC_MASTER_NO_TX")).isEqualTo(without);
      assertThat(status("RPL_SEMI_SYNC_MASTER_YES_TX") - before).isEqualTo(42);
      relay.awaitStored(master);
      RelayHarness.done(relay.control().stopSlave());
      awaitClients(0);
      Await.until(
          "the master has let the dump go",
          Duration.ofSeconds(60),
          () -> Replication.dumpConnections(master) == 0);
      master.execute("INSERT INTO d.t VALUES (200, 'nobody waits')");
      RelayHarness.done(relay.control().startSlave());
      awaitClients(1);
      master.execute("INSERT INTO d.t VALUES (201, 'somebody waits')");
      relay.awaitStored(master);
      for (String file : master.closedBinlogFiles()) {
        assertThat(MariaDbServer.sha256(relay.storedFile(data, file)))
            .isEqualTo(master.binlogSha256(file));
      }
      assertThat(relay.link()).containsEntry("last_error", "");
    }
  }

  @Test
  void shouldAcknowledgeWhatIsOnDisk() throws Exception {
    shouldAcknowledge(SyncPolicy.TRANSACTION);
  }

  @Test
  void shouldAcknowledgeWhatIsWrittenWhereNothingIsForced() throws Exception {
    shouldAcknowledge(SyncPolicy.NONE);
  }

  /** Holds the writer's thread. */
  private record Stall(CountDownLatch reached, CountDownLatch mayGoOn) implements StoreListener {
    @Override
    public void onEvents(BinlogFileId file, long position, ByteBuf events, int[] offsets) {
      events.release();
    }

    @Override
    public void onPublished(Watermark watermark) {
      reached.countDown();
      try {
        assertThat(mayGoOn.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onClosed() {}
  }

  @Test
  void shouldLetCommitsWaitWhileTheStoreCannotWrite() throws Exception {
    master.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
    try (RelayHarness relay =
        RelayHarness.start(data, master.host(), master.port(), options(SyncPolicy.TRANSACTION))) {
      relay.awaitState("streaming");
      awaitClients(1);
      relay.awaitStored(master);
      long without = status("RPL_SEMI_SYNC_MASTER_NO_TX");
      CompletableFuture<Void> commit;
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch mayForce = new CountDownLatch(1);
      // Heard by the writer's thread between writing and forcing.
      relay.store().addListener(new Stall(written, mayForce));
      try {
        commit = CompletableFuture.runAsync(() -> master.execute("INSERT INTO d.t VALUES (1)"));
        assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
        Await.until(
            "the commit waits for the relay",
            Duration.ofSeconds(60),
            () -> status("RPL_SEMI_SYNC_MASTER_WAIT_SESSIONS") == 1);
        assertThat(commit).isNotDone();
      } finally {
        mayForce.countDown();
      }
      commit.get(60, TimeUnit.SECONDS);
      assertThat(status("RPL_SEMI_SYNC_MASTER_NO_TX")).isEqualTo(without);
    }
  }
}
