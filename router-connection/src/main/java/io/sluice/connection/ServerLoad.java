package io.sluice.connection;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How much one server has to do for one service. Thread-safe. */
final class ServerLoad {

  private final AtomicInteger connections = new AtomicInteger();
  private final LongAdder sessions = new LongAdder();
  private final LongAdder failures = new LongAdder();

  void opened() {
    connections.incrementAndGet();
  }

  void closed() {
    connections.decrementAndGet();
  }

  void loggedIn() {
    sessions.increment();
  }

  void failed() {
    failures.increment();
  }

  /** Connections that are open or being opened. */
  int connections() {
    return connections.get();
  }

  /** How many sessions it has served so far. */
  long sessions() {
    return sessions.sum();
  }

  /** Connections that could not be opened or broke. */
  long failures() {
    return failures.sum();
  }
}
