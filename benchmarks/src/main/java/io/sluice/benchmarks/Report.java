package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What JMH measured, as a table, with the machine that it was measured on. */
final class Report {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private Report() {}

  static String of(Collection<RunResult> results) throws IOException {
    StringBuilder text = new StringBuilder(machine());
    text.append("\n| benchmark | parameters | time | ± | bytes made |\n");
    text.append("| --- | --- | ---: | ---: | ---: |\n");
    for (RunResult result : results) {
      text.append(line(result));
    }
    return text.toString();
  }

  private static String machine() throws IOException {
    return String.format(
        Locale.ROOT,
        "Measured %s on %s (%d processors), %s %s, Java %s (%s).%n",
        LocalDate.now(ZoneOffset.UTC),
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version(),
        System.getProperty("java.vm.name"));
  }

  private static String processor() throws IOException {
    if (!Files.isReadable(PROCESSORS)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(PROCESSORS).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
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
