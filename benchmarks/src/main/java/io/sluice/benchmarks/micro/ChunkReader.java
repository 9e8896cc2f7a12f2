package io.sluice.benchmarks.micro;

import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.store.BinlogFileId;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Reads one file through a cursor, as a replica's session does; the caller is the event loop. */
public final class ChunkReader implements AutoCloseable {
  private static final int TASKS = 64;

  private final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(TASKS);
  private final BinlogCursor cursor;

  /** Opens a cursor. */
  public ChunkReader(BinlogFeed feed, BinlogFileId file, long position) {
    this.cursor = feed.openCursor(file, position, tasks::add);
  }

  /** The next bytes, owned by the caller; null when the file is over. */
  public @Nullable Chunk next() throws InterruptedException {
    while (true) {
      BinlogCursor.Status status = cursor.poll(ChunkReader::asked);
      switch (status) {
        case CHUNK -> {
          return cursor.chunk();
        }
        case END_OF_FILE -> {
          return null;
        }
        case WAIT_LOAD -> tasks.take().run();
        default ->
            throw new IllegalStateException(
                "cursor: " + status + " (expected: the next bytes or the end of the file)");
      }
    }
  }

  /** The next turn of the loop asks anyway. */
  private static void asked() {}

  @Override
  public void close() {
    cursor.close();
  }
}
