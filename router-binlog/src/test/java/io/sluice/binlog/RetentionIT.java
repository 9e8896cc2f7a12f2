package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files go when they are old enough, but not while a replica that was there lately needs them. */
class RetentionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path data;

  private MariaDbServer master;
  private int port;

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  private RelayHarness start() {
    Settings options = RelayHarness.options().with(BinlogSettings.RETENTION_FILES, 2);
    return RelayHarness.start(
        data,
        master.host(),
        master.port(),
        port,
        options,
        Settings.defaults(new MySqlProtocolFactory().settings()));
  }

  private void write(int files) {
    for (int i = 0; i < files; i++) {
      master.execute("INSERT INTO d.t (v) VALUES (REPEAT('x', 1000))", "FLUSH BINARY LOGS");
    }
  }

  @SuppressWarnings("unchecked") // diagnostics() nests maps of this type
  private static Map<String, Object> retention(RelayHarness relay) {
    return (Map<String, Object>) relay.diagnostics().get("retention");
  }

  @SuppressWarnings("unchecked") // diagnostics() has a table there
  private static Map<String, Object> known(RelayHarness relay, long serverId) {
    return ((List<Map<String, Object>>) relay.diagnostics().get("known_replicas"))
        .stream().filter(row -> row.get("server_id").equals(serverId)).findFirst().orElse(Map.of());
  }

  private static void awaitTwoFiles(RelayHarness relay) {
    Await.until(
        "two files stay",
        PATIENCE,
        () -> relay.store().inventory().size() <= 2,
        () -> String.valueOf(relay.diagnostics()));
  }

  private static void awaitHeldBy(RelayHarness relay, String replica, String oldest) {
    Await.until(
        replica + " holds " + oldest,
        PATIENCE,
        () ->
            String.valueOf(retention(relay).get("would_strand")).contains(replica)
                && oldest.equals(relay.storeDetails().get("oldest_file")),
        () -> String.valueOf(relay.diagnostics()));
  }

  private static void awaitConnected(RelayHarness relay, long serverId, boolean connected) {
    Await.until(
        "the relay knows of replica " + serverId,
        PATIENCE,
        () -> Boolean.valueOf(connected).equals(known(relay, serverId).get("connected")),
        () -> String.valueOf(relay.diagnostics()));
  }

  private static String stop(RelayHarness relay, MariaDbServer replica, long serverId) {
    replica.execute("STOP SLAVE");
    awaitConnected(relay, serverId, false);
    return String.valueOf(known(relay, serverId).get("needs_file"));
  }

  @Test
  void shouldKeepWhatAReplicaNeedsThatWasThereLately() throws Exception {
    port = Ports.free();
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    try (MariaDbServer first = MariaDbServer.builder().serverId(2).binlog("r-bin").start();
        MariaDbServer second = MariaDbServer.builder().serverId(3).binlog("r-bin").start()) {
      RelayHarness.createUser(master);
      master.execute(
          "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)");
      String needs;
      try (RelayHarness relay = start()) {
        Replication.start(first, relay.source(), Gtid.SLAVE_POS);
        Replication.start(second, relay.source(), "m-bin.000001", 4);
        awaitConnected(relay, 2, true);
        awaitConnected(relay, 3, true);
        write(4);
        Replication.assertReplicated(master, first);
        Replication.assertReplicated(master, second);
        // Both have everything: nothing is held up.
        awaitTwoFiles(relay);

        needs = stop(relay, first, 2);
        write(5);
        Replication.assertReplicated(master, second);
        awaitHeldBy(relay, "replica 2 ", needs);
      }
      try (RelayHarness relay = start()) {
        // It is known after a restart, too.
        awaitHeldBy(relay, "replica 2 ", needs);
        Replication.startSlave(first);
        Replication.assertReplicated(master, first);
        awaitTwoFiles(relay);

        needs = stop(relay, first, 2);
        write(5);
        Replication.assertReplicated(master, second);
        awaitHeldBy(relay, "replica 2 ", needs);
        // An administrator may purge what a replica that is away needs, and is told.
        String newest = String.valueOf(relay.storeDetails().get("newest_file"));
        assertThat(String.valueOf(relay.command("purge-to", Map.of("file", newest)).get("notes")))
            .contains("replica 2 ", needs + ", which was purged");
        assertThat(known(relay, 2)).containsEntry("stranded", true);
        Replication.startSlave(first);
        Await.until(
            "the replica is told",
            PATIENCE,
            () -> first.queryRows("SHOW SLAVE STATUS").toString().contains("1236"),
            () -> String.valueOf(first.queryRows("SHOW SLAVE STATUS")));
        relay.command("forget-replica", Map.of("replica", "2"));
        assertThat(known(relay, 2)).isEmpty();
        Replication.assertReplicated(master, second);
      }
    } finally {
      master.close();
    }
  }
}
