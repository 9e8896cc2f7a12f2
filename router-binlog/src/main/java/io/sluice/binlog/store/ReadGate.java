package io.sluice.binlog.store;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when all who read under an old inventory are done, without holding up those who came later.
 * Any thread.
 */
final class ReadGate {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReadGate.class);
  private static final long PATIENCE_SECONDS = 10;

  private final int[] inside = new int[2];
  private final Object turn = new Object();
  private int phase;

  /** Before the inventory is looked at. */
  synchronized int enter() {
    inside[phase]++;
    return phase;
  }

  /**
   * After the last file was read.
   *
   * @param entered what {@link #enter} gave
   */
  synchronized void leave(int entered) {
    if (--inside[entered] == 0) {
      notifyAll();
    }
  }

  /** Waits for all that have entered before. */
  void awaitEarlier() throws InterruptedException {
    synchronized (turn) {
      awaitEarlierPhase();
    }
  }

  /** The same, whatever happens. */
  void awaitEarlierUninterruptibly() {
    boolean interrupted = false;
    boolean done = false;
    while (!done) {
      try {
        awaitEarlier();
        done = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitEarlierPhase() throws InterruptedException {
    int earlier = phase;
    phase = 1 - phase;
    long begin = System.nanoTime();
    while (inside[earlier] > 0) {
      wait(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      if (inside[earlier] > 0
          && System.nanoTime() - begin >= TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        begin = System.nanoTime();
        LOGGER
            .atWarn()
            .log("a read of the store does not come to its end; intake or a purge waits");
      }
    }
  }
}
