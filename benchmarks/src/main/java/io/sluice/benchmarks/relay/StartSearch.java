package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Contestant;
import io.sluice.benchmarks.contestant.ServerContestant;
import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.history.LongHistory;
import io.sluice.benchmarks.history.StartProbe;
import io.sluice.benchmarks.process.PageCache;
import io.sluice.benchmarks.report.Budget;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long a replica waits until the place of its GTID is found in a long history. */
final class StartSearch implements Scenario {
  private static final double LIMIT = 50;
  private static final int REPLICAS = 16;
  private static final int LATER = 5;

  /** Parts of the history: near its beginning, in the middle of a file, near its end. */
  private static final double[] PARTS = {0.0052, 0.5049, 0.9953};

  private static final List<String> PLACES = List.of("beginning", "middle", "end");

  @Override
  public String id() {
    return "e";
  }

  @Override
  public String title() {
    return "GTID start search in 100 files of 1 GiB";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    LongHistory history = SharedHistory.of(bench, report);
    Figures sluice = new Figures();
    Figures server = new Figures();
    Contestant master = new ServerContestant("MariaDB 11.4", history.master());
    for (int turn = 0; turn < bench.turns(); turn++) {
      if (turn == 0) {
        // It walks a file for each ask: all turns would take a quarter of an hour.
        for (int place = 0; place < PARTS.length; place++) {
          PageCache.forget(history.masterFiles());
          server.first(place, StartProbe.one(master, gtid(history, place)));
        }
        server.later(master, history, bench.smoke() ? 1 : 2);
      }
      try (SluiceRelay relay = history.relay()) {
        for (int place = 0; place < PARTS.length; place++) {
          if (place == 0 || !bench.smoke()) {
            relay.stop();
            PageCache.forget(history.storeFiles());
            relay.start();
          }
          sluice.first(place, StartProbe.one(relay, gtid(history, place)));
        }
        sluice.later(relay, history, LATER);
      }
    }
    Table table =
        new Table(
            "contestant",
            "place",
            "first ask, ms",
            "its first transaction, ms",
            "later asks, ms",
            "first transaction, ms",
            "slowest of 16 at once, ms",
            "first transaction, ms");
    sluice.rows("Sluice", table);
    server.rows("MariaDB 11.4", table);
    report.table(table);
    report.paragraph(
        "From COM_BINLOG_DUMP to the first packet of the stream, and to its first transaction. "
            + "First ask: the files are not in the page cache; Sluice was just started. The files "
            + "of this master have no GTID index (they were not written by it): it walks them, as "
            + "all MariaDB servers before 11.4 do; it was asked in the first turn only.");
    sluice.judge(report);
  }

  private static String gtid(LongHistory history, int place) {
    return history.log().at(PARTS[place]);
  }

  /** What one contestant took, for each place. */
  private static final class Figures {
    private final List<Samples[]> all = new ArrayList<>();

    Figures() {
      for (int place = 0; place < PARTS.length; place++) {
        Samples[] figures = new Samples[6];
        for (int i = 0; i < figures.length; i++) {
          figures[i] = new Samples();
        }
        all.add(figures);
      }
    }

    void first(int place, StartProbe.Wait wait) {
      add(place, 0, wait);
    }

    private void add(int place, int column, StartProbe.Wait wait) {
      all.get(place)[column].add(wait.firstPacket());
      all.get(place)[column + 1].add(wait.firstTransaction());
    }

    void later(Contestant contestant, LongHistory history, int asks) throws Exception {
      for (int i = 0; i < asks; i++) {
        for (int place = 0; place < PARTS.length; place++) {
          add(place, 2, StartProbe.one(contestant, gtid(history, place)));
        }
      }
      for (int place = 0; place < PARTS.length; place++) {
        List<StartProbe.Wait> waits =
            StartProbe.together(contestant, List.of(gtid(history, place)), REPLICAS);
        Samples[] figures = all.get(place);
        figures[4].add(waits.stream().mapToDouble(StartProbe.Wait::firstPacket).max().orElse(0));
        figures[5].add(
            waits.stream().mapToDouble(StartProbe.Wait::firstTransaction).max().orElse(0));
      }
    }

    void rows(String name, Table table) {
      for (int place = 0; place < PARTS.length; place++) {
        Samples[] figures = all.get(place);
        table.row(
            name,
            PLACES.get(place),
            figures[0].text(1),
            figures[1].text(1),
            figures[2].text(1),
            figures[3].text(1),
            figures[4].text(1),
            figures[5].text(1));
      }
    }

    /** By the slowest place. */
    void judge(Report report) {
      List<String> what = List.of("the first ask after a start", "later asks", "16 at once");
      for (int kind = 0; kind < what.size(); kind++) {
        double worst = 0;
        for (Samples[] figures : all) {
          worst = Math.max(worst, figures[2 * kind].median());
        }
        report.budget(
            new Budget(
                "GTID start search, " + what.get(kind),
                "< 50 ms",
                String.format(Locale.ROOT, "%.1f ms", worst),
                worst < LIMIT));
      }
    }
  }
}
