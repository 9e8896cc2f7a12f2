package io.sluice.binlog.feed;

import io.netty.buffer.ByteBuf;
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
  private long added;
  private long bytes;
  private boolean closed;

  TailRing(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a chunk behind all others; the ring owns it. */
  synchronized void add(Chunk chunk) {
    ByteBuf memory = memory(chunk);
    if (closed || memory.capacity() > maxBytes) {
      chunk.release();
      return;
    }
    while (size > 0 && (size == MAX_CHUNKS || bytes + added(memory) > maxBytes)) {
      removeOldest();
    }
    bytes += added(memory);
    chunk.number(++added);
    ring[(head + size) & (MAX_CHUNKS - 1)] = chunk;
    size++;
  }

  /**
   * What a chunk keeps in memory: the whole buffer that it is a slice of, shared with its
   * neighbours.
   */
  private static ByteBuf memory(Chunk chunk) {
    ByteBuf memory = chunk.data();
    while (memory.unwrap() != null) {
      memory = memory.unwrap();
    }
    return memory;
  }

  @SuppressWarnings("ReferenceEquality") // the same memory, not equal bytes
  private static boolean same(ByteBuf one, ByteBuf other) {
    return one == other;
  }

  private int added(ByteBuf memory) {
    return size > 0 && same(memory(at(size - 1)), memory) ? 0 : memory.capacity();
  }

  @SuppressWarnings("NullAway") // slots outside head and size are empty
  private void removeOldest() {
    Chunk oldest = ring[head];
    ring[head] = null;
    head = (head + 1) & (MAX_CHUNKS - 1);
    size--;
    ByteBuf memory = memory(oldest);
    if (size == 0 || !same(memory(at(0)), memory)) {
      bytes -= memory.capacity();
    }
    oldest.release();
  }

  /** Removes what ends behind a place: it will be added again. */
  @SuppressWarnings("NullAway") // slots outside head and size are empty
  synchronized void cut(BinlogFileId file, long end) {
    while (size > 0) {
      Chunk newest = at(size - 1);
      int order = newest.file().compareTo(file);
      if (order < 0 || (order == 0 && newest.end() <= end)) {
        return;
      }
      ByteBuf memory = memory(newest);
      size--;
      ring[(head + size) & (MAX_CHUNKS - 1)] = null;
      if (size == 0 || !same(memory(at(size - 1)), memory)) {
        bytes -= memory.capacity();
      }
      newest.release();
    }
  }

  /** Finds the bytes at a position; the caller owns the result. */
  @Nullable Chunk find(BinlogFileId file, long position) {
    return find(file, position, 0);
  }

  /**
   * Finds the bytes at a position; the caller owns the result.
   *
   * @param before number of the chunk that ends there, if that is known: then there is nothing to
   *     search
   */
  synchronized @Nullable Chunk find(BinlogFileId file, long position, long before) {
    if (size == 0) {
      return null;
    }
    long next = before + 1 - at(0).number();
    if (before > 0 && next >= 0 && next < size) {
      Chunk candidate = at((int) next);
      if (candidate.position() == position && candidate.file().equals(file)) {
        return candidate.retain();
      }
    }
    return search(file, position);
  }

  private @Nullable Chunk search(BinlogFileId file, long position) {
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

  /** Bytes of memory that the chunks hold. */
  synchronized long bytes() {
    return bytes;
  }

  synchronized void close() {
    closed = true;
    while (size > 0) {
      removeOldest();
    }
  }
}
