package io.sluice.binlog.store;

import java.time.Duration;

/**
 * When written bytes are forced to the disk. A force runs beside the writer and covers all that was
 * written before it began, so transactions that arrive while one runs share the next. Whatever the
 * policy, a file is forced before the next one begins. Immutable.
 *
 * @param delayNanos how long written bytes may stay unforced, in nanoseconds; 0 forces at once,
 *     {@link Long#MAX_VALUE} never
 */
public record SyncPolicy(long delayNanos) {
  /** Never while a file is open: survives a crash of the process, not a power loss. */
  public static final SyncPolicy NONE = new SyncPolicy(Long.MAX_VALUE);

  /** As soon as a transaction is written and no other force runs. */
  public static final SyncPolicy TRANSACTION = new SyncPolicy(0);

  /** Checks the value. */
  public SyncPolicy {
    if (delayNanos < 0) {
      throw new IllegalArgumentException("delayNanos: " + delayNanos + " (expected: 0 or more)");
    }
  }

  /** At most this long after the first unforced byte. */
  public static SyncPolicy every(Duration interval) {
    return new SyncPolicy(interval.toNanos());
  }

  /** Whether bytes are forced while their file is open. */
  public boolean isOn() {
    return delayNanos != Long.MAX_VALUE;
  }
}
