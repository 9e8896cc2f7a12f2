package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.SqlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A master, the relay, and replicas that know only the relay; all servers of one family.
 *
 * @param <S> that family's servers
 */
abstract class RelayTopology<S extends DatabaseServer> implements AutoCloseable {

  private static final int IN_USE_BYTE = 21;
  static final Duration CATCH_UP = Duration.ofSeconds(120);

  static final String REPLICA_USER = "repl";
  static final String REPLICA_PASSWORD = "replpw";
  private static final String DBA_USER = "dba";
  private static final String DBA_PASSWORD = "dbapw";

  private final List<S> replicas = new ArrayList<>();
  private final List<S> masters = new ArrayList<>();
  private S master;
  private final String serverSettings;
  private final int relayPort = Ports.free();
  private final SluiceProcess sluice;

  /**
   * Makes the accounts on the master, which runs, and starts the relay; {@code serverSettings} are
   * options of the master beside no TLS.
   */
  RelayTopology(S master, Path directory, String serverSettings) {
    this.master = master;
    this.serverSettings = serverSettings;
    masters.add(master);
    master.createUser("sluice", "secret", "REPLICATION SLAVE, REPLICATION CLIENT ON *.*");
    master.execute("GRANT SELECT ON mysql.* TO 'sluice'@'%'");
    master.createUser(DBA_USER, DBA_PASSWORD, "ALL PRIVILEGES ON *.*");
    master.createUser(REPLICA_USER, REPLICA_PASSWORD, "REPLICATION SLAVE ON *.*");
    this.sluice = new SluiceProcess(directory, relaySections()).start();
  }

  /** Fails unless the replica's GTIDs, or what stands for them, are those of the master. */
  abstract void assertReachedEnd(S replica);

  /** The same for the relay itself. */
  abstract void assertRelayReachedEnd();

  /** The replica of the master itself can take its place; it is stopped with the others. */
  S addStandby(S standby) {
    masters.add(standby);
    return standby;
  }

  int masterCount() {
    return masters.size();
  }

  S firstMaster() {
    return masters.get(0);
  }

  /** The standby is the master that all is compared with, from now on. */
  void promote(S standby) {
    Replication.stopSlave(standby);
    Replication.resetSlaveAll(standby);
    master = standby;
  }

  /** SQL of an administrator on the relay's own listener. */
  SqlClient relaySql() {
    return SqlClient.at("127.0.0.1", relayPort, DBA_USER, DBA_PASSWORD);
  }

  /** The sections of the configuration for the relay alone. */
  String relaySections() {
    return """
      stop-grace-period = 5m
      servers { master { address = "127.0.0.1", port = %d, options { tls = disable%s } } }
      services {
        relay {
          router = binlog, servers = [master], user = sluice, password = secret
          options { server-id = 4711 }
          listeners { relay { address = "127.0.0.1", port = %d } }
        }
      }
    """
        .formatted(master.port(), serverSettings, relayPort);
  }

  S master() {
    return master;
  }

  SluiceProcess sluice() {
    return sluice;
  }

  int relayPort() {
    return relayPort;
  }

  List<S> replicas() {
    return replicas;
  }

  DatabaseServer[] replicaArray() {
    return replicas.toArray(DatabaseServer[]::new);
  }

  Replication.Source relay() {
    return new Replication.Source("127.0.0.1", relayPort, REPLICA_USER, REPLICA_PASSWORD);
  }

  /** The master itself, as a source for replicas that are compared with those of the relay. */
  Replication.Source masterAsSource() {
    return Replication.Source.of(master, REPLICA_USER, REPLICA_PASSWORD);
  }

  /** The replica's server; it is stopped with the others. */
  S add(S replica) {
    replicas.add(replica);
    return replica;
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
      replicas.forEach(this::assertReachedEnd);
      Replication.assertSameData(master, replicaArray());
      assertRelayReachedEnd();
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\nlog of Sluice:\n" + sluice.output(), e);
    }
  }

  /** Whether the replicas are behind the relay. */
  boolean isRelayed() {
    return true;
  }

  private void assertFilesEqual(boolean ignoreInUseFlag) {
    if (!isRelayed()) {
      return;
    }
    for (String file : master.closedBinlogFiles()) {
      if (master != masters.get(0) && !isStored(file)) {
        continue; // Older than the moment at which the relay came to this master.
      }
      Await.untilAsserted(
          file + " equal on master and relay",
          Duration.ofSeconds(60),
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
    Path store = sluice.data().resolve("services/relay/binlog");
    return LiveFolder.at(store).named(file).stream().findFirst();
  }

  @Override
  public void close() {
    replicas.forEach(DatabaseServer::close);
    sluice.close();
    masters.forEach(DatabaseServer::close);
  }
}
