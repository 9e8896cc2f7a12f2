package io.sluice.benchmarks.report;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What JMH measured, as a table. */
public final class JmhTable {

  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final String ITEMS = "items";
  private static final String BYTES = "bytes";
  private static final double MILLION = 1e6;
  private static final double FEW = 1000;

  private JmhTable() {}

  /** One line per result. */
  public static String of(Collection<RunResult> results) {
    StringBuilder text =
        new StringBuilder("| benchmark | parameters | time | ± | MB/s | bytes made |\n");
    text.append("| --- | --- | ---: | ---: | ---: | ---: |\n");
    for (RunResult result : results) {
      text.append(line(result));
    }
    return text.toString();
  }

  private static String line(RunResult result) {
    Result<?> call = result.getPrimaryResult();
    // Where a call works on many items, time and objects are told for one of them.
    Result<?> item = result.getSecondaryResults().getOrDefault(ITEMS, call);
    Result<?> bytes = result.getSecondaryResults().get(BYTES);
    Result<?> made = result.getSecondaryResults().get(ALLOCATED);
    String name = result.getParams().getBenchmark();
    int method = name.lastIndexOf('.');
    String parameters =
        result.getParams().getParamsKeys().stream()
            .map(key -> result.getParams().getParam(key))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s %s | %s | %s | %s |%n",
        name.substring(name.lastIndexOf('.', method - 1) + 1),
        parameters,
        number(item.getScore()),
        call.getScoreUnit().replace("/op", ""),
        number(item.getScoreError()),
        bytes == null ? "" : number(megabytes(bytes.getScore(), result.getParams().getTimeUnit())),
        made == null ? "" : number(made.getScore() * item.getScore() / call.getScore()));
  }

  /** Turns the time for a byte into millions of bytes per second. */
  private static double megabytes(double time, TimeUnit unit) {
    return unit.convert(1, TimeUnit.SECONDS) / time / MILLION;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < FEW ? "%.1f" : "%,.0f", value);
  }
}
