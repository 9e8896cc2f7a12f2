package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master, the relay, and replicas that know only the relay. */
final class Topology extends RelayTopology<MariaDbServer> {

  private static final Logger LOGGER = LoggerFactory.getLogger(Topology.class);
  private static final String NOT_QUEUED = "1595";
  private static final String[] LOGGING = {"log-bin=r-bin", "log-slave-updates=ON"};

  private final ServerInstallation installation;
  private final boolean durable;

  /** Starts a master and the relay. {@code durable}: the servers survive kill -9 without loss. */
  Topology(ServerInstallation installation, Path directory, boolean durable, String... options) {
    super(newMaster(installation, durable, options), directory, "");
    this.installation = installation;
    this.durable = durable;
  }

  private static MariaDbServer newMaster(
      ServerInstallation installation, boolean durable, String... options) {
    MariaDbServer.Builder builder = server(installation, 1, durable).binlog("m1-bin");
    if (durable) {
      builder.option("sync-binlog", "1");
    }
    addOptions(builder, options);
    return builder.start();
  }

  private static void addOptions(MariaDbServer.Builder builder, String... options) {
    for (String option : options) {
      String[] parts = option.split("=", 2);
      builder.option(parts[0], parts[1]);
    }
  }

  private static MariaDbServer.Builder server(ServerInstallation which, int id, boolean durable) {
    MariaDbServer.Builder builder = MariaDbServer.builder().installation(which).serverId(id);
    if (durable) {
      // Written at each commit: what a killed process, not a killed machine, comes back with.
      builder.option("innodb-flush-log-at-trx-commit", "2");
    }
    return builder;
  }

  /** A replica of the master itself, that can take its place. */
  MariaDbServer newStandby(ServerInstallation which) {
    int number = masterCount() + 1;
    MariaDbServer standby =
        addStandby(
            server(which, number, durable)
                .binlog("m" + number + "-bin")
                .option("log-slave-updates")
                .start());
    Replication.start(standby, masterAsSource(), Replication.Gtid.SLAVE_POS);
    return standby;
  }

  /** A new server without data; its id is 10 more than its index. */
  MariaDbServer newReplica() {
    return newReplica(installation);
  }

  private MariaDbServer newReplica(ServerInstallation which, String... options) {
    MariaDbServer.Builder builder = server(which, 11 + replicas().size(), durable);
    // Killed in the middle of a change of relay logs, it does not find the one that it was at.
    builder.option("relay-log-recovery", "ON");
    addOptions(builder, options);
    return add(builder.start());
  }

  /** A new replica at the relay, by GTID from the beginning. */
  MariaDbServer newGtidReplica() {
    return newGtidReplica(relay());
  }

  /** The same, at another source of the same binlog. */
  MariaDbServer newGtidReplica(Replication.Source source) {
    MariaDbServer replica = newReplica(installation);
    Replication.start(replica, source, Replication.Gtid.SLAVE_POS);
    return replica;
  }

  /** A new replica at the relay, of any version. */
  MariaDbServer newGtidReplica(ServerInstallation which, Replication.Gtid gtid, String... options) {
    MariaDbServer replica = newReplica(which, options);
    Replication.start(replica, relay(), gtid);
    return replica;
  }

  /**
   * A new replica at the relay, by file and position from the beginning. It has a binlog, so that
   * it gets ANNOTATE_ROWS events: a master from 11.4 on writes no positions inside a transaction,
   * and a replica that these events are left out for counts them wrong there, whoever its master
   * is.
   */
  MariaDbServer newPositionReplica() {
    return newPositionReplica(relay());
  }

  /** The same at another source of the same binlog. */
  MariaDbServer newPositionReplica(Replication.Source source) {
    MariaDbServer replica = newReplica(installation, LOGGING);
    startByPosition(replica, source);
    return replica;
  }

  /**
   * The same, for being killed: such a replica notes its position after the commit, in a file, and
   * may do a transaction twice when it comes back, whoever its master is. Row events and this mode
   * make that harmless; a lost row still shows.
   */
  MariaDbServer newPositionReplicaToBeKilled() {
    return newPositionReplicaToBeKilled(installation);
  }

  /** The same, of any version. */
  MariaDbServer newPositionReplicaToBeKilled(ServerInstallation which) {
    MariaDbServer replica = newReplica(which, LOGGING[0], LOGGING[1], "slave-exec-mode=IDEMPOTENT");
    startByPosition(replica, relay());
    return replica;
  }

  private void startByPosition(MariaDbServer replica, Replication.Source source) {
    Replication.start(replica, source, firstMaster().binlogFiles().get(0), 4);
  }

  @Override
  void assertReachedEnd(MariaDbServer replica) {
    String end = String.valueOf(master().queryString("SELECT @@gtid_binlog_pos"));
    Await.until(
        replica + " is through, if it replicates by position",
        CATCH_UP,
        () -> isThroughByPosition(replica, end),
        () -> Replication.dump(replica));
    Replication.awaitGtid(replica, end, CATCH_UP);
    assertThat(gtids(replica.queryString("SELECT @@gtid_slave_pos")))
        .as("gtid_slave_pos of %s", replica)
        .isEqualTo(gtids(end));
  }

  /**
   * Does what the administrator of a replica by file and position does when its connection ended
   * between two rows events of one statement: MariaDB forgets that it has seen the first one when
   * its I/O thread starts, and when it comes back by itself only if it replicates by GTID; else it
   * refuses whatever its source sends next, and stops. Its gtid_slave_pos names the transaction by
   * then, although nothing of it is committed, so what counts is its own binlog.
   */
  private static boolean isThroughByPosition(MariaDbServer replica, String end) {
    Map<String, @Nullable String> status = Replication.status(replica);
    if (!"No".equals(status.get("Using_Gtid")) || !"0".equals(status.get("Last_SQL_Errno"))) {
      return true;
    }
    if (NOT_QUEUED.equals(status.get("Last_IO_Errno"))) {
      LOGGER.atInfo().addKeyValue("replica", replica).log("its connection was cut in a statement");
      Replication.startSlave(replica);
    }
    return gtids(replica.queryString("SELECT @@gtid_binlog_pos")).equals(gtids(end));
  }

  /** The replicas have all that it has, and it stored files equal to those of the master. */
  @Override
  void assertRelayReachedEnd() {}

  /** A GTID position as a set: the order of its domains has no meaning. */
  static Set<String> gtids(@Nullable String position) {
    return Set.of(String.valueOf(position).split(","));
  }
}
