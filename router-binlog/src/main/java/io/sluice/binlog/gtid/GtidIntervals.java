package io.sluice.binlog.gtid;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of numbers, not empty, as ascending half-open intervals that do not touch. The last
 * interval stands apart from the others, because it is the one that grows: sets that follow each
 * other share the array of the others. Immutable.
 */
final class GtidIntervals {
  /** Bounds of all intervals but the last; longer than {@link #length} if a builder appends. */
  private final long[] body;

  private final int length;
  private final long lastStart;
  private final long lastEnd;

  GtidIntervals(long[] body, int length, long lastStart, long lastEnd) {
    this.body = body;
    this.length = length;
    this.lastStart = lastStart;
    this.lastEnd = lastEnd;
  }

  /** From bounds in one array; null for none. */
  private static @Nullable GtidIntervals of(long[] bounds, int count) {
    return count == 0
        ? null
        : new GtidIntervals(bounds, count - 2, bounds[count - 2], bounds[count - 1]);
  }

  static GtidIntervals single(long start, long end) {
    return new GtidIntervals(new long[0], 0, start, end);
  }

  /** From intervals in any order that may overlap, of which there is at least one. */
  static GtidIntervals sorted(long[] intervals, int count) {
    long[] starts = new long[count / 2];
    long[] ends = new long[count / 2];
    for (int i = 0; i < count / 2; i++) {
      starts[i] = intervals[2 * i];
      ends[i] = intervals[2 * i + 1];
    }
    // Which end belongs to which start does not matter for what they cover together.
    Arrays.sort(starts);
    Arrays.sort(ends);
    long[] out = new long[count];
    int length = 0;
    for (int i = 0; i < starts.length; i++) {
      if (length > 0 && starts[i] <= out[length - 1]) {
        out[length - 1] = ends[i];
      } else {
        out[length] = starts[i];
        out[length + 1] = ends[i];
        length += 2;
      }
    }
    return new GtidIntervals(out, length - 2, out[length - 2], out[length - 1]);
  }

  /** Tells whether one of ascending intervals has all these numbers. */
  static boolean covers(long[] bounds, int count, long from, long to) {
    int found = Arrays.binarySearch(bounds, 0, count, from);
    int behind = found >= 0 ? found + 1 : -found - 1;
    return behind % 2 == 1 && to <= bounds[behind];
  }

  /** Bounds in all: two for each interval. */
  int bounds() {
    return length + 2;
  }

  /** Number of intervals. */
  int size() {
    return bounds() / 2;
  }

  /** The start of an interval at even places, at odd ones the number behind its end. */
  long bound(int i) {
    return i < length ? body[i] : i == length ? lastStart : lastEnd;
  }

  long[] body() {
    return body;
  }

  int bodyLength() {
    return length;
  }

  long lastStart() {
    return lastStart;
  }

  long lastEnd() {
    return lastEnd;
  }

  /** How many numbers are in it; {@link Long#MAX_VALUE} at most. */
  long count() {
    long count = 0;
    for (int i = 0; i < bounds(); i += 2) {
      count += bound(i + 1) - bound(i);
    }
    return count;
  }

  boolean contains(long number) {
    if (number >= lastStart) {
      return number < lastEnd;
    }
    int found = Arrays.binarySearch(body, 0, length, number);
    // A bound itself belongs to what follows it: at an even place an interval starts there.
    int behind = found >= 0 ? found + 1 : -found - 1;
    return behind % 2 == 1;
  }

  /** Bounds that two sets have in common at their beginning, seen without looking at them. */
  private int sharedWith(GtidIntervals other) {
    return body == other.body ? Math.min(length, other.length) : 0;
  }

  boolean containsAll(GtidIntervals other) {
    int mine = sharedWith(other);
    for (int theirs = mine; theirs < other.bounds(); theirs += 2) {
      while (mine < bounds() && bound(mine + 1) <= other.bound(theirs)) {
        mine += 2;
      }
      if (mine == bounds()
          || bound(mine) > other.bound(theirs)
          || bound(mine + 1) < other.bound(theirs + 1)) {
        return false;
      }
    }
    return true;
  }

  GtidIntervals union(GtidIntervals other) {
    long[] out = new long[bounds() + other.bounds()];
    int count = 0;
    int mine = 0;
    int theirs = 0;
    while (mine < bounds() || theirs < other.bounds()) {
      boolean first =
          theirs == other.bounds() || (mine < bounds() && bound(mine) <= other.bound(theirs));
      long start = first ? bound(mine) : other.bound(theirs);
      long end = first ? bound(mine + 1) : other.bound(theirs + 1);
      if (first) {
        mine += 2;
      } else {
        theirs += 2;
      }
      if (count > 0 && start <= out[count - 1]) {
        out[count - 1] = Math.max(out[count - 1], end);
      } else {
        out[count] = start;
        out[count + 1] = end;
        count += 2;
      }
    }
    return new GtidIntervals(out, count - 2, out[count - 2], out[count - 1]);
  }

  /** What the other set does not have; null if that is nothing. */
  @Nullable GtidIntervals subtract(GtidIntervals other) {
    int shared = sharedWith(other);
    long[] out = new long[bounds() + other.bounds() - 2 * shared];
    int count = 0;
    int theirs = shared;
    for (int mine = shared; mine < bounds(); mine += 2) {
      long start = bound(mine);
      long end = bound(mine + 1);
      while (theirs < other.bounds() && other.bound(theirs + 1) <= start) {
        theirs += 2;
      }
      for (int cut = theirs; start < end; cut += 2) {
        long cutStart = cut < other.bounds() ? Math.min(other.bound(cut), end) : end;
        if (start < cutStart) {
          out[count] = start;
          out[count + 1] = cutStart;
          count += 2;
        }
        start = cut < other.bounds() && cutStart < end ? other.bound(cut + 1) : end;
      }
    }
    return of(out, count);
  }

  /** What both sets have; null if that is nothing. */
  @Nullable GtidIntervals intersect(GtidIntervals other) {
    long[] out = new long[bounds() + other.bounds()];
    int count = 0;
    int mine = 0;
    int theirs = 0;
    while (mine < bounds() && theirs < other.bounds()) {
      long start = Math.max(bound(mine), other.bound(theirs));
      long end = Math.min(bound(mine + 1), other.bound(theirs + 1));
      if (start < end) {
        out[count] = start;
        out[count + 1] = end;
        count += 2;
      }
      if (bound(mine + 1) <= other.bound(theirs + 1)) {
        mine += 2;
      } else {
        theirs += 2;
      }
    }
    return of(out, count);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GtidIntervals set
        && length == set.length
        && lastStart == set.lastStart
        && lastEnd == set.lastEnd
        && (body == set.body || Arrays.equals(body, 0, length, set.body, 0, length));
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < bounds(); i++) {
      hash = 31 * hash + Long.hashCode(bound(i));
    }
    return hash;
  }

  /** {@code :1-5:8}. */
  void print(StringBuilder out) {
    for (int i = 0; i < bounds(); i += 2) {
      long last = bound(i + 1) - 1;
      out.append(':').append(bound(i));
      if (last > bound(i)) {
        out.append('-').append(last);
      }
    }
  }
}
