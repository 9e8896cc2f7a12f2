package io.sluice.binlog.feed;

import io.sluice.binlog.store.BinlogFileId;
import org.jspecify.annotations.Nullable;

/**
 * The most recent chunks in ascending order, not necessarily without gaps. One thread adds, any
 * thread looks up; the lock is held for a binary search only.
 */
final class TailRing {
  private static final int MAX_CHUNKS = 1 << 14;

  private final long maxBytes;
  private final Chunk[] ring = new Chunk[MAX_CHUNKS];
  private int head;
  private int size;
  private long bytes;
  private boolean closed;

  TailRing(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a chunk behind all others; the ring owns it. */
  synchronized void add(Chunk chunk) {
    if (closed || chunk.length() > maxBytes) {
      chunk.release();
      return;
    }
    while (size > 0 && (size == MAX_CHUNKS || bytes + chunk.length() > maxBytes)) {
      removeOldest();
    }
    ring[(head + size) & (MAX_CHUNKS - 1)] = chunk;
    size++;
    bytes += chunk.length();
  }

  @SuppressWarnings("NullAway") // slots outside head and size are empty
  private void removeOldest() {
    Chunk oldest = ring[head];
    ring[head] = null;
    head = (head + 1) & (MAX_CHUNKS - 1);
    size--;
    bytes -= oldest.length();
    oldest.release();
  }

  /** Finds the bytes at a position; the caller owns the result. */
  synchronized @Nullable Chunk find(BinlogFileId file, long position) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      Chunk chunk = at(middle);
      int order = chunk.file().equals(file) ? 0 : chunk.file().compareTo(file);
      if (order < 0 || (order == 0 && chunk.position() <= position)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return null;
    }
    Chunk candidate = at(low - 1);
    return candidate.file().equals(file) ? candidate.from(position) : null;
  }

  private Chunk at(int i) {
    return ring[(head + i) & (MAX_CHUNKS - 1)];
  }

  synchronized void close() {
    closed = true;
    while (size > 0) {
      removeOldest();
    }
  }
}
