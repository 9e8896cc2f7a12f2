package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.server.SqlClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A master, the relay, and replicas that know only the relay. */
final class Topology implements AutoCloseable {

  private static final String[] LOGGING = {"log-bin=r-bin", "log-slave-updates=ON"};
  private static final int IN_USE_BYTE = 21;
  private static final Duration CATCH_UP = Duration.ofSeconds(120);

  static final String REPLICA_USER = "repl";
  static final String REPLICA_PASSWORD = "replpw";
  private static final String DBA_USER = "dba";
  private static final String DBA_PASSWORD = "dbapw";

  private final ServerInstallation installation;
  private final boolean durable;
  private final List<MariaDbServer> replicas = new ArrayList<>();
  private final List<MariaDbServer> masters = new ArrayList<>();
  private MariaDbServer master;
  private final int relayPort = Ports.free();
  private final SluiceProcess sluice;

  /** Starts a master and the relay. {@code durable}: the servers survive kill -9 without loss. */
  Topology(ServerInstallation installation, Path directory, boolean durable, String... options) {
    this.installation = installation;
    this.durable = durable;
    MariaDbServer.Builder builder = server(installation, 1).binlog("m1-bin");
    if (durable) {
      builder.option("sync-binlog", "1");
    }
    for (String option : options) {
      String[] parts = option.split("=", 2);
      builder.option(parts[0], parts[1]);
    }
    this.master = builder.start();
    masters.add(master);
    master.createUser("sluice", "secret", "REPLICATION SLAVE, REPLICATION CLIENT ON *.*");
    master.execute("GRANT SELECT ON mysql.* TO 'sluice'@'%'");
    master.createUser(DBA_USER, DBA_PASSWORD, "ALL PRIVILEGES ON *.*");
    master.createUser(REPLICA_USER, REPLICA_PASSWORD, "REPLICATION SLAVE ON *.*");
    this.sluice = new SluiceProcess(directory, relaySections()).start();
  }

  private MariaDbServer.Builder server(ServerInstallation which, int id) {
    MariaDbServer.Builder builder = MariaDbServer.builder().installation(which).serverId(id);
    if (durable) {
      // Written at each commit: what a killed process, not a killed machine, comes back with.
      builder.option("innodb-flush-log-at-trx-commit", "2");
    }
    return builder;
  }

  /** A replica of the master itself, that can take its place. */
  MariaDbServer newStandby(ServerInstallation which) {
    int number = masters.size() + 1;
    MariaDbServer standby =
        server(which, number).binlog("m" + number + "-bin").option("log-slave-updates").start();
    masters.add(standby);
    Replication.start(
        standby,
        Replication.Source.of(master, REPLICA_USER, REPLICA_PASSWORD),
        Replication.Gtid.SLAVE_POS);
    return standby;
  }

  /** The standby is the master that all is compared with, from now on. */
  void promote(MariaDbServer standby) {
    standby.execute("STOP SLAVE", "RESET SLAVE ALL");
    master = standby;
  }

  /** SQL of an administrator on the relay's own listener. */
  SqlClient relaySql() {
    return SqlClient.at("127.0.0.1", relayPort, DBA_USER, DBA_PASSWORD);
  }

  /** The sections of the configuration for the relay alone. */
  String relaySections() {
    return """
      servers { master { address = "127.0.0.1", port = %d } }
      services {
        relay {
          router = binlog, servers = [master], user = sluice, password = secret
          options { server-id = 4711 }
          listeners { relay { address = "127.0.0.1", port = %d } }
        }
      }
    """
        .formatted(master.port(), relayPort);
  }

  MariaDbServer master() {
    return master;
  }

  SluiceProcess sluice() {
    return sluice;
  }

  int relayPort() {
    return relayPort;
  }

  List<MariaDbServer> replicas() {
    return replicas;
  }

  MariaDbServer[] replicaArray() {
    return replicas.toArray(MariaDbServer[]::new);
  }

