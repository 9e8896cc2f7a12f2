package io.sluice.binlog.store;

import java.time.Duration;

/**
 * When written bytes are forced to the disk. One force covers all that was written before it, so
 * transactions that arrive while a force runs share the next one. Whatever the policy, a file is
 * forced when it is closed.
 */
public interface SyncPolicy {
  /** Never while a file is open: survives a crash of the process, not a power loss. */
  SyncPolicy NONE = () -> Long.MAX_VALUE;

  /** After each batch that ends a transaction. */
  SyncPolicy TRANSACTION = () -> 0;

  /** At most this long after the first unforced byte. */
  static SyncPolicy every(Duration interval) {
    long nanos = interval.toNanos();
    return () -> nanos;
  }

  /**
   * How long written bytes may stay unforced, in nanoseconds; 0 forces at once, {@link
   * Long#MAX_VALUE} never.
   */
  long delayNanos();
}
