package io.sluice.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.benchmarks.report.JmhTable;
import io.sluice.benchmarks.report.Machine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs JMH benchmarks and prints a report in Markdown; takes the arguments of JMH. */
public final class Micro {

  private static final int ROUNDS = 5;

  private Micro() {}

  /** Runs those that the first arguments name, or all. */
  public static void main(String[] arguments)
      throws CommandLineOptionException, RunnerException, IOException {
    Options options =
        new OptionsBuilder()
            .parent(new CommandLineOptions(arguments))
            .addProfiler(GCProfiler.class)
            .build();
    Collection<RunResult> results = new Runner(withDefaults(options, arguments)).run();
    try (PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8)) {
      out.println(Machine.describe());
      out.println();
      out.print(JmhTable.of(results));
    }
  }

  private static Options withDefaults(Options given, String... arguments)
      throws CommandLineOptionException {
    CommandLineOptions asked = new CommandLineOptions(arguments);
    var builder = new OptionsBuilder().parent(given);
    if (!asked.getForkCount().hasValue()) {
      builder.forks(1);
    }
    if (!asked.getWarmupIterations().hasValue()) {
      builder.warmupIterations(ROUNDS);
    }
    if (!asked.getMeasurementIterations().hasValue()) {
      builder.measurementIterations(ROUNDS);
    }
    if (!asked.getWarmupTime().hasValue()) {
      builder.warmupTime(TimeValue.seconds(1));
    }
    if (!asked.getMeasurementTime().hasValue()) {
      builder.measurementTime(TimeValue.seconds(1));
    }
    return builder.build();
  }
}
