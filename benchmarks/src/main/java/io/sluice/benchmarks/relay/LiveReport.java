package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.report.Budget;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Tables and budgets of a live fan-out. Not thread-safe. */
final class LiveReport {
  private static final double MASTER_GROWTH = 1.05;
  private static final double SHARE = 0.5;
  private static final double SPEED = 2;
  private static final double SECONDS_BEHIND = 0.5;
  private static final double ADDED_P50 = 0.3;
  private static final double ADDED_P99 = 2;
  private static final double MEGA = 1e6;
  private static final double MILLIS = 1e3;

  private final LiveSamples samples;
  private final List<Integer> replicas;
  private final int smallest;

  LiveReport(LiveSamples samples, List<Integer> replicas) {
    this.samples = samples;
    this.replicas = replicas;
    this.smallest = replicas.get(0);
  }

  void write(Report report) {
    report.paragraph("**Saturating load**: each connection inserts one row after the other.");
    report.table(costs(false));
    report.paragraph(
        "**Half load**: half of the transactions per second that the same contestant reached above."
            + " Unless the master serves all itself, one more replica is at the master, to compare"
            + " with; the master's processor time contains it.");
    report.table(costs(true));
    report.paragraph(
        "Milliseconds from insert to replica, three replicas (the insert itself is part of them),"
            + " and what is added to the time of a replica at the master in the same load.");
    report.table(latencies());
  }

  private Table costs(boolean half) {
    Table table =
        new Table(
            "served by",
            "replicas",
            "transactions/s",
            "master µs/transaction",
            "relay µs",
            "both µs",
            "relay µs per replica",
            "load generator µs",
            "null replicas µs",
            "behind halfway, transactions",
            "behind at the end, transactions",
            "MB",
            "all there after, ms");
    for (int count : replicas) {
      for (LiveServer server : LiveServer.values()) {
        if (samples.has(server, count)) {
          table.row(
              server.title(),
              Integer.toString(count),
              text(server, count, half, LiveFigures::perSecond, 0),
              text(server, count, half, LiveFigures::master, 1),
              text(server, count, half, LiveFigures::relay, 1),
              text(server, count, half, LiveFigures::masterAndRelay, 1),
              text(server, count, half, f -> f.relay() / count, 2),
              text(server, count, half, LiveFigures::load, 1),
              text(server, count, half, LiveFigures::replicas, 1),
              text(server, count, half, LiveFigures::behindHalfway, 0),
              text(server, count, half, LiveFigures::behind, 0),
              text(server, count, half, f -> f.behindBytes() / MEGA, 2),
              text(server, count, half, f -> f.caughtUp() * MILLIS, 0));
        }
      }
    }
    return table;
  }

  private Table latencies() {
    Table table =
        new Table(
            "served by",
            "replicas",
            "half load p50",
            "p99",
            "max",
            "added p50",
            "added p99",
            "saturating p50",
            "p99",
            "max");
    for (int count : replicas) {
      for (LiveServer server : LiveServer.values()) {
        if (samples.has(server, count)) {
          table.row(
              server.title(),
              Integer.toString(count),
              text(server, count, true, LiveFigures::p50, 2),
              text(server, count, true, LiveFigures::p99, 2),
              text(server, count, true, LiveFigures::max, 1),
              added(server, count, LiveFigures::addedP50),
              added(server, count, LiveFigures::addedP99),
              text(server, count, false, LiveFigures::p50, 2),
              text(server, count, false, LiveFigures::p99, 2),
              text(server, count, false, LiveFigures::max, 1));
        }
      }
    }
    return table;
  }

  private String added(LiveServer server, int count, ToDoubleFunction<LiveFigures> figure) {
    return server == LiveServer.MASTER ? "" : text(server, count, true, figure, 2);
  }

  private String text(
      LiveServer server,
      int count,
      boolean half,
      ToDoubleFunction<LiveFigures> figure,
      int digits) {
    return samples.of(server, count, half, figure).text(digits);
  }

  /** What the relay has to keep with so many replicas. */
  void budgets(Report report, int count) {
    String which = "c. " + count + " live replicas, ";
    for (boolean half : new boolean[] {false, true}) {
      String load = half ? ", half load" : ", saturating load";
      Samples growth =
          of(count, half, LiveFigures::master).ratioTo(of(smallest, half, LiveFigures::master));
      report.budget(
          atMost(
              which + "master's CPU per transaction beside that with " + smallest + load,
              growth,
              MASTER_GROWTH,
              "×"));
      Samples share =
          of(count, half, LiveFigures::masterAndRelay)
              .ratioTo(samples.of(LiveServer.MASTER, count, half, LiveFigures::master));
      report.budget(
          atMost(
              which
                  + "CPU per transaction of master and relay beside a master that serves all"
                  + load,
              share,
              SHARE,
              "×"));
    }
    Samples speed =
        of(count, false, LiveFigures::perSecond)
            .ratioTo(samples.of(LiveServer.MASTER, count, false, LiveFigures::perSecond));
    report.budget(
        new Budget(
            which + "transactions per second beside a master that serves all",
            String.format(Locale.ROOT, "≥ %.2f ×", SPEED),
            speed.text(2) + " ×",
            speed.median() >= SPEED));
    report.budget(
        atMost(
            which + "slowest replica behind at the end of the saturating load",
            of(count, false, LiveFigures::secondsBehind),
            SECONDS_BEHIND,
            "s"));
    report.budget(
        atMost(
            which + "latency added at half load, p50",
            of(count, true, LiveFigures::addedP50),
            ADDED_P50,
            "ms"));
    report.budget(
        atMost(
            which + "latency added at half load, p99",
            of(count, true, LiveFigures::addedP99),
            ADDED_P99,
            "ms"));
  }

  private Samples of(int count, boolean half, ToDoubleFunction<LiveFigures> figure) {
    return samples.of(LiveServer.SLUICE, count, half, figure);
  }

  private static Budget atMost(String what, Samples samples, double limit, String unit) {
    return new Budget(
        what,
        String.format(Locale.ROOT, "≤ %.2f %s", limit, unit),
        samples.text(2) + " " + unit,
        samples.median() <= limit);
  }
}
