package io.sluice.binlog.feed;

import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import org.jspecify.annotations.Nullable;

/**
 * What of one cursor's file the operating system has in its memory. Such bytes are copied on the
 * event loop, which then frames and sends them: what one thread has read, another one would have to
 * fetch from a processor's cache that is not its own, and both would have to be woken for each
 * chunk. One question covers several chunks, and so does one answer "no". Confined to the cursor's
 * executor.
 */
final class AtHand {
  /** What is asked for at once. Pages can go again meanwhile, but rarely do so soon after a use. */
  private static final long REACH = 2 << 20;

  private final BinlogStore store;
  private @Nullable BinlogFileId file;
  private long here;
  private long absent;

  AtHand(BinlogStore store) {
    this.store = store;
  }

  /** Tells whether a chunk can be read without waiting for a device. */
  boolean has(ChunkLoader.Request request) {
    long need = Math.min(request.visibleEnd(), request.gridEnd() + FeedOptions.MAX_WHOLE_EVENT);
    if (!request.file().equals(file)) {
      file = request.file();
      here = 0;
      absent = 0;
    }
    if (need <= here) {
      return true;
    }
    if (request.position() < absent) {
      return false;
    }
    long wanted = Math.min(request.visibleEnd(), request.position() + REACH);
    if (store.isInMemory(request.file(), request.position(), wanted - request.position())) {
      here = wanted;
      return true;
    }
    absent = request.position() + REACH / 2;
    return false;
  }
}
