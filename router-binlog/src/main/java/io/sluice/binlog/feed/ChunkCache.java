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
 * thread; nothing waits for a device.
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

  /** What a read led to: one of the two. */
  private record Outcome(@Nullable Chunk chunk, @Nullable ReadFailure problem) {}

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

  /**
   * Reads a chunk on the calling thread, for a cursor that nobody else is near. It is not kept: the
   * next one gets the same memory, which the processor still has in its own.
   *
   * @return a chunk that the caller owns, or null if {@link #findOrLoad} has to do it: another
   *     thread is at it, or it failed
   */
  @Nullable Chunk findOrRead(ChunkLoader.Request request) {
    Key key = new Key(request.file(), request.position());
    synchronized (this) {
      Chunk known = chunks.get(key);
      if (known != null) {
        return known.retain();
      }
      if (loading.containsKey(key)) {
        return null;
      }
    }
    return read(request).chunk();
  }

  private void load(Key key, ChunkLoader.Request request, int cutsBefore) {
    Outcome outcome = read(request);
    finish(key, outcome.chunk(), outcome.problem(), cutsBefore);
  }

  private Outcome read(ChunkLoader.Request request) {
    loads.incrementAndGet();
    ReadFailure problem;
    try {
      return new Outcome(loader.load(request), null);
    } catch (ReadException e) {
      problem = e.failure();
    } catch (NoSuchFileException e) {
      problem = failure(ReadFailure.Kind.MISSING, request, "no such file: " + e.getMessage());
    } catch (IOException | RuntimeException | LinkageError e) {
      problem = failure(ReadFailure.Kind.IO, request, String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      problem = failure(ReadFailure.Kind.MEMORY, request, String.valueOf(e.getMessage()));
    }
    return new Outcome(null, problem);
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
