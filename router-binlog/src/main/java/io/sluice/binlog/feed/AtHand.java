package io.sluice.binlog.feed;

import io.sluice.binlog.store.BinlogFileId;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What of one cursor's file the operating system has in its memory. Such bytes are copied on the
 * event loop, which then frames and sends them: what one thread has read, another one would have to
 * fetch from a processor's cache that is not its own, and both would have to be woken for each
 * chunk. One question covers several chunks, and so does one answer "no"; an answer is good for a
 * moment only, since the operating system may need its memory. Confined to the cursor's executor.
 */
final class AtHand {
  /** Whoever knows. */
  interface Memory {
    /** Tells whether reading these bytes now is a copy of memory. */
    boolean holds(BinlogFileId file, long position, long length);
  }

  /** What is asked for at once. */
  static final long REACH = 2 << 20;

  /** A replica that keeps up takes what is asked for at once in far less. */
  static final long GOOD_FOR = TimeUnit.MILLISECONDS.toNanos(20);

  private final Memory memory;
  private final LongSupplier nanoTime;
  private @Nullable BinlogFileId file;
  private long here;
  private long absent;
  private long askedAt;

  AtHand(Memory memory, LongSupplier nanoTime) {
    this.memory = memory;
    this.nanoTime = nanoTime;
  }

  /** Tells whether a chunk can be read without waiting for a device. */
  boolean has(ChunkLoader.Request request) {
    long now = nanoTime.getAsLong();
    if (!request.file().equals(file) || now - askedAt > GOOD_FOR) {
      file = request.file();
      here = 0;
      absent = 0;
      askedAt = now;
    }
    long need = Math.min(request.visibleEnd(), request.gridEnd() + FeedOptions.MAX_WHOLE_EVENT);
    if (need <= here) {
      return true;
    }
    if (request.position() < absent) {
      return false;
    }
    askedAt = now;
    long wanted = Math.min(request.visibleEnd(), request.position() + REACH);
    if (memory.holds(request.file(), request.position(), wanted - request.position())) {
      here = wanted;
      return true;
    }
    absent = request.position() + REACH / 2;
    return false;
  }
}
