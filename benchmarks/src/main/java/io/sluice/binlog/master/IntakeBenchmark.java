package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.benchmarks.micro.Checks;
import io.sluice.benchmarks.micro.Moved;
import io.sluice.benchmarks.micro.RowLog;
import io.sluice.binlog.event.ArtificialEvents;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.ResumePoint;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * What it costs to take a master's event in, between the socket and the queue of the writer: split
 * it out of the packets, verify length, position and CRC-32, and gather runs of whole events. An
 * item is an event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IntakeBenchmark {
  /** So much is one turn: a whole file, which names itself as the next file, without an end. */
  private static final int TURN = 1 << 20;

  /** What one read of a busy socket brings at most. */
  private static final int READ = 64 << 10;

  /** Which events. */
  @Param public RowLog.Shape shape = RowLog.Shape.ROWS_200;

  private RowLog log = new RowLog(RowLog.Shape.ROWS_200, 1, 0, 0);
  private ByteBuf file = Unpooled.EMPTY_BUFFER;
  private ByteBuf[] reads = {};
  private long streamBytes;
  private final NoWriter writer = new NoWriter();
  private final LinkCounters counters = new LinkCounters(Clock.systemUTC());
  private final Splits splits = new Splits();
  private final PacketReader splitter = new PacketReader(splits, false);
  private final EventReceiver receiver =
      new EventReceiver(
          writer,
          ByteBufAllocator.DEFAULT,
          new EventIntake(
              ResumePoint.EMPTY, "", BinlogFileFormat.FIRST_EVENT, true, null, counters),
          counters,
          false,
          new Listener());

  private static final class Listener implements EventReceiver.Listener {
    @Override
    public void onQueueFull() {
      throw new IllegalStateException("queue: full (expected: never)");
    }

    @Override
    public void onFailed(LinkFailure failure) {
      throw new IllegalStateException("stream: " + failure + " (expected: no failure)");
    }
  }

  /** Only counts. */
  private static final class Splits implements PacketReader.Sink {
    private long events;
    private long bytes;

    @Override
    public void onEventBytes(ByteBuf chunk, int length) {
      bytes += length;
      chunk.skipBytes(length);
    }

    @Override
    public void onEventEnd() {
      events++;
    }

    @Override
    public void onErrorBytes(ByteBuf chunk, int length) {
      throw new IllegalStateException("stream: an error (expected: events)");
    }

    @Override
    public void onErrorEnd() {}

    @Override
    public void onEof() {
      throw new IllegalStateException("stream: an end (expected: events)");
    }

    @Override
    public void onGarbage(String what) {
      throw new IllegalStateException("stream: " + what + " (expected: events)");
    }
  }

  /** Makes the stream, lets it through once and looks at what came out. */
  @Setup
  public void fill() {
    log = new RowLog(shape, 1, 0, TURN);
    file = Unpooled.directBuffer(log.size()).writeBytes(log.bytes(), 0, log.size());
    ByteBuf stream = Unpooled.buffer(log.size() * 2);
    frame(stream, rotateTo(log.nextName()));
    for (int i = 0; i < log.events(); i++) {
      int start = log.offset(i);
      frame(stream, log.bytes().slice(start, log.offset(i + 1) - start));
    }
    streamBytes = stream.readableBytes();
    List<ByteBuf> pieces = new ArrayList<>();
    while (stream.isReadable()) {
      int length = Math.min(READ, stream.readableBytes());
      pieces.add(ByteBufAllocator.DEFAULT.directBuffer(length, length).writeBytes(stream, length));
    }
    reads = pieces.toArray(ByteBuf[]::new);
    check();
  }

  private void check() {
    feed();
    int first = BinlogFileFormat.FIRST_EVENT;
    int expected = log.size() - first;
    Checks.same("stored bytes", writer.bytes(), expected);
    Checks.same("their sum", writer.endSum(), Checks.sum(log.bytes(), first, expected));
    feed();
    Checks.same("stored bytes after the next file", writer.bytes(), 2L * expected);
    Checks.same("stored events", counters.events(), 2L * log.events());
    split(new Moved());
    Checks.same("events split", splits.events, log.events() + 1);
  }

  private static ByteBuf rotateTo(String name) {
    return ArtificialEvents.rotate(
        ByteBufAllocator.DEFAULT, 1, name, BinlogFileFormat.FIRST_EVENT, true);
  }

  private static void frame(ByteBuf stream, ByteBuf event) {
    stream.writeMediumLE(event.readableBytes() + 1).writeByte(0).writeByte(0).writeBytes(event);
  }

  private void feed() {
    for (ByteBuf read : reads) {
      receiver.feed(read.readerIndex(0).retain());
    }
  }

  /** Everything. */
  @Benchmark
  public long receive(Moved moved) {
    feed();
    moved.items += log.events();
    moved.bytes += streamBytes;
    return writer.bytes();
  }

  /** Only the packets' borders. */
  @Benchmark
  public long split(Moved moved) {
    for (ByteBuf read : reads) {
      splitter.feed(read.readerIndex(0));
    }
    moved.items += log.events();
    moved.bytes += streamBytes;
    return splits.bytes;
  }

  /** Only the checksums of the events. */
  @Benchmark
  public long verify(Moved moved) {
    for (int i = 0; i < log.events(); i++) {
      int start = log.offset(i);
      if (!EventChecksum.verify(file, start, log.offset(i + 1) - start)) {
        throw new IllegalStateException("checksum at " + start + ": wrong (expected: right)");
      }
    }
    moved.items += log.events();
    moved.bytes += log.size();
    return moved.items;
  }

  /** Gives the memory back. */
  @TearDown
  public void release() {
    receiver.close();
    file.release();
    for (ByteBuf read : reads) {
      read.release();
    }
  }
}
