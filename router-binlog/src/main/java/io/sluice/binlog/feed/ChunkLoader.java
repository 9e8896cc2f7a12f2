package io.sluice.binlog.feed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one chunk from a file. A chunk of whole events ends behind the last event that begins in
 * front of the next grid line, so that replicas that started anywhere meet at the same chunks.
 * Blocks; any thread.
 */
final class ChunkLoader {
  /** Room for the event that crosses the grid line, if it is of common size. */
  private static final int SLACK = 16 << 10;

  private final BinlogStore store;

  ChunkLoader(BinlogStore store) {
    this.store = store;
  }

  /**
   * What to read.
   *
   * @param position an event boundary, or for a fragment a place inside an event
   * @param eventStart where the event begins that position is in; equals position at a boundary
   * @param eventLength its length, 0 at a boundary
   * @param visibleEnd never read beyond
   */
  record Request(
      BinlogFileId file, long position, long eventStart, long eventLength, long visibleEnd) {
    /** The grid line that ends a chunk which begins here. */
    long gridEnd() {
      return (position / FeedOptions.GRID + 1) * FeedOptions.GRID;
    }
  }

  Chunk load(Request request) throws IOException {
    if (request.eventLength() > 0) {
      return fragment(request, request.eventStart(), request.eventLength());
    }
    int first = (int) (Math.min(request.gridEnd(), request.visibleEnd()) - request.position());
    int capacity =
        (int)
            Math.min(
                request.visibleEnd() - request.position(),
                (long) first + FeedOptions.MAX_WHOLE_EVENT);
    ByteBuf data =
        ByteBufAllocator.DEFAULT.directBuffer(Math.min(capacity, first + SLACK), capacity);
    try {
      fill(request, data, first);
      int[] offsets = new int[Math.max(16, first / 128)];
      int count = 0;
      int at = 0;
      while (at < first) {
        ReadFailure damage = fillEvent(request, data, at, capacity);
        if (damage != null) {
          if (at == 0) {
            throw new ReadException(damage);
          }
          // What stands before it is good: it goes out first.
          break;
        }
        long length = EventHeader.length(data, at);
        if (length > FeedOptions.MAX_WHOLE_EVENT) {
          if (at == 0) {
            data.release();
            return fragment(request, request.position(), length);
          }
          break;
        }
        if (count + 1 == offsets.length) {
          offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        offsets[count++] = at;
        at += (int) length;
      }
      offsets[count] = at;
      data.writerIndex(at);
      return Chunk.events(
          request.file(), request.position(), data, Arrays.copyOf(offsets, count + 1));
    } catch (IOException | RuntimeException e) {
      if (data.refCnt() > 0) {
        data.release();
      }
      throw e;
    }
  }

  /**
   * Makes the buffer hold the event at an offset, of a large one the header.
   *
   * @return why that cannot be, null if it is
   */
  private @Nullable ReadFailure fillEvent(Request request, ByteBuf data, int at, int capacity)
      throws IOException {
    long start = request.position() + at;
    if (!fill(request, data, Math.min(capacity, at + EventHeader.SIZE))
        || at + EventHeader.SIZE > data.writerIndex()) {
      return damage(ReadFailure.Kind.TRUNCATED, request, start, start);
    }
    long length = EventHeader.length(data, at);
    long headerEnd = start + EventHeader.SIZE;
    if (length < EventHeader.SIZE) {
      return damage(ReadFailure.Kind.BOGUS, request, start, headerEnd);
    }
    if (length > EventHeader.MAX_EVENT_LENGTH) {
      return damage(ReadFailure.Kind.TOO_LARGE, request, start, headerEnd);
    }
    if (start + length > request.visibleEnd()
        || (length <= FeedOptions.MAX_WHOLE_EVENT && !fill(request, data, at + (int) length))) {
      return new ReadFailure(
          ReadFailure.Kind.TRUNCATED, detail(request, start), start, headerEnd, length);
    }
    return null;
  }

  private static ReadFailure damage(
      ReadFailure.Kind kind, Request request, long start, long lastByte) {
    return new ReadFailure(kind, detail(request, start), start, lastByte);
  }

  private static String detail(Request request, long start) {
    return "binlog file: " + request.file() + ": damaged at " + start;
  }

  private Chunk fragment(Request request, long eventStart, long eventLength) throws IOException {
    long left = eventStart + eventLength - request.position();
    int size = (int) Math.min(left, FeedOptions.MAX_WHOLE_EVENT);
    ByteBuf data = ByteBufAllocator.DEFAULT.directBuffer(size, size);
    try {
      if (!fill(request, data, size)) {
        throw new ReadException(
            new ReadFailure(
                ReadFailure.Kind.TRUNCATED,
                detail(request, eventStart),
                eventStart,
                eventStart + EventHeader.SIZE,
                eventLength));
      }
      return Chunk.fragment(
          request.file(), request.position(), data, eventLength, request.position() - eventStart);
    } catch (IOException | RuntimeException e) {
      data.release();
      throw e;
    }
  }

  /** Makes the buffer hold at least the given number of bytes; false if the file is shorter. */
  private boolean fill(Request request, ByteBuf data, int wanted) throws IOException {
    int have = data.writerIndex();
    if (have >= wanted) {
      return true;
    }
    data.ensureWritable(wanted - have);
    int got =
        store.read(request.file(), request.position() + have, data.nioBuffer(have, wanted - have));
    data.writerIndex(have + Math.max(0, got));
    return data.writerIndex() >= wanted;
  }
}
