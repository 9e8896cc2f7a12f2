package io.sluice.readwrite;

import java.util.concurrent.atomic.LongAdder;

/** What the sessions of one router have done so far. Thread-safe. */
final class RouterCounters {

  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder sessionCommands = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder withoutMaster = new LongAdder();
  private final LongAdder different = new LongAdder();

  void read() {
    reads.increment();
  }

  void write() {
    writes.increment();
  }

  void sessionCommand() {
    sessionCommands.increment();
  }

  void retry() {
    retries.increment();
  }

  void refused() {
    refusals.increment();
  }

  void withoutMaster() {
    withoutMaster.increment();
  }

  void different() {
    different.increment();
  }

  /** Requests that could go to any server. */
  long reads() {
    return reads.sum();
  }

  /** Requests that had to go to the master. */
  long writes() {
    return writes.sum();
  }

  /** Requests that went to all servers of their session. */
  long sessionCommands() {
    return sessionCommands.sum();
  }

  /** Reads that were sent again because their server was lost. */
  long retries() {
    return retries.sum();
  }

  /** Requests that were answered with an error by the router. */
  long refusals() {
    return refusals.sum();
  }

  /** Requests that needed a master when there was none. */
  long withoutMasters() {
    return withoutMaster.sum();
  }

  /** Connections closed because a session command had another outcome than on the master. */
  long differences() {
    return different.sum();
  }
}
