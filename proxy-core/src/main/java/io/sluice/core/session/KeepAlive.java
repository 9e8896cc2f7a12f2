package io.sluice.core.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for a sign of life while its session has nothing to ask, so that the server does
 * not close the connection as unused, and so that a dead one is noticed. Confined to the event
 * loop.
 */
final class KeepAlive {

  /** The connection. */
  interface Line {

    /** Whether nothing is under way and what the server sends is read. */
    boolean isQuiet();

    /** Asks; false when it cannot be asked now. */
    boolean ping();

    /** The server did not answer. */
    void dead(Duration waited);
  }

  private final EventLoop loop;
  private final Duration interval;
  private final Duration patience;
  private final Line line;
  private boolean traffic;
  private boolean asked;
  private boolean warned;
  private @Nullable Future<?> timer;

  /**
   * Not running yet.
   *
   * @param interval the longest time without traffic
   * @param patience how long the server may take for an answer at least
   */
  KeepAlive(EventLoop loop, Duration interval, Duration patience, Line line) {
    this.loop = loop;
    this.interval = interval;
    this.patience = patience;
    this.line = line;
  }

  /** Begins. */
  void start() {
    after(interval.dividedBy(2));
  }

  /** Something went over the line. */
  void traffic() {
    traffic = true;
  }

  /** The server has answered. */
  void alive() {
    asked = false;
    warned = false;
  }

  /** Ends. */
  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void after(Duration time) {
    timer = loop.schedule(this::tick, Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
  }

  private void tick() {
    Duration next = interval.dividedBy(2);
    if (asked) {
      // Unanswered for as long as it may take, twice: the first time it may not have been read.
      next = interval.compareTo(patience) > 0 ? interval : patience;
      if (!line.isQuiet()) {
        warned = false;
      } else if (warned) {
        line.dead(next);
        return;
      } else {
        warned = true;
      }
    } else if (!traffic && line.isQuiet()) {
      asked = line.ping();
    }
    traffic = false;
    after(next);
  }
}
