package io.sluice.binlog.sql;

import java.util.Set;

/**
 * A character set with a collation, as sessions have them. Immutable.
 *
 * @param name the character set
 * @param collation its collation
 */
record Charset(String name, String collation) {
  /** Sets that a client cannot send statements in. */
  private static final Set<String> NOT_FOR_CLIENTS = Set.of("ucs2", "utf16", "utf16le", "utf32");

  boolean isForClients() {
    return !NOT_FOR_CLIENTS.contains(name);
  }
}
