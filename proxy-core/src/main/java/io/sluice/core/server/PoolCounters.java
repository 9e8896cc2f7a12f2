package io.sluice.core.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What happens in the pool of one server. Thread-safe. */
public final class PoolCounters {

  private final AtomicInteger held = new AtomicInteger();
  private final LongAdder kept = new LongAdder();
  private final LongAdder reused = new LongAdder();
  private final LongAdder missed = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /** Takes one of the places, if there is one left. */
  public boolean reserve(int limit) {
    int before = held.get();
    while (before < limit) {
      if (held.compareAndSet(before, before + 1)) {
        return true;
      }
      before = held.get();
    }
    return false;
  }

  /** Gives a place back. */
  public void release() {
    held.decrementAndGet();
  }

  /** One was reset and waits for a session. */
  public void kept() {
    kept.increment();
  }

  /** A session got one and could use it. */
  public void reused() {
    reused.increment();
  }

  /** A session found none that suited it. */
  public void missed() {
    missed.increment();
  }

  /** A session got one that turned out to be of no use, and connected anew. */
  public void stale() {
    stale.increment();
  }

  /** One was closed before a session came for it. */
  public void dropped() {
    dropped.increment();
  }

  /** What administrators see. */
  public PoolInfo info(PoolLimits limits) {
    return new PoolInfo(
        limits.maxIdle(),
        held.get(),
        kept.sum(),
        reused.sum(),
        missed.sum(),
        stale.sum(),
        dropped.sum());
  }
}
