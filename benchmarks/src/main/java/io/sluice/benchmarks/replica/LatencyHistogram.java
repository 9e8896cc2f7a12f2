package io.sluice.benchmarks.replica;

import java.util.Arrays;

/**
 * Counts nanoseconds in buckets that are at most a 64th of their value wide: exact enough for
 * percentiles, and nothing is allocated for a value. Thread-safe.
 */
final class LatencyHistogram {
  /** Values below twice that have a bucket each; each doubling above has so many. */
  private static final int HALF = 64;

  private static final int HALF_BITS = 6;
  private static final int DOUBLINGS = Long.SIZE - 1 - HALF_BITS;
  private static final double MIDDLE = 0.5;
  private static final double MOST = 0.99;

  private final long[] buckets = new long[(DOUBLINGS + 1) * HALF];
  private long count;
  private long max;

  /** Clocks of one machine agree; what seems to come from the future counts as 0. */
  synchronized void record(long nanoseconds) {
    long value = Math.max(0, nanoseconds);
    buckets[bucket(value)]++;
    count++;
    max = Math.max(max, value);
  }

  /** What was counted since the last call. */
  synchronized Latency take() {
    Latency taken = new Latency(count, percentile(MIDDLE), percentile(MOST), max);
    Arrays.fill(buckets, 0);
    count = 0;
    max = 0;
    return taken;
  }

  /** The upper end of the bucket up to which that share of all values lies; 0 if there are none. */
  private long percentile(double share) {
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= wanted && seen > 0) {
        return Math.min(max, upperEnd(i));
      }
    }
    return 0;
  }

  private static int bucket(long value) {
    int shift = Math.max(0, DOUBLINGS - Long.numberOfLeadingZeros(value));
    return shift * HALF + (int) (value >>> shift);
  }

  private static long upperEnd(int bucket) {
    int shift = Math.max(0, bucket / HALF - 1);
    long step = bucket - (long) shift * HALF;
    return ((step + 1) << shift) - 1;
  }
}
