package io.sluice.readwrite;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How much one server has to do for one service. Thread-safe. */
final class ServerLoad {

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger operations = new AtomicInteger();
  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder failures = new LongAdder();

  void opened() {
    connections.incrementAndGet();
  }

  void closed() {
    connections.decrementAndGet();
  }

  void began() {
    operations.incrementAndGet();
  }

  void ended() {
    operations.decrementAndGet();
  }

  void read() {
    reads.increment();
  }

  void write() {
    writes.increment();
  }

  void failed() {
    failures.increment();
  }

  /** Connections that sessions of the service have with it now. */
  int connections() {
    return connections.get();
  }

  /** Requests under way now. */
  int operations() {
    return operations.get();
  }

  long reads() {
    return reads.sum();
  }

  long writes() {
    return writes.sum();
  }

  long failures() {
    return failures.sum();
  }
}
