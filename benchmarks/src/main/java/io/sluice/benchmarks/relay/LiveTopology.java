package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.load.Stamps;
import io.sluice.benchmarks.replica.FleetOptions;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer.BinlogEnd;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.SqlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A master, and two servers that can stand between it and replicas: a MariaDB replica with {@code
 * log_slave_updates} and the relay. All run all the time, so that their code is warm, but the
 * master serves only the one that was chosen last. Confined to one thread.
 */
final class LiveTopology implements AutoCloseable {
  private static final String OPERATOR = "operator";
  private static final long FIRST_REPLICA = 1000;
  private static final long PROBE = 900;
  private static final Duration FOLLOW = Duration.ofMinutes(5);

  /** A file that has grown so long ends before the next load, so that none ends within one. */
  private static final long LONG_FILE = 400_000_000;

  private final MariaDbServer master;
  private final MariaDbServer intermediate;
  private final SluiceRelay sluice;
  private boolean linked = true;

  LiveTopology(Bench bench) {
    master = server("master-bin", 1).start();
    intermediate =
        server("middle-bin", 2)
            .option("log_slave_updates")
            .option("slave_parallel_threads", "4")
            .start();
    // What shall only run needs no optimized code.
    String javaOptions = bench.smoke() ? "-XX:TieredStopAtLevel=1" : "";
    sluice =
        new SluiceRelay(
            bench.home(), bench.folder("c"), master.port(), "sync = 100ms", javaOptions);
    try {
      begin();
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  private void begin() {
    Account.create(master);
    master.createUser(OPERATOR, Account.PASSWORD, "REPLICATION SLAVE ADMIN ON *.*");
    master.execute("CREATE DATABASE bench");
    Account.create(intermediate);
    intermediate.execute("CREATE DATABASE bench");
    sluice.start();
    // A relay that is ready may still wait for the accounts of a master that has much to do.
    Await.until(
        "the relay knows its accounts", FOLLOW, () -> operator().queryString("SELECT 1") != null);
  }

  private SqlClient operator() {
    return SqlClient.at("127.0.0.1", sluice.port(), OPERATOR, Account.PASSWORD);
  }

  private static MariaDbServer.Builder server(String binlog, int id) {
    return MariaDbServer.builder()
        .binlog(binlog)
        .serverId(id)
        .option("binlog_format", "ROW")
        .option("binlog_annotate_row_events", "OFF")
        .option("max_binlog_size", "1073741824")
        .option("sync_binlog", "0")
        .option("innodb_flush_log_at_trx_commit", "0")
        .option("innodb_buffer_pool_size", "512M")
        .option("innodb_log_file_size", "512M")
        .option("max_connections", "700")
        .option("thread_cache_size", "64");
  }

  MariaDbServer master() {
    return master;
  }

  /** The process that serves replicas now. */
  long pid(LiveServer server) {
    return switch (server) {
      case MASTER -> master.pid();
      case INTERMEDIATE -> intermediate.pid();
      case SLUICE -> sluice.pid();
    };
  }

  /** Where replicas are served by it. */
  int port(LiveServer server) {
    return switch (server) {
      case MASTER -> master.port();
      case INTERMEDIATE -> intermediate.port();
      case SLUICE -> sluice.port();
    };
  }

  /** From now on only that one is served by the master; the table is new, and all is quiet. */
  void choose(LiveServer server) {
    endLongFile(master);
    link(server == LiveServer.SLUICE);
    if (server == LiveServer.INTERMEDIATE) {
      // What the others' loads inserted it need not have: the table is made anew.
      BinlogEnd end = master.binlogEnd();
      endLongFile(intermediate);
      Replication.start(
          intermediate,
          Replication.Source.of(master, Account.REPLICA, Account.PASSWORD),
          end.file(),
          end.position());
    } else {
      Replication.stopSlave(intermediate);
    }
    master.execute(Stamps.CREATE);
    BinlogEnd end = master.binlogEnd();
    if (server == LiveServer.INTERMEDIATE) {
      Replication.awaitPosition(intermediate, end.file(), end.position(), FOLLOW);
    } else if (server == LiveServer.SLUICE) {
      Await.until("the relay has " + end, FOLLOW, () -> isStored(end));
    }
  }

  private void link(boolean wanted) {
    if (linked != wanted) {
      operator().execute(wanted ? "START SLAVE" : "STOP SLAVE");
      linked = wanted;
    }
  }

  private boolean isStored(BinlogEnd end) throws IOException {
    Path file = sluice.store().resolve(end.file());
    return Files.exists(file) && Files.size(file) >= end.position();
  }

  private static void endLongFile(MariaDbServer server) {
    if (server.binlogEnd().position() > LONG_FILE) {
      server.execute("FLUSH BINARY LOGS");
    }
  }

  /** Replicas of the chosen one, from the end of its log on. */
  FleetOptions replicas(LiveServer server, int count) {
    MariaDbServer log = server == LiveServer.INTERMEDIATE ? intermediate : master;
    return options(port(server), count, FIRST_REPLICA, log.binlogEnd());
  }

  /** One replica of the master itself, to compare with. */
  FleetOptions probe() {
    return options(master.port(), 1, PROBE, master.binlogEnd());
  }

  private static FleetOptions options(int port, int count, long firstId, BinlogEnd end) {
    return new FleetOptions(
        "127.0.0.1",
        port,
        Account.REPLICA,
        Account.PASSWORD,
        count,
        firstId,
        false,
        false,
        List.of(FleetOptions.Start.at(end.file(), end.position())));
  }

  /** The master must serve so many, no more: after a load, as only writing finds the dead ones. */
  void checkServed(int streams) {
    Await.value(
        "streams of the master",
        FOLLOW,
        () -> Replication.dumpConnections(master),
        found -> found == streams);
  }

  @Override
  public void close() {
    sluice.close();
    intermediate.close();
    master.close();
  }
}
