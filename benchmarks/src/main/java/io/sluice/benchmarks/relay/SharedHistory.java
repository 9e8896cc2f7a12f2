package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.history.LongHistory;
import io.sluice.benchmarks.history.SparseLog;
import io.sluice.benchmarks.report.Report;
import io.sluice.testkit.server.DatabaseServer;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The long history of two scenarios, made once: 100 files of 1 GiB and a newest one that is nearly
 * full. Confined to one thread.
 */
final class SharedHistory {
  private static final double SECOND = 1e9;
  private static @Nullable LongHistory made;

  private SharedHistory() {}

  /** Makes it if it is not there; the relay does not run then. */
  static LongHistory of(Bench bench, Report report) throws IOException {
    LongHistory known = made;
    if (known != null) {
      return known;
    }
    SparseLog log =
        new SparseLog((int) bench.size(100, 4), (int) bench.size((1 << 30) / SparseLog.PAIR, 16));
    LongHistory history =
        LongHistory.make(
            bench.home(),
            bench.folder("history"),
            RowEvents.master().option("gtid_strict_mode", "1"),
            log);
    DatabaseServer.beforeExit(history::close);
    made = history;
    long began = System.nanoTime();
    history.relay().start();
    history.awaitIndexes();
    double seconds = (System.nanoTime() - began) / SECOND;
    history.fillNewest(bench.size(1_000_000_000, 300_000));
    history.awaitStored();
    history.relay().stop();
    report.paragraph(
        String.format(
            Locale.ROOT,
            "The history: %d files with %d transactions each, of which every other one has a row of "
                + "64 KiB (a hole in the file), and a newest file of %d MB full of short rows that "
                + "the master wrote. The relay found the files without indexes and had made them "
                + "all %.0f s after its start.",
            log.files(),
            2 * log.pairs(),
            history.master().binlogEnd().position() / 1_000_000,
            seconds));
    return history;
  }
}
