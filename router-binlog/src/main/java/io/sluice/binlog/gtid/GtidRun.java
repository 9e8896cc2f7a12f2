package io.sluice.binlog.gtid;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one pair while they are collected. Its snapshots share the array: a run writes
 * only behind what they see, and only into an array of its own. Confined to one thread.
 */
final class GtidRun {
  private static final long[] NONE = new long[0];

  final MySqlTsid tsid;
  private long[] body = NONE;
  private int length;
  private long start;
  private long end;
  private boolean own;

  /** Intervals before the last one, unsorted, until somebody looks: clients send any number. */
  private long[] late = NONE;

  private int lateLength;
  private @Nullable GtidIntervals snapshot;

  GtidRun(MySqlTsid tsid) {
    this.tsid = tsid;
  }

  GtidRun(MySqlTsid tsid, GtidIntervals numbers) {
    this.tsid = tsid;
    take(numbers);
  }

  private void take(GtidIntervals numbers) {
    body = numbers.body();
    length = numbers.bodyLength();
    start = numbers.lastStart();
    end = numbers.lastEnd();
    own = false;
    snapshot = numbers;
  }

  /** Takes numbers; tells whether any was new. */
  boolean add(long from, long to) {
    if (from >= start && to <= end) {
      return false;
    }
    if (from > end) {
      if (end > 0) {
        push();
      }
      start = from;
      end = to;
    } else if (from == end || from >= start) {
      end = to;
    } else if (GtidIntervals.covers(body, length, from, to)) {
      return false;
    } else {
      if (lateLength == late.length) {
        late = Arrays.copyOf(late, Math.max(8, lateLength * 2));
      }
      late[lateLength++] = from;
      late[lateLength++] = to;
    }
    snapshot = null;
    return true;
  }

  /** Takes a set; tells whether any number was new. */
  boolean addAll(GtidIntervals numbers) {
    if (end == 0) {
      take(numbers);
      return true;
    }
    if (numbers.bound(0) >= start) {
      boolean changed = false;
      for (int i = 0; i < numbers.bounds(); i += 2) {
        changed |= add(numbers.bound(i), numbers.bound(i + 1));
      }
      return changed;
    }
    GtidIntervals before = snapshot();
    if (before.containsAll(numbers)) {
      return false;
    }
    take(before.union(numbers));
    return true;
  }

  /** The last interval becomes one of the others. */
  private void push() {
    if (!own || length + 2 > body.length) {
      body = Arrays.copyOf(body, Math.max(8, length * 2));
      own = true;
    }
    body[length] = start;
    body[length + 1] = end;
    length += 2;
  }

  GtidIntervals snapshot() {
    GtidIntervals known = snapshot;
    if (known == null) {
      known = new GtidIntervals(body, length, start, end);
      if (lateLength > 0) {
        known = known.union(GtidIntervals.sorted(late, lateLength));
        late = NONE;
        lateLength = 0;
        take(known);
      }
      snapshot = known;
    }
    return known;
  }
}
