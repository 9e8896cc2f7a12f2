package io.sluice.binlog.sql;

import org.jspecify.annotations.Nullable;

/**
 * The version that the relay presents, which is its master's: column lists and texts follow it.
 * Immutable.
 *
 * @param major such as 11
 * @param minor such as 4
 * @param patch such as 5
 */
public record PresentedVersion(int major, int minor, int patch) {

  /** Reads a version text, such as {@code 11.4.5-MariaDB-log}; 10.11 if there is none. */
  public static PresentedVersion of(@Nullable String text) {
    if (text == null || text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      return new PresentedVersion(10, 11, 0);
    }
    int[] parts = new int[3];
    int part = 0;
    for (int i = 0; i < text.length() && part < parts.length; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        parts[part] = Math.min(parts[part] * 10 + (c - '0'), 100_000);
      } else if (c == '.') {
        part++;
      } else {
        break;
      }
    }
    return new PresentedVersion(parts[0], parts[1], parts[2]);
  }

  /** Whether it is this release series or a later one. */
  public boolean isAtLeast(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
  }
}
