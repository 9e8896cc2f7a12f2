package io.sluice.benchmarks.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time and memory of one process, as Linux counts them ({@code proc(5)}: stat, status,
 * clear_refs). Any thread.
 */
public final class ProcessMeter {
  /** Fields 14 and 15 of stat count in these, whatever the kernel's own clock. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final String RESET_PEAK = "5";

  private final Path directory;

  /** Looks at the process with that number. */
  public ProcessMeter(long pid) {
    this.directory = Path.of("/proc", Long.toString(pid));
  }

  /** User and system time since the process began, of all its threads; seconds. */
  public double cpuSeconds() {
    String stat = read("stat");
    // The second field is the program's name, in brackets; it may contain anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  /** What the process has read from disks since it began: what the page cache did not have. */
  public long diskBytes() {
    return counter("io", "read_bytes:");
  }

  /** From now on {@link #peakBytes} tells the peak since now. */
  public void resetPeak() {
    try {
      Files.writeString(directory.resolve("clear_refs"), RESET_PEAK, US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The most memory that was resident at a time. */
  public long peakBytes() {
    return status("VmHWM:");
  }

  /** The memory that is resident now. */
  public long residentBytes() {
    return status("VmRSS:");
  }

  private long status(String key) {
    return counter("status", key) * 1024;
  }

  private long counter(String file, String key) {
    try (Stream<String> lines = read(file).lines()) {
      String line = lines.filter(l -> l.startsWith(key)).findFirst().orElseThrow();
      String[] words = line.substring(key.length()).strip().split(" ");
      return Long.parseLong(words[0]);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
