package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.contestant.RawSender;
import io.sluice.benchmarks.contestant.ServerContestant;
import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.process.WorkFolder;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * All contestants with a log of events of one size, each with files of its own: a master, a MariaDB
 * replica of it with {@code log_slave_updates}, the relay, MySQL if it is installed, and the raw
 * sender. Confined to one thread.
 */
final class Stage implements AutoCloseable {
  /** As reports call the server that all others are compared with. */
  static final String MASTER = "MariaDB 11.4 master";

  /** As reports call the relay. */
  static final String RELAY = "Sluice";

  /** As reports call the limit. */
  static final String LIMIT = "raw sender";

  private static final String NEXT_FILE = "FLUSH BINARY LOGS";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<ServedLog> logs = new ArrayList<>();

  private Stage() {}

  /**
   * Writes the log and starts all.
   *
   * @param name of a folder
   * @param eventSize of each event, about
   * @param fileBytes of each file, about
   * @param files how many; all have the same content
   * @param withMySql whether MySQL takes part, if it is installed
   */
  static Stage prepare(
      Bench bench, String name, int eventSize, long fileBytes, int files, boolean withMySql)
      throws Exception {
    Stage stage = new Stage();
    try {
      stage.mariaDb(bench.work().resolve(name), bench, eventSize, fileBytes, files);
      if (withMySql && Bench.mySql().isPresent()) {
        stage.mySql(eventSize, fileBytes, files);
      }
      ServedLog first = stage.logs.get(0);
      RawSender raw =
          stage.keep(
              new RawSender(first.files().get(0), Files.size(first.files().get(0)), first.bytes()));
      stage.logs.add(ServedLog.of(raw, first.bytes()));
      return stage;
    } catch (Exception | AssertionError e) {
      stage.close();
      throw e;
    }
  }

  /** What each contestant serves. */
  List<ServedLog> logs() {
    return List.copyOf(logs);
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  private void mariaDb(Path folder, Bench bench, int eventSize, long fileBytes, int files)
      throws Exception {
    MariaDbServer master = keep(RowEvents.master().start());
    MariaDbServer replica =
        keep(
            RowEvents.master()
                .serverId(2)
                .binlog("inter-bin")
                .option("log_slave_updates", "ON")
                .start());
    Account.create(master);
    Replication.start(
        replica,
        Replication.Source.of(master, Account.REPLICA, Account.PASSWORD),
        Replication.Gtid.SLAVE_POS);
    RowEvents.prepare(master);
    master.execute(NEXT_FILE);
    String written = String.valueOf(master.queryString("SELECT @@gtid_binlog_pos"));
    Replication.awaitGtid(replica, written, PATIENCE);
    replica.execute(NEXT_FILE);
    RowEvents.fill(master, eventSize, fileBytes);
    written = String.valueOf(master.queryString("SELECT @@gtid_binlog_pos"));
    Replication.awaitGtid(replica, written, PATIENCE);
    Replication.stopSlave(replica);
    Replication.resetSlaveAll(replica);
    replica.execute(NEXT_FILE);
    List<Path> masterFiles = multiply(master, files);
    logs.add(ServedLog.of(new ServerContestant(MASTER, master), masterFiles));
    logs.add(
        ServedLog.of(
            new ServerContestant("MariaDB 11.4 intermediate replica", replica),
            multiply(replica, files)));
    // One stage follows the other in the same folder.
    open.push(() -> WorkFolder.delete(folder));
    SluiceRelay sluice =
        keep(new SluiceRelay(bench.home(), folder, master.port(), "sync = 100ms", ""));
    sluice.start();
    awaitStored(master, sluice);
    List<Path> stored =
        masterFiles.stream()
            .map(file -> sluice.store().resolve(String.valueOf(file.getFileName())))
            .toList();
    for (int i = 0; i < stored.size(); i++) {
      if (Files.mismatch(masterFiles.get(i), stored.get(i)) >= 0) {
        throw new IllegalStateException(stored.get(i) + " differs from the master's file");
      }
    }
    logs.add(ServedLog.of(sluice, stored));
  }

  private void mySql(int eventSize, long fileBytes, int files) throws IOException {
    MySqlServer source = keep(RowEvents.mySql().start());
    Account.create(source);
    RowEvents.prepare(source);
    source.execute(NEXT_FILE);
    RowEvents.fill(source, eventSize, fileBytes);
    logs.add(
        ServedLog.of(new ServerContestant("MySQL 9.7 source", source), multiply(source, files)));
  }

  private static List<Path> multiply(DatabaseServer server, int files) throws IOException {
    server.stop();
    List<Path> all = LogCopies.make(server, files);
    server.start();
    return all;
  }

  private static void awaitStored(MariaDbServer master, SluiceRelay sluice) {
    DatabaseServer.BinlogEnd end = master.binlogEnd();
    Path stored = sluice.store().resolve(end.file());
    Await.until(
        "the relay has " + end,
        PATIENCE,
        () -> Files.exists(stored) && Files.size(stored) >= end.position(),
        sluice::output);
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
