package io.sluice.binlog.sql.show;

import org.jspecify.annotations.Nullable;

/**
 * Which events SHOW BINLOG EVENTS asks for. Immutable.
 *
 * @param file IN; null for the oldest one
 * @param from FROM; unsigned, 4 if it is not there
 * @param offset events to leave out
 * @param count the most rows
 */
public record EventRange(@Nullable String file, long from, long offset, long count) {}
