package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.process.JavaMemory;
import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.benchmarks.replica.FleetOptions;
import io.sluice.benchmarks.replica.ReplicaFleet;
import io.sluice.benchmarks.report.Budget;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Table;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer.BinlogEnd;
import io.sluice.testkit.server.MariaDbServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** What a thousand live replicas take of the relay's memory. */
final class ManyReplicas implements Scenario {
  private static final long LIMIT = 512 << 20;
  private static final double MIB = 1 << 20;
  private static final double GROWTH = 1.05;

  /** Java ends the process if it needs more: both together are the budget. */
  private static final String LIMITS = "-Xmx384m -XX:MaxDirectMemorySize=128m";

  /** More than the newest bytes that the relay keeps in memory: they are not growth. */
  private static final long TAIL = 96 << 20;

  private static final int ROW_EVENT = 8192;
  private static final int WRITES_PER_SECOND = 20;
  private static final long LONG_SECONDS = 600;
  private static final long SHORT_SECONDS = 60;
  private static final int EVENTS_PER_WRITE = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public String id() {
    return "g";
  }

  @Override
  public String title() {
    return "Memory of 1,000 live replicas";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    int replicas = (int) bench.size(1000, 20);
    boolean isLong = Boolean.parseBoolean(System.getenv("BENCH_LONG"));
    long seconds = bench.size(isLong ? LONG_SECONDS : SHORT_SECONDS, 3);
    try (MariaDbServer master = RowEvents.master().start()) {
      Account.create(master);
      try (SluiceRelay relay =
          new SluiceRelay(bench.home(), bench.folder("g"), master.port(), "sync = 100ms", LIMITS)) {
        relay.start();
        RowEvents.write(master, ROW_EVENT, bench.size(TAIL, ROW_EVENT));
        measure(report, master, relay, replicas, seconds);
      }
    }
  }

  private static void measure(
      Report report, MariaDbServer master, SluiceRelay relay, int replicas, long seconds)
      throws Exception {
    Table table =
        new Table("moment", "heap after a collection, MiB", "direct, MiB", "resident, MiB");
    BinlogEnd end = master.binlogEnd();
    Await.until("the relay has all", PATIENCE, () -> relay.hasStored(end), relay::output);
    JavaMemory before = look("no replica", relay, table);
    try (ReplicaFleet fleet = new ReplicaFleet(options(relay, end, replicas))) {
      fleet.go();
      Await.until("all streams began", PATIENCE, () -> fleet.count().packets() >= 2L * replicas);
      JavaMemory connected = look(replicas + " connected", relay, table);
      long third = seconds / 3;
      Load load = new Load(master, relay);
      load.run(third);
      look("after " + third + " s of load", relay, table);
      load.run(third);
      JavaMemory middle = look("after " + 2 * third + " s", relay, table);
      load.run(seconds - 2 * third);
      JavaMemory last = look("after " + seconds + " s", relay, table);
      requireAll(fleet, replicas, load.writes);
      report.table(table);
      report.paragraph(
          String.format(
              Locale.ROOT,
              "Java was limited to 384 MiB of heap and 128 MiB of direct memory. The relay had "
                  + "received more than it keeps of the newest bytes (tail-size, 64 MiB by default) "
                  + "before the first look. %d transactions "
                  + "while all were connected; each replica got all of them. A connected replica "
                  + "took %.1f KiB. With garbage, heap and direct memory were at most %.0f MiB.",
              load.writes,
              (connected.total() - before.total()) / 1024.0 / replicas,
              load.peak / MIB));
      report.budget(
          new Budget(
              replicas + " connected replicas, heap and direct memory",
              "<= 512 MiB",
              String.format(Locale.ROOT, "%.0f MiB at most", load.peak / MIB),
              load.peak <= LIMIT));
      double growth = (double) last.total() / middle.total();
      report.budget(
          new Budget(
              replicas + " connected replicas, growth over " + seconds + " s of load",
              "none (last third to middle third <= 1.05)",
              String.format(Locale.ROOT, "%.3f", growth),
              growth <= GROWTH));
    }
  }

  private static FleetOptions options(SluiceRelay relay, BinlogEnd end, int replicas) {
    return new FleetOptions(
        "127.0.0.1",
        relay.port(),
        Account.REPLICA,
        Account.PASSWORD,
        replicas,
        10_000,
        false,
        false,
        List.of(FleetOptions.Start.at(end.file(), end.position())));
  }

  private static JavaMemory look(String moment, SluiceRelay relay, Table table) throws Exception {
    JavaMemory.collect(relay.pid());
    JavaMemory memory = JavaMemory.of(relay.metrics());
    table.row(
        moment,
        String.format(Locale.ROOT, "%.1f", memory.heap() / MIB),
        String.format(Locale.ROOT, "%.1f", memory.direct() / MIB),
        String.format(Locale.ROOT, "%.1f", new ProcessMeter(relay.pid()).residentBytes() / MIB));
    return memory;
  }

  /** All that was written arrived everywhere: the same bytes on each stream. */
  private static void requireAll(ReplicaFleet fleet, int replicas, long writes) {
    long events = EVENTS_PER_WRITE * writes * replicas;
    Await.until("all have all", PATIENCE, () -> fleet.count().packets() >= events);
    long[] count = {-1};
    Await.until(
        "nothing more comes",
        PATIENCE,
        () -> {
          long before = count[0];
          LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
          count[0] = fleet.count().bytes();
          return count[0] == before;
        });
    List<ReplicaFleet.Stream> streams = fleet.stop();
    for (ReplicaFleet.Stream stream : streams) {
      if (!stream.state().equals("OPEN") || stream.bytes() != streams.get(0).bytes()) {
        throw new IllegalStateException(
            "stream: " + stream + " (expected: as the first one, " + streams.get(0) + ")");
      }
    }
    if (streams.size() != replicas) {
      throw new IllegalStateException(
          "streams: " + streams.size() + " (expected: " + replicas + ")");
    }
  }

  /** A few short transactions each second, and a look at the memory. */
  private static final class Load {
    private final MariaDbServer master;
    private final SluiceRelay relay;
    private long writes;
    private long peak;

    Load(MariaDbServer master, SluiceRelay relay) {
      this.master = master;
      this.relay = relay;
    }

    void run(long seconds) throws Exception {
      long began = System.nanoTime();
      for (long i = 0; i < seconds * WRITES_PER_SECOND; i++) {
        master.execute("INSERT INTO bench.t VALUES (REPEAT('x', 200))");
        writes++;
        if (i % WRITES_PER_SECOND == 0) {
          peak = Math.max(peak, JavaMemory.of(relay.metrics()).total());
        }
        long next = began + (i + 1) * Duration.ofSeconds(1).toNanos() / WRITES_PER_SECOND;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }
}
