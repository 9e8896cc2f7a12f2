package io.sluice.binlog.store;

import java.util.concurrent.atomic.AtomicLong;

/** Counts how much of the files is read only to find where streams begin. Thread-safe. */
final class ScanMeter {
  private final AtomicLong starts = new AtomicLong();
  private final AtomicLong total = new AtomicLong();
  private volatile Scan last = new Scan();

  /** One search and the skipping behind it. */
  final class Scan {
    private final AtomicLong bytes = new AtomicLong();

    /** Bytes were read that the replica does not get. */
    void add(long count) {
      bytes.addAndGet(count);
      total.addAndGet(count);
    }
  }

  /** A search begins. */
  Scan begin() {
    Scan scan = new Scan();
    starts.incrementAndGet();
    last = scan;
    return scan;
  }

  /** Reading that is not for a start: counts nowhere. */
  static Scan uncounted() {
    return new ScanMeter().new Scan();
  }

  /** What was counted so far. */
  StartScans scans() {
    return new StartScans(starts.get(), total.get(), last.bytes.get());
  }
}
