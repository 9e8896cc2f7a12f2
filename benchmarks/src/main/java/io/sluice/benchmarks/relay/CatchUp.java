package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.report.Budget;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Samples;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Scenario a: one replica starts at the beginning of 2 GB and reads to the end; with small, middle
 * and large events, from the page cache and from the disk.
 */
final class CatchUp implements Scenario {
  private static final int SMALL = 200;
  private static final List<Integer> SIZES = List.of(SMALL, 1024, 8192);
  private static final List<Integer> SMOKE_SIZES = List.of(SMALL);
  private static final long FILE = 128L << 20;
  private static final long SMOKE_FILE = 1L << 20;
  private static final int FILES = 16;
  private static final int SMOKE_FILES = 3;

  /** Far less than one file: a second event that tells a file's format, and the like. */
  private static final long SLACK = 64L << 10;

  private static final double FASTER_THAN_MASTER = 2;
  private static final double PART_OF_LIMIT = 0.6;
  private static final double COST_OF_SMALL = 0.6;
  private static final double COST_OF_LARGE = 1.0;

  @Override
  public String id() {
    return "a";
  }

  @Override
  public String title() {
    return "One replica catches up";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    report.paragraph(
        "A replica reads the whole log. Each server has files of its own; master and relay have the"
            + " same. Warm: the files are in the page cache. Cold: they were dropped from it; what"
            + " a host of this machine keeps was not. The raw sender writes packets of the same"
            + " sizes from memory.");
    try (Race race = new Race(bench)) {
      for (int size : bench.smoke() ? SMOKE_SIZES : SIZES) {
        long file = bench.size(FILE, SMOKE_FILE);
        int files = (int) bench.size(FILES, SMOKE_FILES);
        try (Stage stage = Stage.prepare(bench, "a-" + size, size, file, files, true)) {
          measure(race, stage.logs(), size, report);
        }
      }
    }
  }

  private static void measure(Race race, List<ServedLog> logs, int size, Report report) {
    Map<String, Figures> warm = race.run(logs, work(false));
    report.paragraph(String.format(Locale.ROOT, "Events of %d bytes, warm:", size));
    report.table(Figures.table(warm));
    List<ServedLog> stored = logs.stream().filter(log -> !log.raw()).toList();
    Map<String, Figures> cold = race.run(stored, work(true));
    report.paragraph(String.format(Locale.ROOT, "Events of %d bytes, cold:", size));
    report.table(Figures.table(cold));
    same(warm);
    budgets(warm, size, report);
  }

  /** Master and relay have the same files, and must have sent the same but for file beginnings. */
  private static void same(Map<String, Figures> figures) {
    double master = Figures.of(Stage.MASTER, figures).bytes.median();
    double relay = Figures.of(Stage.RELAY, figures).bytes.median();
    if (Math.abs(master - relay) > SLACK) {
      throw new IllegalStateException("bytes sent: " + master + " and " + relay);
    }
  }

  private static Race.Work work(boolean cold) {
    return new Race.Work(1, ServedLog::beginning, Race.ALL, cold);
  }

  private static void budgets(Map<String, Figures> figures, int size, Report report) {
    Figures relay = Figures.of(Stage.RELAY, figures);
    Figures master = Figures.of(Stage.MASTER, figures);
    Figures limit = Figures.of(Stage.LIMIT, figures);
    String what = "catch-up of one replica, " + size + "-byte events: ";
    if (size == SMALL) {
      Samples toMaster = relay.speed.ratioTo(master.speed);
      Samples toLimit = relay.speed.ratioTo(limit.speed);
      report.budget(
          new Budget(
              what + "bytes per second",
              "≥ 2 × MariaDB master and ≥ 60 % of raw sender",
              toMaster.text(2) + " ×; " + toLimit.text(2) + " of raw sender",
              toMaster.median() >= FASTER_THAN_MASTER && toLimit.median() >= PART_OF_LIMIT));
    }
    Samples cost = relay.cost.ratioTo(master.cost);
    double most = size == SMALL ? COST_OF_SMALL : COST_OF_LARGE;
    report.budget(
        new Budget(
            what + "CPU per GB",
            String.format(Locale.ROOT, "≤ %.1f × MariaDB master", most),
            cost.text(2) + " ×",
            cost.median() <= most));
  }
}
