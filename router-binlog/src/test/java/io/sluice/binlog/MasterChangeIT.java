package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.master.UseGtid;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import io.sluice.testkit.server.Replication.Source;
import io.sluice.testkit.server.SqlClient;
import io.sluice.testkit.server.SqlFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay moves to another real server, or refuses to. */
class MasterChangeIT {
  @TempDir Path data;

  private final List<MariaDbServer> servers = new ArrayList<>();
  private MariaDbServer first;

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  @BeforeEach
  void startMaster() {
    first = server(1);
    RelayHarness.createUser(first);
  }

  @AfterEach
  void stopServers() {
    servers.forEach(MariaDbServer::close);
  }

  private MariaDbServer server(long serverId) {
    MariaDbServer server =
        MariaDbServer.builder()
            .serverId(serverId)
            .binlog("m-bin")
            .option("log_slave_updates")
            .start();
    servers.add(server);
    return server;
  }

  private static Source source(MariaDbServer server) {
    return Source.of(server, RelayHarness.USER, RelayHarness.PASSWORD);
  }

  private static MasterChange.Builder to(MariaDbServer server) {
    return MasterChange.builder()
        .host(server.host())
        .port(server.port())
        .useGtid(UseGtid.SLAVE_POS);
  }

  private static void write(MariaDbServer server, String schema) {
    server.execute(
        "CREATE DATABASE " + schema,
        "USE " + schema,
        "CREATE TABLE " + schema + ".t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGBLOB)",
        "INSERT INTO " + schema + ".t (v) SELECT REPEAT('x', seq) FROM seq_1_to_300",
        "UPDATE " + schema + ".t SET v = CONCAT(v, 'y') WHERE id % 3 = 0",
        "SET gtid_domain_id = 7",
        "INSERT INTO " + schema + ".t (v) VALUES ('domain seven')",
        "SET gtid_domain_id = 0",
        "FLUSH BINARY LOGS",
        "DELETE FROM " + schema + ".t WHERE id % 7 = 0");
  }

  private static boolean knows(RelayHarness relay, String user, String password) {
    try {
      return "2"
          .equals(
              SqlClient.at("127.0.0.1", relay.port(), user, password)
                  .queryString("SELECT @@server_id"));
    } catch (SqlFailure e) {
      return false;
    }
  }

  private static String lastError(RelayHarness relay) {
    return relay.link().get("last_error_code") + ": " + relay.link().get("last_error");
  }

