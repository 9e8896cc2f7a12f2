package io.sluice.binlog.store;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds background work to a number of bytes per second, and ends it when the store closes. Time
 * that was not used is not made up for. One thread, but for {@link #stop}.
 */
final class Pacer {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private final LongSupplier nanos;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long free;

  Pacer(long bytesPerSecond, LongSupplier nanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanos = nanos;
    this.free = nanos.getAsLong();
  }

  void stop() {
    stopped.countDown();
  }

  boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /**
   * After some bytes were handled: waits until the next may be.
   *
   * @throws IOException if the store closes
   */
  void handled(int bytes) throws IOException {
    long wait = delay(bytes);
    try {
      if (isStopped() || (wait > 0 && stopped.await(wait, TimeUnit.NANOSECONDS))) {
        throw new IOException("store: closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("store: closed", e);
    }
  }

  /** Nanoseconds to wait after some bytes. */
  long delay(int bytes) {
    if (bytesPerSecond == 0 || bytes == 0) {
      return 0;
    }
    long now = nanos.getAsLong();
    long begin = Math.max(free, now - SECOND);
    free = begin + bytes * SECOND / bytesPerSecond;
    return Math.max(0, free - now);
  }
}
