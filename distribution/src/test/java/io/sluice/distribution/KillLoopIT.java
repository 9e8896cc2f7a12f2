package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.distribution.KillMoments.Moment;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.SqlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process is killed (SIGKILL) again and again while writers write, files end every moment and
 * old ones are purged. It runs two relays, which store differently; behind each stands a replica
 * that stays attached, one by GTID, one by file and position. After each kill the stored files are
 * a beginning of the master's; at the end all is equal.
 */
class KillLoopIT {
  private static final Logger LOGGER = LoggerFactory.getLogger(KillLoopIT.class);

  private static final int KILLS = Integer.getInteger("sluice.test.kills", 56);
  private static final int PARTS = 4;
  private static final int BETWEEN_PROGRESS = 6;
  private static final Duration CATCH_UP = Duration.ofSeconds(240);
  private static final String USER = "repl";
  private static final String PASSWORD = "replpw";
  private static final String DBA = "dba";

  @TempDir Path directory;

  private final int[] ports = {Ports.free(), Ports.free()};

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void shouldLoseNothingHoweverOftenItIsKilled() throws IOException {
    long seed = RandomStops.seed();
    prepare(new Random(seed));
    try (MariaDbServer master = newMaster();
        MariaDbServer byGtid = newReplica(11);
        MariaDbServer byPosition = newReplica(12);
        SluiceProcess sluice = new SluiceProcess(directory, sections(master, 0))) {
      startQuickly(sluice);
      List<RelayStore> stores = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        SqlClient sql = SqlClient.at("127.0.0.1", ports[i], DBA, PASSWORD);
        stores.add(new RelayStore(sluice, "relay" + i, master, sql));
      }
      stores.get(0).add(byGtid);
      stores.get(1).add(byPosition);
      Replication.start(byGtid, source(0), Replication.Gtid.SLAVE_POS);
      Replication.start(byPosition, source(1), master.binlogFiles().get(0), 4);
      try (SequenceLoad load = new SequenceLoad(master, seed)) {
        load.awaitMore(50);
        loop(master, sluice, stores, load, List.of(byGtid, byPosition), new Random(seed));
        load.close();
        load.assertRunning();
        assertAllEqual(master, stores, load, List.of(byGtid, byPosition));
      }
      assertThat(sluice.output()).doesNotContain(" ERROR ");
      assertThat(sluice.stop()).isZero();
      stores.forEach(RelayStore::assertVerified);
      assertThat(stores.get(0).forms()).contains("", ".enc");
      assertThat(stores.get(1).forms()).contains("", ".zst", ".archived");
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** Keeps what loading its classes costs: most of the time of a start. */
  private void startQuickly(SluiceProcess sluice) {
    Path classes = directory.resolve("classes.jsa");
    String options = "-Xmx512m -XX:TieredStopAtLevel=1 -Xshare:auto ";
    sluice.javaOptions(options + "-XX:ArchiveClassesAtExit=" + classes).start().stop();
    sluice.javaOptions(options + "-XX:SharedArchiveFile=" + classes).start();
  }

  private void loop(
      MariaDbServer master,
      SluiceProcess sluice,
      List<RelayStore> stores,
      SequenceLoad load,
      List<MariaDbServer> replicas,
      Random random) {
    KillMoments killer = new KillMoments(sluice, stores, random);
    Map<Moment, Integer> met = new EnumMap<>(Moment.class);
    List<Moment> moments = moments(random);
    for (int kill = 0; kill < KILLS; kill++) {
      if (killer.kill(moments.get(kill))) {
        met.merge(moments.get(kill), 1, Integer::sum);
      }
      load.assertRunning();
      stores.forEach(RelayStore::assertBeginningOfMaster);
      sluice.configure(sections(master, (kill + 1) * PARTS / (KILLS + 1)));
      sluice.launch();
      load.allowMore();
      if (kill % BETWEEN_PROGRESS == BETWEEN_PROGRESS - 1) {
        sluice.awaitReady();
        stores.forEach(RelayStore::purgeOld);
        replicas.forEach(replica -> awaitProgress(replica, load));
      }
    }
    sluice.awaitReady();
    LOGGER
        .atInfo()
        .addKeyValue("kills", KILLS)
        .addKeyValue("met", met)
        .addKeyValue("commits", load.commits())
        .log("kill loop is over");
    assertThat(met).as("moments that were hit").containsKeys(Moment.ROTATION, Moment.PURGE);
  }

  /** Each moment equally often, in a random order. */
  private static List<Moment> moments(Random random) {
    List<Moment> all = new ArrayList<>();
    while (all.size() < KILLS) {
      all.addAll(List.of(Moment.values()));
    }
    List<Moment> taken = all.subList(0, KILLS);
    Collections.shuffle(taken, random);
    return taken;
  }

  /** Waits until the replica has applied more than it has now; so there must be more. */
  private static void awaitProgress(DatabaseServer replica, SequenceLoad load) {
    String before = String.valueOf(replica.queryString("SELECT @@gtid_slave_pos"));
    load.allowMore();
    Await.until(
        replica + " goes on",
        CATCH_UP,
        () -> !before.equals(replica.queryString("SELECT @@gtid_slave_pos")),
        () -> Replication.dump(replica));
  }

  private static void assertAllEqual(
      MariaDbServer master,
      List<RelayStore> stores,
      SequenceLoad load,
      List<MariaDbServer> replicas) {
    String end = String.valueOf(master.queryString("SELECT @@gtid_binlog_pos"));
    load.assertComplete(master);
    for (MariaDbServer replica : replicas) {
      Replication.awaitGtid(replica, end, CATCH_UP);
      assertThat(Topology.gtids(replica.queryString("SELECT @@gtid_slave_pos")))
          .as("gtid_slave_pos of %s", replica)
          .isEqualTo(Topology.gtids(end));
      load.assertComplete(replica);
    }
    Replication.assertSameData(master, replicas.toArray(DatabaseServer[]::new));
    master.execute("FLUSH BINARY LOGS");
    for (RelayStore store : stores) {
      store.awaitFile(master.binlogEnd().file());
      int files = store.assertClosedFilesEqual();
      LOGGER.atInfo().addKeyValue("store", store).addKeyValue("files", files).log("files equal");
      assertThat(files).isGreaterThan(2);
      assertThat(store.names()).noneMatch(name -> name.endsWith(".broken"));
    }
  }

  private Replication.Source source(int relay) {
    return new Replication.Source("127.0.0.1", ports[relay], USER, PASSWORD);
  }

  private static MariaDbServer newMaster() {
    MariaDbServer master =
        MariaDbServer.builder()
            .serverId(1)
            // A MariaDB replica by file and position that loses its master between two row events
            // of one statement stops with error 1595, whoever the master is.
            .option("binlog-row-event-max-size", "67108864")
            .binlog("m1-bin")
            .option("innodb-flush-log-at-trx-commit", "2")
            .option("binlog-commit-wait-count", "3")
            .option("binlog-commit-wait-usec", "3000")
            .option("max-binlog-size", "4M")
            .start();
    master.createUser("sluice", "secret", "REPLICATION SLAVE, REPLICATION CLIENT ON *.*");
    master.execute("GRANT SELECT ON mysql.* TO 'sluice'@'%'");
    master.createUser(DBA, PASSWORD, "ALL PRIVILEGES ON *.*");
    master.createUser(USER, PASSWORD, "REPLICATION SLAVE ON *.*");
    return master;
  }

  /**
   * With a binlog, so that it gets ANNOTATE_ROWS events and counts positions as the master does.
   */
  private static MariaDbServer newReplica(int id) {
    return MariaDbServer.builder()
        .serverId(id)
        .binlog("r-bin")
        .option("log-slave-updates", "ON")
        .option("innodb-flush-log-at-trx-commit", "2")
        .start();
  }

  /** The options of both relays in a part of the loop; what was stored before stays as it is. */
  private List<String> options(int part) {
    String sealed =
        ", compression = zstd, encryption-key-file = \"" + directory.resolve("keys") + "\"";
    String archived = ", archive-dir = \"" + directory.resolve("archive") + "\"";
    return switch (part) {
      case 0 -> List.of("sync = transaction", "sync = none");
      case 1 ->
          List.of("sync = transaction, serve-after = synced", "sync = 100ms, compression = zstd");
      case 2 ->
          List.of(
              "sync = 100ms" + sealed + ", encryption-key-id = 1",
              "sync = transaction, compression = zstd" + archived);
      default ->
          List.of(
              "sync = transaction" + sealed + ", encryption-key-id = 2", "sync = 50ms" + archived);
    };
  }

  /** Two keys, and the folder of the archive. */
  private void prepare(Random random) throws IOException {
    Files.createDirectory(directory.resolve("archive"));
    byte[] key = new byte[32];
    StringBuilder keys = new StringBuilder("# keys of a test\n");
    for (int id = 1; id <= 2; id++) {
      random.nextBytes(key);
      keys.append(id).append(';').append(HexFormat.of().formatHex(key)).append('\n');
    }
    Path file = Files.createFile(directory.resolve("keys"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, keys);
  }

  private String sections(DatabaseServer master, int part) {
    List<String> options = options(part);
    StringBuilder services = new StringBuilder();
    for (int i = 0; i < 2; i++) {
      services.append(
          """
              relay%1$d {
                router = binlog, servers = [master], user = sluice, password = secret
                options { server-id = 471%1$d, %2$s }
                listeners { relay%1$d { address = "127.0.0.1", port = %3$d } }
              }
          """
              .formatted(i, options.get(i), ports[i]));
    }
    return """
      servers { master { address = "127.0.0.1", port = %d, options { tls = disable } } }
      services {
    %s  }
    """
        .formatted(master.port(), services);
  }
}
