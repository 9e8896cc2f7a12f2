package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.replica.FleetOptions;
import io.sluice.benchmarks.report.Budget;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Samples;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Scenario b: many replicas read old events at once, all from the same place on, or each from
 * another one; each takes as many bytes as the others, so that all are busy to the end.
 */
final class ManyCatchUp implements Scenario {
  private static final int EVENT = 200;
  private static final long FILE = 128L << 20;
  private static final long SMOKE_FILE = 1L << 20;
  private static final int FILES = 4;
  private static final int SOME = 16;
  private static final int MANY = 64;

  /** All streams of a turn together. */
  private static final long ALL_BYTES = 3L << 30;

  private static final long SMOKE_BYTES = 32L << 20;
  private static final double PART_OF_LIMIT = 0.8;

  @Override
  public String id() {
    return "b";
  }

  @Override
  public String title() {
    return "Many replicas catch up at once";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    report.paragraph(
        "Events of 200 bytes, files in the page cache. GB/s is the sum of all streams, until the"
            + " last one has its bytes.");
    long file = bench.size(FILE, SMOKE_FILE);
    try (Stage stage = Stage.prepare(bench, "b", EVENT, file, FILES, !bench.smoke());
        Race race = new Race(bench)) {
      for (int replicas : List.of(SOME, MANY)) {
        Map<String, Figures> same =
            measure(bench, race, stage, replicas, "the same place", ServedLog::beginning, report);
        if (replicas == SOME) {
          budget(same, report);
        }
        measure(bench, race, stage, replicas, "another place", log -> log.spread(replicas), report);
      }
    }
  }

  private static Map<String, Figures> measure(
      Bench bench,
      Race race,
      Stage stage,
      int replicas,
      String place,
      Function<ServedLog, List<FleetOptions.Start>> starts,
      Report report) {
    long each = bench.size(ALL_BYTES, SMOKE_BYTES) / replicas;
    Map<String, Figures> figures =
        race.run(stage.logs(), new Race.Work(replicas, starts, each, false));
    report.paragraph(
        String.format(
            Locale.ROOT, "%d replicas, each from %s on, %d MB each:", replicas, place, each >> 20));
    report.table(Figures.table(figures));
    return figures;
  }

  private static void budget(Map<String, Figures> figures, Report report) {
    Samples limit = Figures.of(Stage.LIMIT, figures).speed;
    Samples part = Figures.of(Stage.RELAY, figures).speed.ratioTo(limit);
    report.budget(
        new Budget(
            "catch-up of 16 replicas at the same place: bytes per second in sum",
            "≥ 80 % of raw sender",
            part.text(2),
            part.median() >= PART_OF_LIMIT));
  }
}
