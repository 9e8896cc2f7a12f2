package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import java.nio.file.Path;

/**
 * A MySQL source, the relay, and replicas that know only the relay. All of them survive kill -9
 * without loss. With {@code -Dsluice.test.direct=true} the replicas are at the source itself: to
 * see whether a scenario holds without Sluice.
 */
final class MySqlTopology extends RelayTopology<MySqlServer> {

  private static final boolean DIRECT = Boolean.getBoolean("sluice.test.direct");

  private final String installation;
  private final boolean gtid;

  /** Starts a source, with GTIDs or with anonymous transactions only, and the relay. */
  MySqlTopology(String installation, Path directory, boolean gtid) {
    super(
        newLogging(installation, 1, gtid),
        directory,
        isOld(installation) ? "" : ", get-server-public-key = true");
    this.installation = installation;
    this.gtid = gtid;
  }

  private static MySqlServer newLogging(String installation, int id, boolean gtid) {
    return server(installation, id, gtid).binlog("m" + id + "-bin").start();
  }

  private static MySqlServer.Builder server(String installation, int id, boolean gtid) {
    MySqlServer.Builder builder =
        MySqlServer.builder(installation)
            .serverId(id)
            // Written at each commit: what a killed process, not a killed machine, comes back with.
            .option("innodb-flush-log-at-trx-commit", "2")
            .option("sync-binlog", "0")
            .option("relay-log-recovery", "ON");
    if (isOld(installation)) {
      builder
          .option("binlog-format", "MIXED")
          .option("relay-log-info-repository", "TABLE")
          .option("master-info-repository", "TABLE")
          .option("explicit-defaults-for-timestamp", "ON");
    }
    return gtid ? gtid(builder, installation) : builder.withoutGtid();
  }

  /** 9.7 replicates by GTID without a binlog of its own, 5.6 cannot. */
  private static MySqlServer.Builder gtid(MySqlServer.Builder builder, String installation) {
    return isOld(installation)
        ? builder.gtid()
        : builder.option("gtid-mode", "ON").option("enforce-gtid-consistency", "ON");
  }

  static boolean isOld(String installation) {
    return installation.equals("mysql-5.6");
  }

  boolean isOld() {
    return isOld(installation);
  }

  boolean isGtid() {
    return gtid;
  }

  /** A replica of the source itself, that can take its place. */
  MySqlServer newStandby() {
    MySqlServer standby =
        addStandby(
            server(installation, masterCount() + 1, gtid)
                .binlog("m" + (masterCount() + 1) + "-bin")
                .gtid()
                .start());
    Replication.start(standby, Replication.Source.of(master(), REPLICA_USER, REPLICA_PASSWORD));
    return standby;
  }

  /** A new server without data; its id is 10 more than its index. */
  MySqlServer newReplica() {
    return newReplica(installation);
  }

  /** The same, of any version. */
  MySqlServer newReplica(String which) {
    return add(server(which, 11 + replicas().size(), gtid).start());
  }

  /** A new replica at the relay, by auto position from the beginning. */
  MySqlServer newGtidReplica() {
    MySqlServer replica = newReplica();
    Replication.start(replica, relay());
    return replica;
  }

  /** A new replica at the relay, by file and position from the beginning. */
  MySqlServer newPositionReplica() {
    return newPositionReplica(installation);
  }

  /** The same, of any version. */
  MySqlServer newPositionReplica(String which) {
    MySqlServer replica = newReplica(which);
    Replication.start(replica, relay(), firstMaster().binlogFiles().get(0), 4);
    return replica;
  }

  @Override
  Replication.Source relay() {
    return DIRECT ? Replication.Source.of(master(), REPLICA_USER, REPLICA_PASSWORD) : super.relay();
  }

  @Override
  boolean isRelayed() {
    return !DIRECT;
  }

  @Override
  void assertReachedEnd(MySqlServer replica) {
    if (gtid) {
      Replication.awaitGtid(replica, master().gtidExecuted(), CATCH_UP);
      assertThat(replica.gtidExecuted())
          .as("gtid_executed of %s", replica)
          .isEqualTo(master().gtidExecuted());
    } else {
      MySqlServer.BinlogEnd end = master().binlogEnd();
      Replication.awaitPosition(replica, end.file(), end.position(), CATCH_UP);
    }
  }

  @Override
  void assertRelayReachedEnd() {
    if (!isRelayed()) {
      return;
    }
    Await.untilAsserted(
        "the relay stands where the source stands",
        CATCH_UP,
        () -> assertThat(master().binlogEnd(relaySql())).isEqualTo(master().binlogEnd()));
    assertThat(relayGtids("gtid_executed")).isEqualTo(master().gtidExecuted());
  }

  /** A GTID variable of the relay, on one line. */
  String relayGtids(String variable) {
    return String.valueOf(relaySql().queryString("SELECT @@GLOBAL." + variable)).replace("\n", "");
  }

  /** Writers in whose binlog is what the version has: compressed, tagged. */
  Writers newWriters(long seed) {
    return new Writers(master(), seed, this::session, !isOld());
  }

  /** The statement with which the session of a writer of that number begins. */
  String session(int writer) {
    if (!isOld() && writer == 1) {
      return "SET binlog_transaction_compression = ON";
    }
    if (!isOld() && gtid && writer == 2) {
      return "SET gtid_next = 'AUTOMATIC:writer2'";
    }
    return "SET binlog_rows_query_log_events = ON";
  }
}