  Replication.Source relay() {
    return new Replication.Source("127.0.0.1", relayPort, REPLICA_USER, REPLICA_PASSWORD);
  }

  /** A new server without data; its id is 10 more than its index. */
  MariaDbServer newReplica() {
    return newReplica(installation);
  }

  private MariaDbServer newReplica(ServerInstallation which, String... options) {
    MariaDbServer.Builder builder = server(which, 11 + replicas.size());
    for (String option : options) {
      String[] parts = option.split("=", 2);
      builder.option(parts[0], parts[1]);
    }
    MariaDbServer replica = builder.start();
    replicas.add(replica);
    return replica;
  }

  /** A new replica at the relay, by GTID from the beginning. */
  MariaDbServer newGtidReplica() {
    return newGtidReplica(installation, Replication.Gtid.SLAVE_POS);
  }

  /** The same, of any version. */
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
    MariaDbServer replica = newReplica(installation, LOGGING);
    startByPosition(replica);
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
    MariaDbServer replica =
        newReplica(
            which, LOGGING[0], LOGGING[1], "slave-exec-mode=IDEMPOTENT", "relay-log-recovery=ON");
    startByPosition(replica);
    return replica;
  }

  private void startByPosition(MariaDbServer replica) {
    Replication.start(replica, relay(), masters.get(0).binlogFiles().get(0), 4);
  }

  /** Waits for all replicas and compares rows, then the closed binlog files byte for byte. */
  void assertEverythingEqual() {
    assertRowsEqual();
    assertFilesEqual(false);
  }

  /**
   * The same after the master was killed: a file that it left open keeps the in-use flag, the one
   * byte that may differ.
   */
  void assertEverythingEqualButForInUseFlags() {
    assertRowsEqual();
    assertFilesEqual(true);
  }

  private void assertRowsEqual() {
    try {
      String end = String.valueOf(master.queryString("SELECT @@gtid_binlog_pos"));
      for (MariaDbServer replica : replicas) {
        Replication.awaitGtid(replica, end, CATCH_UP);
        assertThat(gtids(replica.queryString("SELECT @@gtid_slave_pos")))
            .as("gtid_slave_pos of %s", replica)
            .isEqualTo(gtids(end));
      }
      Replication.assertSameData(master, replicaArray());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\nlog of Sluice:\n" + sluice.output(), e);
    }
  }

  /** A GTID position as a set: the order of its domains has no meaning. */
  static Set<String> gtids(@Nullable String position) {
    return Set.of(String.valueOf(position).split(","));
  }

  private void assertFilesEqual(boolean ignoreInUseFlag) {
    for (String file : master.closedBinlogFiles()) {
      if (master != masters.get(0) && !isStored(file)) {
        continue; // Older than the moment at which the relay came to this master.
      }
      Await.untilAsserted(
          file + " equal on master and relay",
          Duration.ofSeconds(20),
          () ->
              assertThat(digest(stored(file), ignoreInUseFlag))
                  .as(file)
                  .isEqualTo(digest(master.binlogPath(file), ignoreInUseFlag)));
    }
  }

  private static String digest(Path file, boolean ignoreInUseFlag)
      throws IOException, NoSuchAlgorithmException {
    byte[] bytes = Files.readAllBytes(file);
    if (ignoreInUseFlag) {
      bytes[IN_USE_BYTE] &= ~1;
    }
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** The relay's copy of a binlog file. */
  Path stored(String file) {
    return find(file).orElseThrow(() -> new AssertionError(file + ": not in the store"));
  }

  boolean isStored(String file) {
    return find(file).isPresent();
  }

  private Optional<Path> find(String file) {
    try (Stream<Path> files = Files.walk(sluice.data().resolve("services/relay/binlog"))) {
      return files.filter(p -> p.getFileName().toString().equals(file)).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    replicas.forEach(MariaDbServer::close);
    sluice.close();
    masters.forEach(MariaDbServer::close);
  }
}
