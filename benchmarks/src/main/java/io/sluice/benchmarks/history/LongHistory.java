package io.sluice.benchmarks.history;

import static java.util.Objects.requireNonNull;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer.BinlogEnd;
import io.sluice.testkit.server.MariaDbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A MariaDB master with a long history and a relay's store that has the same: sparse files, and a
 * newest one full of short rows, which the master wrote and the relay received. Confined to one
 * thread.
 */
public final class LongHistory implements AutoCloseable {
  private static final Duration INDEXING = Duration.ofMinutes(20);
  private static final int ROW = 200;
  private static final int ROWS_AT_ONCE = 10;
  private static final int TRANSACTIONS_AT_ONCE = 2000;

  private final SparseLog log;
  private final MariaDbServer master;
  private final SluiceRelay relay;

  private LongHistory(SparseLog log, MariaDbServer master, SluiceRelay relay) {
    this.log = log;
    this.master = master;
    this.relay = relay;
  }

  /**
   * Makes all of it. The relay does not run, and its store has no indexes yet.
   *
   * @param home the distribution
   * @param folder an empty one for the relay
   * @param builder describes a master whose binlog is called {@link SparseLog#BASE}
   * @param log the sparse files
   */
  public static LongHistory make(
      Path home, Path folder, MariaDbServer.Builder builder, SparseLog log) throws IOException {
    // Stays with its data until this program ends: other scenarios may come back to it.
    MariaDbServer master = builder.start();
    Account.create(master);
    master.execute("CREATE DATABASE bench");
    master.stop();
    replaceLog(master.dataDir(), log);
    master.start();
    SluiceRelay relay = new SluiceRelay(home, folder, master.port(), "sync = 100ms", "");
    Files.createDirectories(relay.store());
    for (int file = 1; file < log.files(); file++) {
      String name = SparseLog.name(file);
      link(master.dataDir().resolve(name), relay.store().resolve(name), log, file);
    }
    // The relay opens its newest file for writing.
    log.write(relay.store(), log.files());
    return new LongHistory(log, master, relay);
  }

  private static void replaceLog(Path data, SparseLog log) throws IOException {
    try (Stream<Path> old = Files.list(data)) {
      for (Path path : old.toList()) {
        if (path.getFileName().toString().startsWith(SparseLog.BASE + ".")) {
          Files.delete(path);
        }
      }
    }
    log.write(data);
  }

  private static void link(Path from, Path to, SparseLog log, int file) throws IOException {
    Path folder = requireNonNull(to.getParent());
    if (Files.getFileStore(from).equals(Files.getFileStore(folder))) {
      Files.createLink(to, from);
    } else {
      log.write(folder, file);
    }
  }

  /** The sparse files. */
  public SparseLog log() {
    return log;
  }

  /** Who wrote it all, so to speak. */
  public MariaDbServer master() {
    return master;
  }

  /** The relay, not started. */
  public SluiceRelay relay() {
    return relay;
  }

  /** The master fills its newest file with short rows up to that size. */
  public void fillNewest(long bytes) {
    master.execute(
        "CREATE TABLE IF NOT EXISTS bench.small (v VARBINARY(250)) ENGINE=MyISAM",
        "SET GLOBAL max_binlog_size = 1073741824");
    while (master.binlogEnd().position() < bytes) {
      master.execute(
          String.format(
              Locale.ROOT,
              "BEGIN NOT ATOMIC FOR i IN 1..%d DO INSERT INTO bench.small "
                  + "SELECT REPEAT('x', %d) FROM bench.seq_1_to_%d; END FOR; END",
              TRANSACTIONS_AT_ONCE,
              ROW,
              ROWS_AT_ONCE),
          "TRUNCATE TABLE bench.small");
    }
  }

  /** Waits until the relay has all that the master has. */
  public void awaitStored() {
    BinlogEnd end = master.binlogEnd();
    Await.until("the relay has " + end, INDEXING, () -> relay.hasStored(end), relay::output);
  }

  /** Waits until the relay has an index of each closed file. */
  public void awaitIndexes() {
    Await.until(
        "all files have indexes",
        INDEXING,
        () -> {
          for (Path path : indexes()) {
            if (!Files.exists(path)) {
              return false;
            }
          }
          return true;
        },
        relay::output);
  }

  /** Throws the relay's indexes away. */
  public void dropIndexes() throws IOException {
    for (Path path : indexes()) {
      Files.delete(path);
    }
  }

  private List<Path> indexes() {
    List<Path> all = new ArrayList<>();
    for (int file = 1; file <= log.files(); file++) {
      all.add(relay.store().resolve(SparseLog.name(file) + ".idx"));
    }
    return all;
  }

  /** All that the relay reads of its store. */
  public List<Path> storeFiles() throws IOException {
    try (Stream<Path> files = Files.list(relay.store())) {
      return files.toList();
    }
  }

  /** All that the master reads of its log. */
  public List<Path> masterFiles() throws IOException {
    try (Stream<Path> files = Files.list(master.dataDir())) {
      return files
          .filter(path -> path.getFileName().toString().startsWith(SparseLog.BASE + "."))
          .toList();
    }
  }

  @Override
  public void close() {
    relay.close();
    master.close();
  }
}
