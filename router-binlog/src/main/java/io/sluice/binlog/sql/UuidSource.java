package io.sluice.binlog.sql;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * UUIDs of version 1, as servers make them: of the time, and of a node that is this session's.
 * Confined to one thread.
 */
final class UuidSource {
  /** From 1582-10-15, where these UUIDs begin, to 1970, in units of 100 ns. */
  private static final long EPOCH = 0x01b2_1dd2_1381_4000L;

  private static final long VERSION_1 = 0x1000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long MULTICAST = 0x0100_0000_0000L;

  private final Clock clock;
  private final long clockAndNode;
  private long last;

  UuidSource(Clock clock) {
    this.clock = clock;
    // A node that is no network card says so by this bit.
    this.clockAndNode = ThreadLocalRandom.current().nextLong() >>> 2 | VARIANT | MULTICAST;
  }

  UUID next() {
    Instant now = clock.instant();
    long ticks = EPOCH + now.getEpochSecond() * 10_000_000 + now.getNano() / 100;
    last = Math.max(last + 1, ticks);
    long high =
        (last & 0xffff_ffffL) << 32
            | (last >>> 32 & 0xffff) << 16
            | VERSION_1
            | (last >>> 48 & 0x0fff);
    return new UUID(high, clockAndNode);
  }
}
