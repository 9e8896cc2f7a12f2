package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.intake.IntakeLog;
import io.sluice.benchmarks.intake.IntakeSamples;
import io.sluice.benchmarks.intake.LogTaker;
import io.sluice.benchmarks.intake.ReplicaTaker;
import io.sluice.benchmarks.intake.SluiceTaker;
import io.sluice.benchmarks.report.Budget;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;
import io.sluice.testkit.server.MariaDbServer;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a master's log comes into the store, by size of events and by what is forced to disk
 * when; beside what a MariaDB replica's I/O thread does with the same log, and a whole intermediate
 * replica. No replica reads meanwhile.
 */
final class IntakeSpeed implements Scenario {
  private static final double LEAST_SPEED = 2;
  private static final double MOST_CPU = 0.5;

  @Override
  public String id() {
    return "d";
  }

  @Override
  public String title() {
    return "Intake alone";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    report.paragraph(
"""
The master has two closed files. What is measured is the second one, from when its first bytes have arrived \
until all of it has: into the store's file, or into the I/O thread's relay log. So each is at work when \
measuring begins, as a relay is all its life; each turn begins with a new process and an empty store (the \
replica: RESET SLAVE), and what a Java runtime costs before its code is compiled falls into the first file, \
whose speed has its own column (from the first byte on, interpreter and compiler included). The intermediate \
applies everything with one thread and writes its own binlog; its log is shorter, and measured as a whole. \
As much memory as the second file takes \
is let go of when measuring begins, so that nobody measures what a virtual machine's host needs to supply \
fresh pages. The kernel's own threads, which bring what is not forced to disk, are nobody's CPU here.\
""");
    for (int eventSize : bench.smoke() ? List.of(1000) : List.of(200, 1000, 8192)) {
      measure(bench, report, eventSize);
    }
  }

  private static void measure(Bench bench, Report report, int eventSize) throws Exception {
    report.paragraph("Row events of " + eventSize + " bytes:");
    Table table = IntakeSamples.table();
    IntakeSamples thread = new IntakeSamples();
    IntakeSamples paced = new IntakeSamples();
    try (MariaDbServer replica = ReplicaTaker.replica().start();
        MariaDbServer master = RowEvents.master().start()) {
      IntakeLog log =
          log(
              master,
              eventSize,
              bench.size(800_000_000, 3_000_000),
              bench.size(800_000_000, 6_000_000));
      String name = "d-" + eventSize;
      SluiceTaker.Place place =
          new SluiceTaker.Place(bench.home(), bench.folder(name), javaOptions(bench));
      List<LogTaker> takers = new ArrayList<>();
      List<IntakeSamples> samples = new ArrayList<>();
      takers.add(ReplicaTaker.inputThread(replica, log));
      samples.add(thread);
      takers.add(new SluiceTaker("Sluice, sync = 100ms", place, log, "sync = 100ms", false));
      samples.add(paced);
      if (!bench.smoke()) {
        for (String sync : List.of("transaction", "none")) {
          String option = "sync = " + sync;
          takers.add(new SluiceTaker("Sluice, " + option, place, log, option, false));
          samples.add(new IntakeSamples());
        }
      }
      for (int turn = 0; turn < bench.turns(); turn++) {
        for (int i = 0; i < takers.size(); i++) {
          samples.get(i).add(takers.get(i).take(turn));
        }
      }
      for (int i = 0; i < takers.size(); i++) {
        samples.get(i).row(table, takers.get(i).name());
      }
      intermediate(bench, replica, eventSize, table);
    }
    report.table(table);
    budgets(report, eventSize, thread, paced);
  }

  /** With a master of its own, as applying takes too long for the whole log. */
  private static void intermediate(Bench bench, MariaDbServer replica, int eventSize, Table table)
      throws Exception {
    try (MariaDbServer master = RowEvents.master().start()) {
      IntakeLog log =
          log(master, eventSize, bench.size(25_000_000, 500_000), bench.size(50_000_000, 500_000));
      ReplicaTaker taker = ReplicaTaker.intermediate(replica, log);
      IntakeSamples samples = new IntakeSamples();
      for (int turn = 0; turn < bench.turns(); turn++) {
        samples.add(taker.take(turn));
      }
      samples.row(table, taker.name());
    }
  }

  /** Two files with so many bytes. */
  static IntakeLog log(MariaDbServer master, int eventSize, long first, long second) {
    Account.create(master);
    RowEvents.write(master, eventSize, first);
    RowEvents.write(master, eventSize, second);
    return IntakeLog.of(master);
  }

  /** A run that only shows that everything works has no time for the best code. */
  static String javaOptions(Bench bench) {
    return bench.smoke() ? "-XX:TieredStopAtLevel=1" : "";
  }

  private static void budgets(
      Report report, int eventSize, IntakeSamples thread, IntakeSamples paced) {
    Samples speed = paced.speed().ratioTo(thread.speed());
    Samples cpu = paced.cpu().ratioTo(thread.cpu());
    String what = " of intake, " + eventSize + "-byte events, sync = 100ms";
    report.budget(
        new Budget(
            "MB/s" + what,
            "at least 2 × the I/O thread's",
            speed.text(2) + " ×",
            speed.median() >= LEAST_SPEED));
    report.budget(
        new Budget(
            "CPU per GB" + what,
            "at most 0.5 × the I/O thread's",
            cpu.text(2) + " ×",
            cpu.median() <= MOST_CPU));
  }
}
