package io.sluice.benchmarks.relay;

import io.sluice.testkit.server.ServerInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What all scenarios share.
 *
 * @param home the unpacked distribution that is measured
 * @param work an empty folder for data, on a disk with tens of gigabytes
 * @param turns how often each contestant does the work
 * @param smoke whether only to show that everything runs, with small data
 */
public record Bench(Path home, Path work, int turns, boolean smoke) {
  /** The installation that takes part, if it is there. */
  static final String MYSQL = "mysql-9.7";

  /** A new folder. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(work.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** One number for measuring, another one for the smoke run. */
  public long size(long measuring, long smoking) {
    return smoke ? smoking : measuring;
  }

  /** MySQL, if it was installed. */
  public static Optional<ServerInstallation> mySql() {
    return ServerInstallation.find(MYSQL);
  }
}
