package io.sluice.binlog.store;

import io.sluice.binlog.gtid.MariaDbBinlogState;
import java.util.ArrayList;
import java.util.List;

/**
 * Sparse knowledge of one file: some group boundaries in ascending order with the GTID state there.
 * Made from the bytes, kept in memory only. Any thread.
 */
final class FileIndex {
  /** Distance between entries, at least. */
  static final int SPACING = 1 << 20;

  /** A group boundary. */
  record Entry(long position, MariaDbBinlogState state) {}

  private final List<Entry> entries = new ArrayList<>();

  /** Tells whether a boundary is far enough behind the last entry to be worth adding. */
  synchronized boolean wants(long position) {
    return entries.isEmpty() || position >= entries.get(entries.size() - 1).position() + SPACING;
  }

  /** Adds a boundary, if it is wanted. */
  synchronized void add(long position, MariaDbBinlogState state) {
    if (wants(position)) {
      entries.add(new Entry(position, state));
    }
  }

  /** The last boundary at or before a position, or one that says "from the start". */
  synchronized Entry floor(long position) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).position() <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0
        ? new Entry(BinlogFileFormat.FIRST_EVENT, MariaDbBinlogState.EMPTY)
        : entries.get(low - 1);
  }
}
