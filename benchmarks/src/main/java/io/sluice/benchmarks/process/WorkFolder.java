package io.sluice.benchmarks.process;

import io.sluice.testkit.server.DatabaseServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Folders for data of a run, which are empty when it begins and gone when it is over. */
public final class WorkFolder {
  private static final String PREFIX = "sluice-bench";

  private WorkFolder() {}

  /**
   * Makes a new folder that goes when this program ends.
   *
   * @param parent where; null for the folder for temporary files. Data of an earlier run is never
   *     met: it would be another master's history
   */
  public static Path make(@Nullable Path parent) throws IOException {
    Path folder;
    if (parent == null) {
      folder = Files.createTempDirectory(PREFIX);
    } else {
      folder = Files.createTempDirectory(Files.createDirectories(parent), PREFIX);
    }
    // Asked for before all others, it comes last: nobody writes there any more.
    DatabaseServer.beforeExit(
        () -> {
          try {
            delete(folder);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return folder.toAbsolutePath();
  }

  /** Removes a folder and all in it, if it is there. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
