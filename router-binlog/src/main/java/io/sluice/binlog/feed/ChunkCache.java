package io.sluice.binlog.feed;

import io.sluice.binlog.store.BinlogFileId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that were read from files, least recently used ones leave first. Cursors that miss the
 * same chunk share one read, and each gets the result even if it has left the cache by then. Any
 * thread; nothing blocks.
 */
final class ChunkCache {
  /** Who waits for a read. */
  interface Subscriber {
    /**
     * The outcome; on an I/O thread.
     *
     * @param chunk owned by the subscriber, null if the read failed or is to be asked for again
     * @param problem why it failed; null too if what was read has gone out of sight meanwhile
     */
    void loaded(@Nullable Chunk chunk, @Nullable ReadFailure problem);
  }

  private record Key(BinlogFileId file, long position) {}

  private final ChunkLoader loader;
  private final Executor io;
  private final long maxBytes;
  private final Map<Key, Chunk> chunks = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Key, List<Subscriber>> loading = new HashMap<>();
  private final AtomicLong loads = new AtomicLong();
  private long bytes;
  private int cuts;
  private boolean closed;

  ChunkCache(ChunkLoader loader, Executor io, long maxBytes) {
    this.loader = loader;
    this.io = io;
    this.maxBytes = maxBytes;
  }

  /** Number of reads so far. */
  long loads() {
    return loads.get();
  }

  /**
   * Finds a chunk or has it read.
   *
   * @param subscriber told when a read is over; null to read ahead
   * @return a chunk that the caller owns, or null if a read is under way
   */
  @Nullable Chunk findOrLoad(ChunkLoader.Request request, @Nullable Subscriber subscriber) {
    Key key = new Key(request.file(), request.position());
    int cutsBefore;
    synchronized (this) {
      cutsBefore = cuts;
      Chunk known = chunks.get(key);
      if (known != null) {
        return subscriber == null ? null : known.retain();
      }
      List<Subscriber> waiting = loading.get(key);
      if (waiting != null) {
        if (subscriber != null) {
          waiting.add(subscriber);
        }
        return null;
      }
      List<Subscriber> first = new ArrayList<>();
      if (subscriber != null) {
        first.add(subscriber);
      }
      loading.put(key, first);
    }
    try {
      io.execute(() -> load(key, request, cutsBefore));
    } catch (RejectedExecutionException e) {
      finish(key, null, failure(ReadFailure.Kind.IO, request, "store: closed"), cutsBefore);
    }
    return null;
  }

  private void load(Key key, ChunkLoader.Request request, int cutsBefore) {
    Chunk chunk = null;
    ReadFailure problem = null;
    try {
      loads.incrementAndGet();
      chunk = loader.load(request);
    } catch (ReadException e) {
      problem = e.failure();
    } catch (NoSuchFileException e) {
      problem = failure(ReadFailure.Kind.MISSING, request, "no such file: " + e.getMessage());
    } catch (IOException | RuntimeException | LinkageError e) {
      problem = failure(ReadFailure.Kind.IO, request, String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      problem = failure(ReadFailure.Kind.MEMORY, request, String.valueOf(e.getMessage()));
    }
    finish(key, chunk, problem, cutsBefore);
  }

  private static ReadFailure failure(
      ReadFailure.Kind kind, ChunkLoader.Request request, String detail) {
    return new ReadFailure(kind, detail, request.eventStart(), request.position());
  }

  private void finish(
      Key key, @Nullable Chunk chunk, @Nullable ReadFailure problem, int cutsBefore) {
    List<Subscriber> waiting;
    boolean stale;
    synchronized (this) {
      waiting = loading.remove(key);
      stale = cuts != cutsBefore;
      if (chunk != null && !stale && !closed && cost(chunk) <= maxBytes) {
        chunks.put(key, chunk.retain());
        bytes += cost(chunk);
        evict();
      }
    }
    if (waiting != null) {
      for (Subscriber subscriber : waiting) {
        subscriber.loaded(chunk == null || stale ? null : chunk.retain(), stale ? null : problem);
      }
    }
    if (chunk != null) {
      chunk.release();
    }
  }

  /** Removes what ends behind a place: it will be there again, but not at the moment. */
  synchronized void cut(BinlogFileId file, long end) {
    cuts++;
    Iterator<Chunk> all = chunks.values().iterator();
    while (all.hasNext()) {
      Chunk chunk = all.next();
      int order = chunk.file().compareTo(file);
      if (order > 0 || (order == 0 && chunk.end() > end)) {
        all.remove();
        bytes -= cost(chunk);
        chunk.release();
      }
    }
  }

  private void evict() {
    Iterator<Chunk> oldest = chunks.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      Chunk chunk = oldest.next();
      oldest.remove();
      bytes -= cost(chunk);
      chunk.release();
    }
  }

  private static long cost(Chunk chunk) {
    return chunk.data().capacity() + 4L * chunk.events() + 128;
  }

  synchronized void close() {
    closed = true;
    chunks.values().forEach(Chunk::release);
    chunks.clear();
    bytes = 0;
  }
}
