package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.control.MasterChange;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Source;
import io.sluice.testkit.server.RequiresServer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay moves to another real MySQL source, or refuses to; sources that lost something. */
@RequiresServer("mysql-9.7")
class MySqlSourceChangeIT {
  @TempDir Path data;

  private final List<DatabaseServer> servers = new ArrayList<>();

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  @AfterEach
  void stopServers() {
    servers.forEach(DatabaseServer::close);
  }

  private MySqlServer server(long serverId, boolean gtid) {
    MySqlServer.Builder builder =
        MySqlServer.builder("mysql-9.7")
            .serverId(serverId)
            .binlog("m" + serverId + "-bin")
            .option("sync-binlog", "1");
    MySqlServer server = (gtid ? builder.gtid() : builder.withoutGtid()).start();
    servers.add(server);
    return server;
  }

  /** A source with the account of the relay, and something to follow. */
  private MySqlServer source(boolean gtid) {
    MySqlServer first = server(1, gtid);
    RelayHarness.createUser(first);
    write(first, "one");
    return first;
  }

  private MySqlServer replicaOf(MySqlServer source, long serverId) {
    MySqlServer replica = server(serverId, true);
    // What the installation wrote has ids of its own, which nobody else has.
    replica.execute("RESET BINARY LOGS AND GTIDS");
    Replication.start(replica, Source.of(source, RelayHarness.USER, RelayHarness.PASSWORD));
    Replication.awaitCaughtUp(source, replica);
    return replica;
  }

  private static void write(DatabaseServer server, String schema) {
    server.execute(
        "CREATE DATABASE " + schema,
        "CREATE TABLE " + schema + ".t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGBLOB)",
        "INSERT INTO " + schema + ".t (v) VALUES ('a'), (REPEAT('b', 5000))",
        "FLUSH BINARY LOGS",
        "INSERT INTO " + schema + ".t (v) VALUES ('c')");
  }

  private static MasterChange.Builder to(DatabaseServer server) {
    return MasterChange.builder().host(server.host()).port(server.port()).autoPosition(true);
  }

  private static String lastError(RelayHarness relay) {
    return relay.link().get("last_error_code") + ": " + relay.link().get("last_error");
  }

  /** On one line, as the server's come here. */
  private static String gtids(RelayHarness relay) {
    return String.valueOf(relay.link().get("gtid")).replace("\n", "");
  }

  private static void assertStopped(RelayHarness relay, Object end, String... texts) {
    relay.awaitState("stopped");
    assertThat(lastError(relay)).contains(texts);
    assertThat(relay.link()).containsEntry("gtid", end);
  }

  private static void promote(MySqlServer replica) {
    replica.execute("STOP REPLICA", "RESET REPLICA ALL");
  }

