package io.sluice.binlog.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces the file that is written on a thread of its own, so that the writer goes on meanwhile. One
 * force at a time: it covers all that was written before it began, and what comes while it runs
 * shares the next one.
 *
 * <ol>
 *   <li>{@link #begin}, {@link #poll} and {@link #awaitIdle} are called by the writer only.
 *   <li>The listener is told on the sync thread, before the force counts as over.
 * </ol>
 */
final class LogSync {
  private static final Logger LOGGER = LoggerFactory.getLogger(LogSync.class);

  /** What makes bytes durable. */
  interface Force {
    void run() throws IOException;
  }

  /**
   * A force that is to be made.
   *
   * @param force makes durable what was written
   * @param mark up to where that is
   * @param cut what becomes visible then, if it waits for that
   */
  record Ticket(Force force, Watermark mark, ActiveLog.@Nullable Cut cut) {}

  /** What came of it; a failure if there is one. */
  record Outcome(Ticket ticket, @Nullable IOException failure) {}

  /** Who is told, on the sync thread. */
  interface Listener {
    /** All up to here is durable. */
    void onForced(Watermark mark);

    /** Whatever came of it: the writer has something to {@link #poll}. */
    void onOver();
  }

  private final Listener listener;
  private final Thread thread;
  private @Nullable Ticket running;
  private @Nullable Outcome outcome;
  private boolean closed;

  LogSync(Listener listener, String threadName) {
    this.listener = listener;
    this.thread = new Thread(this::run, threadName);
  }

  void start() {
    thread.start();
  }

  /** Begins a force; none may be under way, and what came of the last one must be known. */
  synchronized void begin(Ticket ticket) {
    if (running != null || outcome != null) {
      throw new IllegalStateException("force: one is under way (expected: one at a time)");
    }
    running = ticket;
    notifyAll();
  }

  /** Tells whether a force is under way, or what came of it was not looked at. */
  synchronized boolean isBusy() {
    return running != null || outcome != null;
  }

  /** Takes what came of the last force; null if it runs or was taken. */
  synchronized @Nullable Outcome poll() {
    Outcome taken = outcome;
    outcome = null;
    return taken;
  }

  /** Waits until no force is under way. */
  void awaitIdle() {
    boolean interrupted = false;
    synchronized (this) {
      while (running != null) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    for (Ticket ticket = next(); ticket != null; ticket = next()) {
      IOException failure = null;
      try {
        ticket.force().run();
      } catch (IOException e) {
        failure = e;
      } catch (RuntimeException | OutOfMemoryError e) {
        failure = new ForceFailedException(e);
      }
      if (failure == null) {
        try {
          listener.onForced(ticket.mark());
        } catch (RuntimeException e) {
          LOGGER.atError().setCause(e).log("binlog sync listener failed");
        }
      }
      synchronized (this) {
        running = null;
        outcome = new Outcome(ticket, failure);
        notifyAll();
      }
      listener.onOver();
    }
  }

  private synchronized @Nullable Ticket next() {
    while (running == null && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        LOGGER.atWarn().log("binlog sync was interrupted, goes on");
      }
    }
    return running;
  }

  /** Ends the thread, when it has nothing to do any more. Blocks. */
  void close() {
    awaitIdle();
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }
}
