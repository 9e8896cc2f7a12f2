package io.sluice.benchmarks.micro;

import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.store.BinlogFileFormat;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs to read a closed file through a cursor, in whatever form it is kept. The file is in
 * the operating system's memory, and the store's threads read ahead while the reader does nothing
 * with what it gets. An item is an event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CursorBenchmark {
  /** Where the bytes come from. */
  public enum Source {
    /** Chunks that another replica has just read. */
    CACHE(StoredLog.Form.CLEAR, 64L << 20),
    /** A file as the master sent it. */
    CLEAR(StoredLog.Form.CLEAR, 1L << 20),
    /** A file in the zstd seekable format. */
    COMPRESSED(StoredLog.Form.COMPRESSED, 1L << 20),
    /** A file that is sealed with a key. */
    ENCRYPTED(StoredLog.Form.ENCRYPTED, 1L << 20);

    private final StoredLog.Form form;
    private final long cacheBytes;

    Source(StoredLog.Form form, long cacheBytes) {
      this.form = form;
      this.cacheBytes = cacheBytes;
    }
  }

  /** The file; much more than the cache of those that read from files. */
  private static final int FILE_BYTES = 16 << 20;

  /** Where the bytes come from. */
  @Param public Source source = Source.CLEAR;

  /** Which events. */
  @Param({"ROWS_200", "ROWS_8K"})
  public RowLog.Shape shape = RowLog.Shape.ROWS_200;

  private @Nullable StoredLog stored;
  private @Nullable BinlogFeed feed;
  private @Nullable ChunkReader reader;

  /** Somebody else in the file: chunks are kept only where they can be shared. */
  private @Nullable ChunkReader company;

  /** Stores a file, reads it twice and looks at what came. */
  @Setup
  public void fill() throws IOException, InterruptedException {
    RowLog log = new RowLog(shape, 1, 0, FILE_BYTES);
    StoredLog open = new StoredLog(log, source.form);
    stored = open;
    if (source.form == StoredLog.Form.COMPRESSED && open.diskBytes() > log.size() * 3L / 4) {
      throw new IllegalStateException(
          "bytes on disk: " + open.diskBytes() + " (expected: much fewer than " + log.size() + ")");
    }
    BinlogFeed all = new BinlogFeed(open.store(), new FeedOptions(0, source.cacheBytes));
    feed = all;
    int first = BinlogFileFormat.FIRST_EVENT;
    boolean cached = source == Source.CACHE;
    company = cached ? new ChunkReader(all, open.file(), first) : null;
    CRC32 sum = new CRC32();
    long events = 0;
    int chunks = 0;
    for (Chunk chunk : open.chunks(all, first)) {
      Checks.add(sum, chunk.data(), 0, chunk.length());
      events += chunk.events();
      chunks++;
      chunk.release();
    }
    Checks.same("events", events, log.events());
    Checks.same("their sum", sum.getValue(), Checks.sum(log.bytes(), first, log.size() - first));
    long reads = all.fileReads();
    Checks.same("reads of the first turn", reads, chunks);
    open.chunks(all, first).forEach(Chunk::release);
    Checks.same("reads of the second turn", all.fileReads() - reads, cached ? 0 : chunks);
  }

  /** The next chunk of the file; the first again behind the last. */
  @Benchmark
  public long next(Moved moved) throws InterruptedException {
    Chunk chunk = reader().next();
    if (chunk == null) {
      reader().close();
      reader = null;
      chunk = reader().next();
    }
    if (chunk == null) {
      throw new IllegalStateException("file: empty (expected: events)");
    }
    moved.items += chunk.events();
    moved.bytes += chunk.length();
    long end = chunk.end();
    chunk.release();
    return end;
  }

  private ChunkReader reader() {
    ChunkReader open = reader;
    BinlogFeed all = feed;
    StoredLog log = stored;
    if (open == null) {
      if (all == null || log == null) {
        throw new IllegalStateException("store: closed (expected: open)");
      }
      open = new ChunkReader(all, log.file(), BinlogFileFormat.FIRST_EVENT);
      reader = open;
    }
    return open;
  }

  /** Gives memory and disk back. */
  @TearDown
  public void release() throws IOException {
    if (reader != null) {
      reader.close();
    }
    if (company != null) {
      company.close();
    }
    if (feed != null) {
      feed.close();
    }
    if (stored != null) {
      stored.close();
    }
  }
}