  @Test
  void shouldMoveToAPromotedReplicaByGtid() throws Exception {
    MySqlServer first = source(true);
    MySqlServer second = replicaOf(first, 2);
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitEnd(first);
      write(first, "two");
      Replication.awaitCaughtUp(first, second);
      relay.awaitEnd(first);
      List<String> whole = first.closedBinlogFiles();
      first.stop();
      promote(second);
      write(second, "three");

      relay.changeMaster(to(second));

      relay.awaitEnd(second);
      second.execute("SET GTID_NEXT = 'AUTOMATIC:tag'", "INSERT INTO one.t (v) VALUES ('tagged')");
      relay.awaitEnd(second);
      relay.assertSameFiles(data, second, second.binlogFiles());
      relay.assertSameFiles(data, first, whole);
      assertThat(gtids(relay)).isEqualTo(second.gtidExecuted());
      assertThat(relay.link())
          .containsEntry("master_server_id", 2L)
          .containsEntry("last_error", "");
      Await.until(
          "the permission was used",
          Duration.ofSeconds(60),
          () -> Boolean.FALSE.equals(relay.link().get("may_begin_epoch")));
    }
    second.execute("INSERT INTO one.t (v) VALUES ('while the relay is down')");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitEnd(second);
      assertThat(gtids(relay)).isEqualTo(second.gtidExecuted());
    }
  }

  @Test
  void shouldRefuseSourcesThatWouldMakeAGap() throws Exception {
    MySqlServer first = source(true);
    MySqlServer behind = replicaOf(first, 2);
    MySqlServer purged = replicaOf(first, 3);
    behind.execute("STOP REPLICA");
    first.execute("INSERT INTO one.t (v) VALUES ('not at the second')");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitEnd(first);
      Object end = relay.link().get("gtid");

      relay.changeMaster(to(behind));
      assertStopped(relay, end, "1236: Got fatal error 1236", "Replica has more GTIDs");

      relay.changeMaster(MasterChange.builder().port(purged.port()).autoPosition(false));
      assertStopped(relay, end, "1593: ", "server_uuid is " + purged.serverUuid());

      RelayHarness.done(relay.control().stopSlave());
      first.execute("INSERT INTO one.t (v) VALUES ('the relay has not seen this')");
      Replication.awaitCaughtUp(first, purged);
      promote(purged);
      purged.execute("FLUSH BINARY LOGS");
      purged.execute("PURGE BINARY LOGS TO '" + purged.binlogEnd().file() + "'");
      relay.changeMaster(to(purged));
      assertStopped(relay, end, "1236: ", "purged required binary logs", first.serverUuid());

      MariaDbServer stranger = MariaDbServer.builder().serverId(9).binlog("x-bin").start();
      servers.add(stranger);
      RelayHarness.createUser(stranger);
      relay.changeMaster(to(stranger));
      assertStopped(relay, end, "1593: the master is a MariaDB server", "of a MySQL server");

      relay.changeMaster(to(first));
      relay.awaitEnd(first);
      assertThat(relay.link()).containsEntry("gtid", first.gtidExecuted());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldStopWhenTheSourceLostItsEnd(boolean gtid) throws Exception {
    MySqlServer first = source(gtid);
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitEnd(first);
      DatabaseServer.BinlogEnd before = first.binlogEnd();
      first.execute("INSERT INTO one.t (v) VALUES ('not on its disk')");
      relay.awaitEnd(first);
      Object end = relay.link().get("gtid");
      long position = first.binlogEnd().position();
      first.kill9();
      try (FileChannel log =
          FileChannel.open(first.binlogPath(before.file()), StandardOpenOption.WRITE)) {
        log.truncate(before.position());
      }
      first.start();
      if (gtid) {
        // What is lost from its log a source may still know from its tables, by chance.
        relay.awaitState("stopped");
        assertThat(lastError(relay))
            .containsPattern(
                "^(1593: the master has not executed '"
                    + first.serverUuid()
                    + "|1236: Got fatal error 1236 .*position > file size)");
        assertThat(relay.link()).containsEntry("gtid", end);
      } else {
        assertStopped(relay, end, "1236: Got fatal error 1236", "position > file size");
      }
      assertThat(relay.link()).containsEntry("position", position);
      // It goes on with other transactions under the same ids, or at the same places.
      write(first, "two");
      RelayHarness.done(relay.control().startSlave());
      assertStopped(relay, end, "1236: Got fatal error 1236", "position > file size");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldStopWhenTheLogOfTheSourceBeganAnew(boolean gtid) throws Exception {
    MySqlServer first = source(gtid);
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitEnd(first);
      Object end = relay.link().get("gtid");
      RelayHarness.done(relay.control().stopSlave());
      first.execute("RESET BINARY LOGS AND GTIDS");
      // The same names, and at least as many ids and bytes, so that our place exists there.
      for (int i = 0; i < 8; i++) {
        write(first, "again" + i);
      }
      RelayHarness.done(relay.control().startSlave());
      relay.awaitState("stopped");
      // Whether there is an event at our place is a matter of chance.
      assertThat(lastError(relay))
          .matches("1593: .*its history is not ours.*|1236: .*truncated in the middle of event.*");
      assertThat(relay.link()).containsEntry("gtid", end);
    }
  }

  /** No file tells of it, so nothing but asking the source keeps a fresh replica from a gap. */
  @Test
  void shouldKnowWhatWasAddedToThePurgedGtidsOfASourceThatRuns() throws Exception {
    String added = "11111111-1111-1111-1111-111111111111:1-5";
    String more = "22222222-1111-1111-1111-111111111111:1-7";
    MySqlServer first = source(true);
    MySqlServer replica = server(2, true);
    replica.execute("RESET BINARY LOGS AND GTIDS");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitEnd(first);
      first.execute("SET GLOBAL gtid_purged = '+" + added + "'");
      awaitPurged(relay, added);
      // What is purged from files that the relay has is not purged here.
      first.execute("FLUSH BINARY LOGS", "SET GLOBAL gtid_purged = '+" + more + "'");
      first.execute("PURGE BINARY LOGS TO '" + first.binlogEnd().file() + "'");
      awaitPurged(relay, added + "," + more);
      assertThat(relay.link()).containsEntry("connects", 1L);
      Replication.start(replica, relay.source());
      Await.until(
          "the replica is told",
          Duration.ofSeconds(60),
          () -> replica.queryRows("SHOW REPLICA STATUS").get(0).toString().contains(added),
          () -> String.valueOf(replica.queryRows("SHOW REPLICA STATUS")));
    }
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      awaitPurged(relay, added + "," + more);
    }
  }

  private static void awaitPurged(RelayHarness relay, String set) {
    Await.until(
        "the relay knows of " + set,
        Duration.ofSeconds(60),
        () -> set.equals(String.valueOf(relay.storeDetails().get("gtid_purged")).replace("\n", "")),
        () -> String.valueOf(relay.storeDetails()));
  }

  @Test
  void shouldStopWhenTheLogOfTheSourceBeginsAnewWhileItIsFollowed() throws Exception {
    MySqlServer first = source(true);
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitEnd(first);
      Object end = relay.link().get("gtid");
      first.execute(
          "RESET BINARY LOGS AND GTIDS",
          "SET GLOBAL gtid_purged = '11111111-1111-1111-1111-111111111111:1-5'");
      write(first, "again");
      relay.awaitState("stopped");
      assertThat(relay.link()).containsEntry("gtid", end);
    }
  }
}
