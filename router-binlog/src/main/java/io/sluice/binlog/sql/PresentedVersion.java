package io.sluice.binlog.sql;

import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.gtid.ServerVersion;
import org.jspecify.annotations.Nullable;

/**
 * The version that the relay presents, which is its master's: statements, column lists and texts
 * follow it. Immutable.
 *
 * @param family whose version it is
 * @param major such as 11
 * @param minor such as 4
 * @param patch such as 5
 */
public record PresentedVersion(ServerFamily family, int major, int minor, int patch) {
  /** A MariaDB server that knows everything. */
  static final PresentedVersion NEWEST = new PresentedVersion(ServerFamily.MARIADB, 99, 99, 99);

  private static final PresentedVersion UNKNOWN =
      new PresentedVersion(ServerFamily.MARIADB, 10, 11, 0);

  /** Reads a version text, such as {@code 11.4.5-MariaDB-log}; MariaDB 10.11 if there is none. */
  public static PresentedVersion of(@Nullable String text) {
    if (text == null || text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      return UNKNOWN;
    }
    int number = ServerVersion.number(text);
    return new PresentedVersion(
        ServerFamily.ofVersion(text), number / 10_000, number / 100 % 100, number % 100);
  }

  /** The number in executable comments, such as 110405. */
  int number() {
    return major * 10_000 + minor * 100 + patch;
  }

  /** Whether it is a MySQL server's. */
  public boolean isMySql() {
    return family == ServerFamily.MYSQL;
  }

  /** Whether it is this release series of its family or a later one. */
  public boolean isAtLeast(int wantedMajor, int wantedMinor) {
    return isAtLeast(wantedMajor, wantedMinor, 0);
  }

  /** Whether it is this release of its family or a later one. */
  public boolean isAtLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
    if (major != wantedMajor) {
      return major > wantedMajor;
    }
    return minor != wantedMinor ? minor > wantedMinor : patch >= wantedPatch;
  }
}
