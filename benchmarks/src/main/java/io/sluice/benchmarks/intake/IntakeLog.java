package io.sluice.benchmarks.intake;

import io.sluice.testkit.server.MariaDbServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A master's log of two closed files and the beginning of a third one. The second file is what is
 * measured: whoever takes it has been at work for the whole of the first one. Lengths count from
 * the beginning of the first file.
 *
 * @param master whose log it is
 * @param first the file to warm up with
 * @param firstSize its length
 * @param second the file to measure
 * @param secondSize its length
 */
public record IntakeLog(
    MariaDbServer master, String first, long firstSize, String second, long secondSize) {

  /** Looks at the log of a master after both files were written and closed. */
  public static IntakeLog of(MariaDbServer master) {
    List<String> files = master.binlogFiles();
    if (files.size() != 3) {
      throw new IllegalStateException("files of the master's log: " + files + " (expected: 3)");
    }
    String first = files.get(0);
    String second = files.get(1);
    return new IntakeLog(
        master, first, size(master.binlogPath(first)), second, size(master.binlogPath(second)));
  }

  /** Length of both files. */
  public long size() {
    return firstSize + secondSize;
  }

  /** How much of both files comes before that place; an empty name is before all. */
  public long offset(String file, long position) {
    if (file.compareTo(first) < 0) {
      return 0;
    }
    if (file.equals(first)) {
      return Math.min(position, firstSize);
    }
    return file.equals(second) ? firstSize + Math.min(position, secondSize) : size();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
