package io.sluice.benchmarks.report;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What JMH measured, as a table. */
public final class JmhTable {

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private JmhTable() {}

  /** One line per result. */
  public static String of(Collection<RunResult> results) {
    StringBuilder text = new StringBuilder("| benchmark | parameters | time | ± | bytes made |\n");
    text.append("| --- | --- | ---: | ---: | ---: |\n");
    for (RunResult result : results) {
      text.append(line(result));
    }
    return text.toString();
  }

  private static String line(RunResult result) {
    Result<?> time = result.getPrimaryResult();
    Result<?> bytes = result.getSecondaryResults().get(ALLOCATED);
    String name = result.getParams().getBenchmark();
    int method = name.lastIndexOf('.');
    String parameters =
        result.getParams().getParamsKeys().stream()
            .map(key -> result.getParams().getParam(key))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f %s | %.1f | %s |%n",
        name.substring(name.lastIndexOf('.', method - 1) + 1),
        parameters,
        time.getScore(),
        time.getScoreUnit(),
        time.getScoreError(),
        bytes == null ? "" : String.format(Locale.ROOT, "%.0f", bytes.getScore()));
  }
}
