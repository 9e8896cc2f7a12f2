package io.sluice.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.benchmarks.process.WorkFolder;
import io.sluice.benchmarks.relay.Bench;
import io.sluice.benchmarks.relay.Scenario;
import io.sluice.benchmarks.relay.Scenarios;
import io.sluice.benchmarks.report.Report;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures whole processes: {@code relay|smoke [SCENARIO...]}. The report goes to standard output,
 * what is going on to standard error. System properties: {@code sluice.home} (the distribution),
 * {@code bench.work} (a folder for data), {@code bench.turns}.
 */
public final class Benchmarks {
  private static final Logger LOGGER = LoggerFactory.getLogger(Benchmarks.class);
  private static final int TURNS = 5;

  private Benchmarks() {}

  /** Runs the scenarios that are named, or all. */
  public static void main(String[] arguments) throws Exception {
    boolean smoke = arguments[0].equals("smoke");
    List<Scenario> wanted = Scenarios.named(List.of(arguments).subList(1, arguments.length));
    Bench bench =
        new Bench(
            Path.of(System.getProperty("sluice.home")).toAbsolutePath(),
            work(),
            Integer.getInteger("bench.turns", smoke ? 1 : TURNS),
            smoke);
    try (PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8)) {
      boolean done = measure(wanted, bench, out);
      // Servers and the relay are ended by hooks; threads of drivers must not keep us.
      System.exit(done ? 0 : 1);
    }
  }

  /** Prints what was measured, also up to a failure: it may have taken an hour. */
  private static boolean measure(List<Scenario> scenarios, Bench bench, PrintStream out) {
    Report report = new Report();
    String title = "The relay beside its alternatives";
    String about =
        "Medians of " + bench.turns() + " turns with minimum and maximum; ratios turn by turn.";
    boolean done = true;
    for (Scenario scenario : scenarios) {
      report.section(scenario.id() + ". " + scenario.title());
      try {
        scenario.run(bench, report);
      } catch (Exception | AssertionError e) {
        LOGGER.atError().setCause(e).addKeyValue("scenario", scenario.id()).log("scenario failed");
        report.paragraph("**Failed**, measured only so far: " + e);
        done = false;
      }
      LOGGER.atInfo().log("{}", report.text(title + ", so far", about));
    }
    out.print(report.text(title, about));
    return done;
  }

  private static Path work() throws IOException {
    String given = System.getProperty("bench.work");
    return WorkFolder.make(given == null ? null : Path.of(given));
  }
}
