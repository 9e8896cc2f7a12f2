package io.sluice.binlog.tool;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as they are written and read: UTC. Stateless. */
final class Times {
  private Times() {}

  /** A time of an event; a dash for none. */
  static String text(long seconds) {
    return seconds == 0 ? "-" : Instant.ofEpochSecond(seconds).toString();
  }

  /** Reads {@code 2026-11-21}, {@code 2026-11-21 10:00:00} or ISO 8601, UTC if no zone is told. */
  static long parse(String text) {
    String iso = text.trim().replace(' ', 'T');
    try {
      if (iso.indexOf('T') < 0) {
        return LocalDate.parse(iso).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      }
      boolean zoned = iso.endsWith("Z") || iso.matches(".*[+-][0-9]{2}:?[0-9]{2}");
      return zoned
          ? OffsetDateTime.parse(iso).toEpochSecond()
          : LocalDateTime.parse(iso).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new ToolException(
          "time: " + text + " (expected: such as 2026-11-21 10:00:00, UTC, or with a zone)");
    }
  }
}
