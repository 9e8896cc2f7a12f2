package io.sluice.binlog.feed;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** So much is read behind the grid line at once: mostly that is the end of the last event. */
  private static final int OVERSHOOT = 2 << 10;

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
    ByteBuf data = FeedMemory.buffer(Math.min(capacity, first + SLACK), capacity);
    long giant;
    try {
      fillFirst(request, data, first, Math.min(capacity, first + OVERSHOOT));
      Offsets offsets = new Offsets();
      giant = whole(request, data, offsets, first, capacity);
      if (giant == 0) {
        return Chunk.events(request.file(), request.position(), data, offsets.take(data));
      }
    } catch (Throwable e) {
      // Also when there is no memory for the buffer to grow.
      data.release();
      throw e;
    }
    data.release();
    return fragment(request, request.position(), giant);
  }

  /**
   * Makes the buffer hold whole events.
   *
   * @return 0, or the length of the first event if it is too large for a chunk
   */
  private long whole(Request request, ByteBuf data, Offsets offsets, int first, int capacity)
      throws IOException {
    int at = offsets.scan(data, 0, first);
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
          return length;
        }
        break;
      }
      offsets.add(at);
      at = offsets.scan(data, at + (int) length, first);
    }
    data.writerIndex(at);
    return 0;
  }

  /** Where the events of a chunk begin, while they are looked for. */
  private static final class Offsets {
    private int[] starts = new int[1024];
    private int count;

    void add(int start) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = start;
    }

    /**
     * Takes the events that the buffer holds whole, up to the first one that needs a closer look.
     *
     * @param limit no event begins here or behind
     * @return where the next one begins
     */
    int scan(ByteBuf data, int from, int limit) {
      int have = data.writerIndex();
      ByteBuffer bytes = data.nioBuffer(0, have).order(ByteOrder.LITTLE_ENDIAN);
      int at = from;
      while (at < limit && have - at >= EventHeader.SIZE) {
        int length = bytes.getInt(at + EventHeader.LENGTH_OFFSET);
        if (length < EventHeader.SIZE
            || length > FeedOptions.MAX_WHOLE_EVENT
            || length > have - at) {
          break;
        }
        add(at);
        at += length;
      }
      return at;
    }

    /** The starts, and behind the last one the end of the buffer. */
    int[] take(ByteBuf data) {
      int[] all = Arrays.copyOf(starts, count + 1);
      all[count] = data.writerIndex();
      return all;
    }
  }

  /** Reads a little more than it must, but what is behind must not make that fail. */
  private void fillFirst(Request request, ByteBuf data, int first, int wanted) throws IOException {
    try {
      fill(request, data, wanted);
    } catch (IOException e) {
      if (wanted <= first) {
        throw e;
      }
      fill(request, data, first);
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
    ByteBuf data = FeedMemory.buffer(size, size);
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
    } catch (Throwable e) {
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
