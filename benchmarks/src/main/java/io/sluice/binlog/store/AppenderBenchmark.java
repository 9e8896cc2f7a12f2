package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.benchmarks.micro.Checks;
import io.sluice.benchmarks.micro.Moved;
import io.sluice.benchmarks.micro.RowLog;
import io.sluice.binlog.form.GrowingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 * What the store's writer does for an event besides the write itself: collect the bytes, split
 * them, follow transactions and GTIDs, and make the runs for the readers. Each piece that comes is
 * a batch of its own. An item is an event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AppenderBenchmark {
  /** So much is one turn; the same transactions again are the next one. */
  private static final int TURN = 1 << 20;

  /** What comes at once, at most. */
  private static final int PIECE = 64 << 10;

  /** Which events. */
  @Param public RowLog.Shape shape = RowLog.Shape.ROWS_200;

  private final Nowhere file = new Nowhere();
  private final FileIndex index = new FileIndex();
  private final LogAppender appender =
      new LogAppender(file, new FileFollower(), index, BinlogFileFormat.FIRST_EVENT);
  private ByteBuf[] pieces = {};
  private long turnBytes;
  private long turnEvents;

  /** A file whose bytes are counted, and summed up while that is wanted. */
  private static final class Nowhere implements GrowingFile {
    private long size = BinlogFileFormat.FIRST_EVENT;
    private @Nullable CRC32 sum;

    @Override
    public long size() {
      return size;
    }

    @Override
    public void append(ByteBuffer source, long position) {
      Checks.same("position", position, size);
      size += source.remaining();
      CRC32 open = sum;
      if (open != null) {
        open.update(source);
      }
      source.position(source.limit());
    }

    @Override
    public void truncate(long to) {
      throw new IllegalStateException("truncate: " + to + " (expected: never)");
    }

    @Override
    public void force(boolean metadata) {}

    @Override
    public boolean showsUse() {
      return false;
    }

    @Override
    public void markInUse(boolean inUse) {}

    @Override
    public void end() {}

    @Override
    public void close() {}
  }

  /** Begins the file and looks at what becomes of the first turn. */
  @Setup
  public void fill() throws IOException {
    RowLog log = new RowLog(shape, 1, 0, TURN);
    int head = BinlogFileFormat.FIRST_EVENT;
    appender.append(log.bytes().slice(head, log.groupsStart() - head));
    handOver();
    int event = 0;
    while (log.offset(event) < log.groupsStart()) {
      event++;
    }
    List<ByteBuf> all = new ArrayList<>();
    while (log.offset(event) < log.groupsEnd()) {
      int start = log.offset(event);
      int end = start;
      while (end < log.groupsEnd() && log.offset(event + 1) - start <= PIECE) {
        event++;
        turnEvents++;
        end = log.offset(event);
      }
      all.add(Unpooled.directBuffer(end - start).writeBytes(log.bytes(), start, end - start));
    }
    pieces = all.toArray(ByteBuf[]::new);
    turnBytes = (long) log.groupsEnd() - log.groupsStart();
    check(log);
  }

  private void check(RowLog log) throws IOException {
    CRC32 sum = new CRC32();
    file.sum = sum;
    Checks.same("events handed over", turn(), turnEvents);
    file.sum = null;
    Checks.same("end of the file", file.size(), log.groupsEnd());
    Checks.same("boundary", appender.boundary(), log.groupsEnd());
    Checks.same(
        "sum of what was written",
        sum.getValue(),
        Checks.sum(log.bytes(), log.groupsStart(), (int) turnBytes));
  }

  private long turn() throws IOException {
    long events = 0;
    for (ByteBuf piece : pieces) {
      appender.append(piece.readerIndex(0));
      events += handOver();
    }
    index.cut(BinlogFileFormat.FIRST_EVENT);
    return events;
  }

  /** What the writer does at the end of a batch. */
  private long handOver() throws IOException {
    appender.flush();
    long events = 0;
    for (LogAppender.Run run : appender.takeRuns()) {
      events += run.offsets().length - 1;
      run.data().release();
    }
    return events;
  }

  /** A turn. */
  @Benchmark
  public long append(Moved moved) throws IOException {
    moved.items += turnEvents;
    moved.bytes += turnBytes;
    return turn();
  }

  /** Gives the memory back. */
  @TearDown
  public void release() {
    appender.release();
    for (ByteBuf piece : pieces) {
      piece.release();
    }
  }
}
