package io.sluice.core.session;

import java.util.concurrent.atomic.LongAdder;

/** Counts the sessions of one service. Thread-safe. */
public final class SessionCounters {

  private final LongAdder open = new LongAdder();
  private final LongAdder total = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();

  void opened() {
    open.increment();
    total.increment();
  }

  void closed(boolean failed) {
    if (failed) {
      failures.increment();
    }
    open.decrement();
  }

  void request() {
    requests.increment();
  }

  /** Sessions that are open. */
  public long open() {
    return open.sum();
  }

  /** Sessions since the start. */
  public long total() {
    return total.sum();
  }

  /** Requests since the start. */
  public long requests() {
    return requests.sum();
  }

  /** Sessions that ended with an error to the client since the start. */
  public long failures() {
    return failures.sum();
  }
}