  @Test
  void shouldMoveToAPromotedReplicaWithoutItsReplicasNoticing() throws Exception {
    MariaDbServer second = server(2);
    Replication.start(second, source(first), Gtid.SLAVE_POS);
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitState("streaming");
      MariaDbServer behind = server(3);
      Replication.start(behind, relay.source(), Gtid.SLAVE_POS);
      write(first, "one");
      Replication.assertReplicated(first, second, behind);
      relay.awaitStored(first);
      Object session = relay.replicas().get(0).get("session");
      first.stop();
      second.execute("STOP SLAVE", "RESET SLAVE ALL");
      write(second, "two");

      relay.changeMaster(to(second));

      relay.awaitState("streaming");
      write(second, "three");
      Replication.assertReplicated(second, behind);
      relay.awaitStored(second);
      assertThat(relay.replicas().get(0).get("session")).isEqualTo(session);
      assertThat(relay.link())
          .containsEntry("master_server_id", 2L)
          .containsEntry("master_from", "change master")
          .containsEntry("last_error", "");
      Await.until(
          "the permission was used",
          Duration.ofSeconds(60),
          () -> Boolean.FALSE.equals(relay.link().get("may_begin_epoch")));
      second.createUser("late", "late-pw", "REPLICATION SLAVE ON *.*");
      Await.until(
          "the relay knows the account that was made on the new master",
          Duration.ofSeconds(60),
          () -> knows(relay, "late", "late-pw"));
      MariaDbServer fresh = server(4);
      Replication.start(fresh, relay.source(), Gtid.SLAVE_POS);
      Replication.assertReplicated(second, fresh);
    }
    try (RelayHarness again = RelayHarness.start(data, first)) {
      again.awaitState("streaming");
      assertThat(again.link())
          .containsEntry("master_port", second.port())
          .containsEntry("may_begin_epoch", false);
      second.execute("INSERT INTO two.t (v) VALUES ('after the restart')");
      again.awaitStored(second);
    }
  }

  @Test
  void shouldRefuseAServerThatLacksOurEnd() throws Exception {
    MariaDbServer second = server(2);
    Replication.start(second, source(first), Gtid.SLAVE_POS);
    write(first, "one");
    Replication.assertReplicated(first, second);
    second.execute("STOP SLAVE");
    first.execute("INSERT INTO one.t (v) VALUES ('only here')");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitStored(first);
      Object end = relay.link().get("gtid");
      relay.changeMaster(to(second));
      relay.awaitState("stopped");
      assertThat(lastError(relay))
          .startsWith("1236: Got fatal error 1236 from master")
          .contains("which is not in the master's binlog");
      assertThat(relay.link()).containsEntry("gtid", end).containsEntry("master_server_id", 1L);
      relay.changeMaster(to(first));
      relay.awaitState("streaming");
      first.execute("INSERT INTO one.t (v) VALUES ('back home')");
      relay.awaitStored(first);
    }
  }

  @Test
  void shouldRefuseAServerWithAnotherHistory() throws Exception {
    MariaDbServer other = server(9);
    RelayHarness.createUser(other);
    write(first, "one");
    write(other, "one");
    other.execute("INSERT INTO one.t (v) VALUES ('longer')");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitStored(first);
      Object end = relay.link().get("gtid");
      relay.changeMaster(to(other));
      relay.awaitState("stopped");
      assertThat(lastError(relay)).startsWith("1236: ").contains("has diverged");
      relay.changeMaster(to(other).useGtid(UseGtid.NO));
      relay.awaitState("stopped");
      assertThat(lastError(relay)).startsWith("1593: ").contains("its history is not ours");
      assertThat(relay.link()).containsEntry("gtid", end).containsEntry("master_server_id", 1L);
    }
  }

  @Test
  void shouldRefuseAServerThatPurgedWhatWeNeed() throws Exception {
    MariaDbServer second = server(2);
    Replication.start(second, source(first), Gtid.SLAVE_POS);
    write(first, "one");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitStored(first);
      RelayHarness.done(relay.control().stopSlave());
      write(first, "two");
      Replication.assertReplicated(first, second);
      second.execute("STOP SLAVE", "RESET SLAVE ALL", "FLUSH BINARY LOGS");
      String newest = second.binlogFiles().get(second.binlogFiles().size() - 1);
      second.execute("SET GLOBAL slave_connections_needed_for_purge = 0");
      Await.until(
          "only the newest file is left",
          Duration.ofSeconds(60),
          () -> {
            second.execute("PURGE BINARY LOGS TO '" + newest + "'");
            return second.binlogFiles().equals(List.of(newest));
          });
      relay.changeMaster(to(second));
      relay.awaitState("stopped");
      assertThat(lastError(relay)).startsWith("1236: ").contains("have been purged");
    }
  }

  @Test
  void shouldStopWhenTheMasterWasResetOrReplacedByAnother() throws Exception {
    write(first, "one");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitStored(first);
      Object end = relay.link().get("gtid");
      first.execute("RESET MASTER");
      relay.awaitState("stopped");
      assertThat(lastError(relay)).matches("(1593|1236): .*");
      assertThat(relay.link()).containsEntry("gtid", end);
      // The same names and at least as many bytes, so that our place exists there.
      write(first, "two");
      write(first, "three");
      RelayHarness.done(relay.control().startSlave());
      relay.awaitState("stopped");
      assertThat(lastError(relay)).startsWith("1593: ").contains("its history is not ours");
      assertThat(relay.link()).containsEntry("gtid", end);
    }
  }

  @Test
  void shouldHealAWrongPasswordAndKeepAStopOverARestart() throws Exception {
    write(first, "one");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      relay.awaitStored(first);
      relay.changeMaster(MasterChange.builder().password("wrong"));
      relay.awaitState("stopped");
      assertThat(lastError(relay)).startsWith("1045: error connecting to master 'repl@127.0.0.1:");
      first.execute("INSERT INTO one.t (v) VALUES ('meanwhile')");
      relay.changeMaster(MasterChange.builder().password(RelayHarness.PASSWORD));
      relay.awaitStored(first);
      assertThat(relay.link()).containsEntry("last_error", "");
      RelayHarness.done(relay.control().stopSlave());
    }
    first.execute("INSERT INTO one.t (v) VALUES ('while stopped')");
    try (RelayHarness relay = RelayHarness.start(data, first)) {
      assertThat(relay.link())
          .containsEntry("state", "disconnected")
          .containsEntry("wanted", "stopped");
      assertThat(RelayHarness.done(relay.control().stopSlave()).get(0).code()).isEqualTo(1255);
      assertThat(relay.link()).containsEntry("connects", 0L).containsEntry("failures", 0L);
      assertThat(RelayHarness.done(relay.control().startSlave())).isEmpty();
      relay.awaitStored(first);
      assertThat(RelayHarness.done(relay.control().startSlave()).get(0).code()).isEqualTo(1254);
    }
  }
}
