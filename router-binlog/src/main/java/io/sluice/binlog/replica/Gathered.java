package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedMemory;
import io.sluice.binlog.store.BinlogFileId;
import org.jspecify.annotations.Nullable;

/**
 * What was framed for one replica and is not sent yet: many small chunks become one write. Confined
 * to the loop of the session.
 */
final class Gathered {
  /** Mostly enough for what a replica at the end of the log gets at once. */
  private static final int FIRST = 4 << 10;

  /** From so much on it is worth a write of its own. */
  private static final int ENOUGH = 128 << 10;

  private @Nullable ByteBuf frames;
  private @Nullable BinlogFileId file;
  private long end;
  private long lastEventStart;
  private long lastEventEnd;
  private int events;
  private long timestamp;

  /** Whether it is time to send. */
  boolean isEnough() {
    ByteBuf open = frames;
    return open != null && open.readableBytes() >= ENOUGH;
  }

  /** The buffer to frame into, with room for so much more. */
  ByteBuf room(int bytes) {
    ByteBuf open = frames;
    if (open == null) {
      open = FeedMemory.buffer(Math.max(bytes, FIRST), Integer.MAX_VALUE);
      frames = open;
    } else {
      open.ensureWritable(bytes);
    }
    return open;
  }

  /** A chunk was framed. */
  void add(Chunk chunk, EventSender sender) {
    file = chunk.file();
    end = chunk.end();
    lastEventStart = sender.lastEventStart();
    lastEventEnd = sender.lastEventEnd();
    events += sender.events();
    if (sender.timestamp() != 0) {
      timestamp = sender.timestamp();
    }
  }

  /**
   * Counts for the replica all that was added.
   *
   * @param before the places of the last event so far
   * @return those of the last event now
   */
  DumpErrors.Place count(Replica replica, DumpErrors.Place before) {
    BinlogFileId reached = file;
    if (reached == null) {
      return before;
    }
    ByteBuf open = frames;
    replica.at(reached, end);
    replica.sent(open == null ? 0 : open.readableBytes(), events, timestamp);
    file = null;
    events = 0;
    timestamp = 0;
    return new DumpErrors.Place(reached.name(), lastEventStart, lastEventEnd);
  }

  /** The frames, owned by the caller; null for none. */
  @Nullable ByteBuf take() {
    ByteBuf taken = frames;
    frames = null;
    if (taken != null && !taken.isReadable()) {
      taken.release();
      return null;
    }
    return taken;
  }

  /** Forgets all; it will never be sent. */
  void discard() {
    ByteBuf open = frames;
    frames = null;
    if (open != null) {
      open.release();
    }
  }
}
