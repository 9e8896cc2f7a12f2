package io.sluice.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.benchmarks.micro.LoopThreads;
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
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks and prints a report in Markdown; takes the arguments of JMH. What is going on
 * goes to standard error.
 */
public final class Micro {

  /** In place of all arguments: each benchmark once, to see that it runs. */
  private static final String SMOKE = "smoke";

  private static final int ROUNDS = 5;
  private static final TimeValue ROUND = TimeValue.milliseconds(500);

  private Micro() {}

  /** Runs those that the first arguments name, or all. */
  public static void main(String[] arguments)
      throws CommandLineOptionException, RunnerException, IOException {
    boolean smoke = arguments.length == 1 && arguments[0].equals(SMOKE);
    Options options = smoke ? once() : measured(arguments);
    // Stays open: what ends this program is told there.
    PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    VerboseMode verbosity = options.verbosity().orElse(VerboseMode.NORMAL);
    Collection<RunResult> results =
        new Runner(options, OutputFormatFactory.createFormatInstance(err, verbosity)).run();
    try (PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8)) {
      out.println("# The hot pieces, each by itself");
      out.println();
      out.println(Machine.describe());
      out.println();
      out.print(JmhTable.of(results));
    }
  }

  /** In this process, and with one kind of events where there are many: its times mean nothing. */
  private static Options once() {
    return new OptionsBuilder()
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(1))
        .param("shape", "ROWS_200")
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .build();
  }

  private static Options measured(String... arguments) throws CommandLineOptionException {
    Options options =
        new OptionsBuilder()
            .parent(new CommandLineOptions(arguments))
            .addProfiler(GCProfiler.class)
            .jvmArgsAppend(LoopThreads.arguments())
            .shouldFailOnError(true)
            .build();
    return withDefaults(options, arguments);
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
      builder.warmupTime(ROUND);
    }
    if (!asked.getMeasurementTime().hasValue()) {
      builder.measurementTime(ROUND);
    }
    return builder.build();
  }
}
