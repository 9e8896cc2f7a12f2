package io.sluice.binlog.replica;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells that nothing was sent for a period, again and again. Confined to the loop. */
final class HeartbeatTimer {
  /** A replica cannot set less; a client that does would only keep us busy. */
  private static final long MIN_NANOS = 1_000_000;

  private final EventLoop loop;
  private final long period;
  private final Runnable onSilence;
  private @Nullable ScheduledFuture<?> next;
  private long lastSent;

  /**
   * A timer that is not running yet.
   *
   * @param period zero for never
   */
  HeartbeatTimer(EventLoop loop, Duration period, Runnable onSilence) {
    this.loop = loop;
    this.period = period.isZero() ? 0 : Math.max(MIN_NANOS, period.toNanos());
    this.onSilence = onSilence;
  }

  void start() {
    if (period > 0) {
      lastSent = System.nanoTime();
      schedule(period);
    }
  }

  /** Something was sent just now. */
  void sent() {
    if (period > 0) {
      lastSent = System.nanoTime();
    }
  }

  void stop() {
    if (next != null) {
      next.cancel(false);
    }
  }

  private void schedule(long nanos) {
    next = loop.schedule(this::onTime, nanos, TimeUnit.NANOSECONDS);
  }

  private void onTime() {
    long left = period - (System.nanoTime() - lastSent);
    if (left > 0) {
      schedule(left);
      return;
    }
    schedule(period);
    onSilence.run();
  }
}
