package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.history.FirstServing;
import io.sluice.benchmarks.history.LongHistory;
import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.benchmarks.report.Budget;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;
import java.util.Locale;

/** How long the relay is away when it is started again over a large store. */
final class Restart implements Scenario {
  private static final double LIMIT = 3;
  private static final double SECOND = 1e9;

  @Override
  public String id() {
    return "f";
  }

  @Override
  public String title() {
    return "Restart with 100 GiB of store";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    LongHistory history = SharedHistory.of(bench, report);
    String end = history.master().queryString("SELECT @@gtid_binlog_pos");
    if (end == null) {
      throw new IllegalStateException("the master has no GTID position");
    }
    Figures stopped = new Figures();
    Figures killed = new Figures();
    Figures stoppedPrepared = new Figures();
    Figures killedPrepared = new Figures();
    Figures bare = new Figures();
    double indexing;
    try (SluiceRelay relay = history.relay()) {
      relay.stop();
      measure(relay, end, bench.turns(), stopped, killed);
      relay.prepareClasses();
      measure(relay, end, bench.turns(), stoppedPrepared, killedPrepared);
      history.dropIndexes();
      long began = System.nanoTime();
      bare.add(FirstServing.of(relay, end), relay);
      history.awaitIndexes();
      indexing = (System.nanoTime() - began) / SECOND;
    }
    Table table = new Table("start", "ready, s", "first packet, s", "both, s", "CPU s until then");
    stopped.row("after a clean stop", table);
    killed.row("after kill -9", table);
    stoppedPrepared.row("after a clean stop, behind sluice-prepare", table);
    killedPrepared.row("after kill -9, behind sluice-prepare", table);
    bare.row("without the indexes, behind sluice-prepare, once", table);
    report.table(table);
    report.paragraph(
        String.format(
            Locale.ROOT,
            "From the start of the process until /health/ready is 200 and until a replica that has "
                + "all has the first packet of its stream. The newest file has %d MB. Without the "
                + "indexes the last of them was there again after %.0f s.",
            history.master().binlogEnd().position() / 1_000_000,
            indexing));
    stopped.judge("a clean stop", report);
    killed.judge("kill -9", report);
    stoppedPrepared.judge("a clean stop, behind sluice-prepare", report);
    killedPrepared.judge("kill -9, behind sluice-prepare", report);
  }

  private static void measure(
      SluiceRelay relay, String end, int turns, Figures stopped, Figures killed) {
    for (int turn = 0; turn < turns; turn++) {
      stopped.add(FirstServing.of(relay, end), relay);
      relay.kill();
      killed.add(FirstServing.of(relay, end), relay);
      relay.stop();
    }
  }

  private static final class Figures {
    private final Samples ready = new Samples();
    private final Samples served = new Samples();
    private final Samples both = new Samples();
    private final Samples cpu = new Samples();

    void add(FirstServing times, SluiceRelay relay) {
      ready.add(times.ready());
      served.add(times.served());
      both.add(times.both());
      cpu.add(new ProcessMeter(relay.pid()).cpuSeconds());
    }

    void row(String name, Table table) {
      table.row(name, ready.text(2), served.text(2), both.text(2), cpu.text(2));
    }

    void judge(String after, Report report) {
      report.budget(
          new Budget(
              "restart to serving after " + after,
              "< 3 s",
              String.format(Locale.ROOT, "%.2f s", both.median()),
              both.median() < LIMIT));
    }
  }
}
