package io.sluice.binlog.feed;

import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.FilePin;
import io.sluice.binlog.store.Inventory;
import io.sluice.binlog.store.Watermark;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One replica's place in the log.
 *
 * <ol>
 *   <li>All methods are called on the executor given to {@link BinlogFeed#openCursor}; none blocks:
 *       what the operating system has in memory is copied at once, what it would have to fetch from
 *       a device is read on a thread of the store.
 *   <li>{@link #poll} moves on; after WAIT_DATA or WAIT_LOAD its wake-up runs once on the executor.
 *       A poll before that is harmless: the newer wake-up replaces the older one.
 *   <li>From its opening to its end a cursor pins what it has not read yet: only a purge that goes
 *       over readers removes it, and then the next poll says so, whatever is in memory.
 *   <li>What is delivered never passes the watermark; bytes come in file order, without gap and
 *       without repetition.
 * </ol>
 */
public final class BinlogCursor implements AutoCloseable {
  /** Outcome of {@link BinlogCursor#poll}. */
  public enum Status {
    /** {@link BinlogCursor#chunk} has the next bytes. */
    CHUNK,
    /**
     * The file is over; the cursor stands at the start of the next one, {@link BinlogCursor#file}.
     */
    END_OF_FILE,
    /**
     * The file is over and so is its epoch. The cursor stays; go on with another one where {@link
     * BinlogStore#crossing} tells, and close this one after that is open.
     */
    END_OF_EPOCH,
    /** Everything visible is delivered. */
    WAIT_DATA,
    /** The next bytes are being read. */
    WAIT_LOAD,
    /** The file was purged, before the cursor was opened or by a purge that goes over readers. */
    PURGED,
    /** The next bytes cannot be read: {@link BinlogCursor#failure}. */
    FAILED,
    /** The cursor or the store is closed. */
    CLOSED
  }

  private static final int FILE_START = 4;

  private final BinlogFeed feed;
  private final BinlogStore store;
  private final Executor executor;
  private final @Nullable FilePin pin;
  private final AtHand atHand;
  private BinlogFileId file;
  private long position;
  private long eventStart;
  private long eventLength;
  private long requestedEnd;
  private long lastNumber;
  private int retreatsBefore;
  private @Nullable Chunk chunk;
  private @Nullable Chunk loaded;
  private @Nullable Runnable wakeUp;
  private @Nullable ReadFailure failure;
  private boolean loading;
  private boolean awaiting;
  private boolean closed;

  BinlogCursor(
      BinlogFeed feed,
      BinlogStore store,
      Executor executor,
      BinlogFileId file,
      long position,
      String reader) {
    this.feed = feed;
    this.store = store;
    this.executor = executor;
    this.file = file;
    this.position = position;
    this.pin = store.pin(file, reader);
    this.atHand = new AtHand(store::isInMemory, System::nanoTime);
  }

  /**
   * Moves on.
   *
   * @param wake run once on the executor when, after WAIT_DATA or WAIT_LOAD, it is worth to poll
   *     again
   */
  public Status poll(Runnable wake) {
    while (true) {
      wakeUp = null;
      if (closed || feed.isClosed()) {
        return Status.CLOSED;
      }
      if (pin == null || pin.isPurged()) {
        return Status.PURGED;
      }
      if (failure != null) {
        return Status.FAILED;
      }
      if (loading) {
        wakeUp = wake;
        return Status.WAIT_LOAD;
      }
      int retreats = feed.retreats();
      Inventory inventory = store.inventory();
      long end = inventory.streamEnd(file);
      if (end < position) {
        Status lost = lost(pin, inventory, end);
        if (lost == null && !waits(inventory, wake)) {
          continue;
        }
        return lost == null ? Status.WAIT_DATA : lost;
      }
      if (position < end) {
        return bytes(pin, end, retreats, wake);
      }
      BinlogFileId next = inventory.next(file);
      if (next != null) {
        return leave(pin, next);
      }
      if (waits(inventory, wake)) {
        return Status.WAIT_DATA;
      }
    }
  }

  /** Has itself woken at the next publication; false if that has come in the meantime. */
  private boolean waits(Inventory before, Runnable wake) {
    if (!awaiting) {
      awaiting = true;
      feed.await(executor, this);
    }
    Inventory now = store.inventory();
    if (now.watermark().version() != before.watermark().version()
        || now.streamEnd(file) != before.streamEnd(file)
        || feed.isClosed()) {
      return false;
    }
    wakeUp = wake;
    return true;
  }

  private Status leave(FilePin held, BinlogFileId next) {
    if (next.epoch() > file.epoch()) {
      return Status.END_OF_EPOCH;
    }
    file = next;
    held.moveTo(next);
    position = FILE_START;
    return Status.END_OF_FILE;
  }

  /** Why the place is not there; null if it could not be forced to disk and is on its way again. */
  private @Nullable Status lost(FilePin held, Inventory inventory, long end) {
    if (held.isPurged()) {
      return Status.PURGED;
    }
    if (inventory.wasVisible(file, position)) {
      return null;
    }
    failure =
        new ReadFailure(
            ReadFailure.Kind.NO_NEXT_FILE,
            "binlog file: " + file + " is gone or ends at " + end,
            position,
            position);
    return Status.FAILED;
  }

  private Status bytes(FilePin held, long end, int retreats, Runnable wake) {
    Chunk ready = takeLoaded(retreats);
    boolean fromFile = ready != null;
    if (ready == null) {
      ready = feed.tail().find(file, position, lastNumber);
    }
    if (ready == null) {
      fromFile = true;
      ChunkLoader.Request request = request(position, end);
      ready = here(request, held, retreats);
      if (ready == null) {
        ready = feed.cache().findOrLoad(request, this::onLoaded);
      }
    }
    if (ready == null) {
      loading = true;
      requestedEnd = end;
      retreatsBefore = retreats;
      wakeUp = wake;
      return Status.WAIT_LOAD;
    }
    return deliver(held, ready, fromFile, end);
  }

  /** Reads what is in memory; null if that cannot be, or something went out of sight meanwhile. */
  private @Nullable Chunk here(ChunkLoader.Request request, FilePin held, int retreats) {
    if (!isAtHand(request, held)) {
      return null;
    }
    Chunk ready = feed.cache().findOrRead(request);
    if (ready != null && feed.retreats() != retreats) {
      ready.release();
      return null;
    }
    return ready;
  }

  /** Several in one file share what is read, and one of many threads reads it. */
  private boolean isAtHand(ChunkLoader.Request request, FilePin held) {
    return request.eventLength() == 0 && held.isAlone() && atHand.has(request);
  }

  /** What was read meanwhile, unless something went out of sight since it was asked for. */
  private @Nullable Chunk takeLoaded(int retreats) {
    Chunk ready = loaded;
    loaded = null;
    if (ready != null && retreats != retreatsBefore) {
      ready.release();
      return null;
    }
    return ready;
  }

  private ChunkLoader.Request request(long from, long end) {
    return new ChunkLoader.Request(
        file, from, eventLength == 0 ? from : eventStart, eventLength, end);
  }

  private Status deliver(FilePin held, Chunk ready, boolean fromFile, long end) {
    if (chunk != null) {
      ready.release();
      throw new IllegalStateException(
          "cursor: chunk was not taken (expected: chunk() after CHUNK)");
    }
    chunk = ready;
    lastNumber = ready.number();
    position = ready.end();
    if (ready.isFragment() && !ready.endsEvent()) {
      eventStart = ready.position() - ready.fragmentOffset();
      eventLength = ready.eventLength();
    } else {
      eventLength = 0;
    }
    if (fromFile && position < end) {
      ChunkLoader.Request next = request(position, end);
      if (!isAtHand(next, held)) {
        feed.cache().findOrLoad(next, null);
      }
    }
    return Status.CHUNK;
  }

  private void onLoaded(@Nullable Chunk result, @Nullable ReadFailure problem) {
    try {
      executor.execute(() -> take(result, problem));
    } catch (RejectedExecutionException e) {
      if (result != null) {
        result.release();
      }
    }
  }

  private void take(@Nullable Chunk result, @Nullable ReadFailure problem) {
    loading = false;
    if (closed) {
      if (result != null) {
        result.release();
      }
      return;
    }
    loaded = result;
    // What went out of sight while it was read is no damage: the next poll asks again.
    boolean gone =
        feed.retreats() != retreatsBefore || store.inventory().streamEnd(file) < requestedEnd;
    if (result == null && !gone) {
      failure = problem;
    }
    wake();
  }

  /** The watermark has moved, or the feed is closed. */
  void published() {
    awaiting = false;
    if (!loading) {
      wake();
    }
  }

  private void wake() {
    Runnable run = wakeUp;
    wakeUp = null;
    if (run != null && !closed) {
      run.run();
    }
  }

  /** After CHUNK: the next bytes, owned by the caller from now on. */
  public Chunk chunk() {
    Chunk taken = chunk;
    if (taken == null) {
      throw new IllegalStateException("cursor: no chunk (expected: after CHUNK, once)");
    }
    chunk = null;
    return taken;
  }

  /** Whether it was opened, but then a purge that goes over readers has taken what comes next. */
  public boolean isCutOff() {
    return pin != null && pin.isPurged();
  }

  /** Whether the next byte is the one behind a watermark. */
  public boolean isAt(Watermark mark) {
    return file.equals(mark.file()) && position == mark.offset();
  }

  /** The file of the next byte. */
  public BinlogFileId file() {
    return file;
  }

  /** File offset of the next byte that {@link #poll} will deliver. */
  public long position() {
    return position;
  }

  /** After FAILED: what is wrong. */
  public ReadFailure failure() {
    ReadFailure known = failure;
    if (known == null) {
      throw new IllegalStateException("cursor: no failure (expected: after FAILED)");
    }
    return known;
  }

  /** Gives everything back; no wake-up runs any more. */
  @Override
  public void close() {
    closed = true;
    wakeUp = null;
    if (pin != null) {
      pin.close();
    }
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    if (loaded != null) {
      loaded.release();
      loaded = null;
    }
  }
}
