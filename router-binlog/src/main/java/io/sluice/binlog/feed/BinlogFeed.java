package io.sluice.binlog.feed;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.StoreListener;
import io.sluice.binlog.store.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all cursors on one store share: the ring of recent chunks, the cache of older ones, and the
 * wake-up of those that wait at the watermark (one task per event loop and publication, however
 * many replicas wait there). Any thread.
 */
public final class BinlogFeed implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(BinlogFeed.class);

  private final BinlogStore store;
  private final TailRing tail;
  private final ChunkCache cache;
  private final Map<Executor, List<BinlogCursor>> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger retreats = new AtomicInteger();
  private volatile boolean closed;

  /** Creates a feed and connects it to the store's writer. */
  public BinlogFeed(BinlogStore store, FeedOptions options) {
    this.store = store;
    this.tail = new TailRing(options.tailBytes());
    this.cache = new ChunkCache(new ChunkLoader(store), store.ioExecutor(), options.cacheBytes());
    store.addListener(new Listener());
  }

  private final class Listener implements StoreListener {
    @Override
    public void onEvents(BinlogFileId file, long position, ByteBuf data, int[] offsets) {
      tail.add(Chunk.events(file, position, data, offsets));
    }

    @Override
    public void onPublished(Watermark watermark) {
      wakeAll();
    }

    @Override
    public void onRetreat(Watermark proven) {
      retreats.incrementAndGet();
      tail.cut(proven.file(), proven.offset());
      cache.cut(proven.file(), proven.offset());
    }

    @Override
    public void onClosed() {
      close();
    }
  }

  /**
   * Opens a cursor.
   *
   * @param file a file of the store
   * @param position an event boundary in it, at most its visible end
   * @param executor the replica's event loop: all calls of the cursor come from there, and its
   *     wake-ups run there
   */
  public BinlogCursor openCursor(BinlogFileId file, long position, Executor executor) {
    return openCursor(file, position, executor, "a reader");
  }

  /**
   * Opens a cursor.
   *
   * @param reader who reads: named when a purge has to stop here
   */
  public BinlogCursor openCursor(
      BinlogFileId file, long position, Executor executor, String reader) {
    return new BinlogCursor(this, store, executor, file, position, reader);
  }

  /** Number of reads from files so far. */
  public long fileReads() {
    return cache.loads();
  }

  /** How often visible bytes went out of sight. */
  int retreats() {
    return retreats.get();
  }

  TailRing tail() {
    return tail;
  }

  ChunkCache cache() {
    return cache;
  }

  boolean isClosed() {
    return closed;
  }

  /** Has a cursor woken at the next publication. */
  void await(Executor executor, BinlogCursor cursor) {
    List<BinlogCursor> group = waiting.computeIfAbsent(executor, loop -> new ArrayList<>());
    synchronized (group) {
      group.add(cursor);
    }
  }

  private void wakeAll() {
    waiting.forEach(
        (executor, group) -> {
          List<BinlogCursor> woken;
          synchronized (group) {
            if (group.isEmpty()) {
              return;
            }
            woken = new ArrayList<>(group);
            group.clear();
          }
          try {
            executor.execute(() -> woken.forEach(BinlogCursor::published));
          } catch (RejectedExecutionException e) {
            LOGGER.atDebug().log("an event loop has ended, its replicas are not woken");
          }
        });
  }

  /** Frees all memory and wakes all cursors, which then answer CLOSED. */
  @Override
  public void close() {
    closed = true;
    tail.close();
    cache.close();
    wakeAll();
  }
}
