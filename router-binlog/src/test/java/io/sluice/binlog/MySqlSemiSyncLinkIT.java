package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.binlog.store.SyncPolicy;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real MySQL source that waits for the relay with each commit. */
@RequiresServer("mysql-9.7")
class MySqlSemiSyncLinkIT {
  /** Longer than any test: a commit that nobody acknowledges would be seen. */
  private static final String TIMEOUT_MILLIS = "60000";

  private static MySqlServer source;

  @TempDir Path data;

  @BeforeAll
  static void startSource() {
    BlockingGuard.install();
    source =
        MySqlServer.builder("mysql-9.7")
            .serverId(1)
            .binlog("m-bin")
            .gtid()
            .plugin("semisync_source.so")
            .option("rpl-semi-sync-source-enabled", "ON")
            .option("rpl-semi-sync-source-timeout", TIMEOUT_MILLIS)
            .option("rpl-semi-sync-source-wait-no-replica", "OFF")
            .start();
    RelayHarness.createUser(source);
    source.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v LONGBLOB)");
  }

  @AfterAll
  static void stopSource() {
    source.close();
  }

  private static long status(String name) {
    List<String> row =
        source.queryRow("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_source_" + name + "'");
    return Long.parseLong(String.valueOf(row.get(1)));
  }

  private static void awaitClients(long count) {
    Await.until(
        count + " semi-sync replicas", Duration.ofSeconds(60), () -> status("clients") == count);
  }

  @Test
  void shouldAcknowledgeWhatIsOnDisk() throws Exception {
    Settings options =
        RelayHarness.options()
            .with(BinlogSettings.SEMI_SYNC, true)
            .with(BinlogSettings.SYNC, SyncPolicy.TRANSACTION);
    try (RelayHarness relay = RelayHarness.start(data, source.host(), source.port(), options)) {
      relay.awaitState("streaming");
      awaitClients(1);
      long without = status("no_tx");
      long before = status("yes_tx");
      for (int i = 1; i <= 40; i++) {
        source.execute("INSERT INTO d.t VALUES (" + i + ", REPEAT('x', 300))");
      }
      source.execute("FLUSH BINARY LOGS", "INSERT INTO d.t VALUES (100, REPEAT('y', 500000))");
      source.sql().execute("INSERT INTO d.t VALUES (101, REPEAT('z', 17000000))");
      assertThat(status("no_tx")).isEqualTo(without);
      assertThat(status("yes_tx") - before).isEqualTo(42);
      assertThat(source.queryRows("SHOW REPLICAS").toString()).contains("4711");
      RelayHarness.done(relay.control().stopSlave());
      awaitClients(0);
      source.execute("INSERT INTO d.t VALUES (200, 'nobody waits')");
      RelayHarness.done(relay.control().startSlave());
      awaitClients(1);
      source.execute("INSERT INTO d.t VALUES (201, 'somebody waits')");
      relay.awaitEnd(source);
      relay.assertSameFiles(data, source, source.binlogFiles());
      assertThat(relay.link()).containsEntry("last_error", "");
    }
  }
}
