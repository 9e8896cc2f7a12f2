package io.sluice.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The memory of a Java process, by its metrics in the format of Prometheus.
 *
 * @param heap bytes in use, garbage included
 * @param direct bytes of buffers outside of the heap
 */
public record JavaMemory(long heap, long direct) {
  private static final Pattern HEAP =
      Pattern.compile("jvm_memory_used_bytes\\{.*area=\"heap\".*} (\\S+)");
  private static final Pattern DIRECT =
      Pattern.compile("jvm_buffer_memory_used_bytes\\{.*id=\"direct\".*} (\\S+)");

  /** Reads metrics. */
  public static JavaMemory of(String metrics) {
    return new JavaMemory(sum(HEAP, metrics), sum(DIRECT, metrics));
  }

  private static long sum(Pattern pattern, String metrics) {
    try (Stream<String> lines = metrics.lines()) {
      double[] found =
          lines
              .map(pattern::matcher)
              .filter(Matcher::matches)
              .mapToDouble(line -> Double.parseDouble(line.group(1)))
              .toArray();
      if (found.length == 0) {
        throw new IllegalStateException("metrics: no " + pattern);
      }
      long all = 0;
      for (double value : found) {
        all += (long) value;
      }
      return all;
    }
  }

  /** Both. */
  public long total() {
    return heap + direct;
  }

  /** Has a process collect its garbage now. */
  public static void collect(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process process =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("jcmd failed for process " + pid);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
