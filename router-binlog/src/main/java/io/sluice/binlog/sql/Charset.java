package io.sluice.binlog.sql;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A character set with a collation, as sessions have them. Immutable.
 *
 * @param name the character set
 * @param collation its collation
 */
public record Charset(String name, String collation) {
  /** Sets that a client cannot send statements in. */
  private static final Set<String> NOT_FOR_CLIENTS = Set.of("ucs2", "utf16", "utf16le", "utf32");

  /** A collation of MySQL by its number; null if the version has none of that number. */
  public static @Nullable Charset ofMySql(PresentedVersion version, int number) {
    return MySqlCharsets.anyNumber(version, number);
  }

  boolean isForClients() {
    return !NOT_FOR_CLIENTS.contains(name);
  }
}
