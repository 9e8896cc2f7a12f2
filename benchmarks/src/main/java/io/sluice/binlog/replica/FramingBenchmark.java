package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.benchmarks.micro.Checks;
import io.sluice.benchmarks.micro.Moved;
import io.sluice.benchmarks.micro.RowLog;
import io.sluice.benchmarks.micro.StoredLog;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.store.StartResult;
import io.sluice.mysql.message.ComBinlogDump;
import java.io.IOException;
import java.util.Map;
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
 * What it costs to frame a chunk of the log for one replica, up to the bytes that go to the socket:
 * the session's buffer is taken, filled and given back. An item is an event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FramingBenchmark {
  /** How the replica has begun. */
  public enum Start {
    /** At a file and position: all events pass. */
    FILE,
    /** Behind a GTID that the stream is past. */
    GTID,
    /** The same, and it names a domain besides that the log never had: each event is looked at. */
    GTID_FOREIGN_DOMAIN
  }

  private static final int FILE_BYTES = 16 << 20;

  /** Only what is read ahead: each chunk has memory of its own, as when it comes from a file. */
  private static final FeedOptions MEMORY = new FeedOptions(0, FILE_BYTES);

  private static final int PACKET_HEAD = 5;

  /** Which events. */
  @Param public RowLog.Shape shape = RowLog.Shape.ROWS_200;

  /** How the replica has begun. */
  @Param public Start start = Start.FILE;

  private final ByteBufAllocator alloc = ByteBufAllocator.DEFAULT;
  private @Nullable StoredLog stored;
  private @Nullable EventSender sender;
  private Chunk[] chunks = {};
  private int next;

  /** The user variables of a replica's session. */
  private record Variables(Map<String, String> values) implements DumpRequest.Variables {
    @Override
    public @Nullable String value(String name) {
      return values.get(name);
    }

    @Override
    public boolean isSet(String name) {
      return values.containsKey(name);
    }
  }

  /** Stores a file, begins a stream from it and looks at what comes out. */
  @Setup
  public void fill() throws IOException, InterruptedException {
    RowLog log = new RowLog(shape, 1, 0, FILE_BYTES);
    StoredLog open = new StoredLog(log, StoredLog.Form.CLEAR);
    stored = open;
    PresentedSource source = PresentedSource.of(name -> null, MariaDbGtidList.EMPTY);
    DumpRequest request =
        DumpRequest.of(source, new ComBinlogDump(4, 0, 7, log.name()), variables(), false);
    if (!(open.store().resolve(request.start(source)).join() instanceof StartResult.Found found)) {
      throw new IllegalStateException("start: refused (expected: found)");
    }
    EventSender framing =
        new EventSender(
            alloc,
            new PacketFramer(1, false),
            SourceRules.of(source, request),
            request,
            found,
            new DumpErrors(source));
    sender = framing;
    try (BinlogFeed feed = new BinlogFeed(open.store(), MEMORY)) {
      chunks = open.chunks(feed, found.position()).toArray(Chunk[]::new);
    }
    if (!framing.begin(found.position(), ByteBuf::release)) {
      throw new IllegalStateException("stream: over (expected: events)");
    }
    for (int i = 0; i < chunks.length; i++) {
      frame(new Moved());
    }
    check(framing, log, (int) found.position());
  }

  private Variables variables() {
    String position = start == Start.GTID_FOREIGN_DOMAIN ? "0-1-1,9-9-9" : "0-1-1";
    Map<String, String> all =
        Map.of("mariadb_slave_capability", "4", "master_binlog_checksum", "CRC32");
    if (start == Start.FILE) {
      return new Variables(all);
    }
    return new Variables(
        Map.of(
            "mariadb_slave_capability",
            "4",
            "master_binlog_checksum",
            "CRC32",
            "slave_connect_state",
            position));
  }

  /** All events come out, each in a packet, in the order of the file. */
  private void check(EventSender framing, RowLog log, int from) {
    CRC32 sum = new CRC32();
    long events = 0;
    for (Chunk chunk : chunks) {
      ByteBuf out = alloc.directBuffer(EventSender.room(chunk));
      framing.send(chunk, out, false);
      while (out.isReadable()) {
        int length = out.readUnsignedMediumLE() - 1;
        out.skipBytes(PACKET_HEAD - 3);
        Checks.add(sum, out, out.readerIndex(), length);
        out.skipBytes(length);
        events++;
      }
      out.release();
    }
    int skipped = 0;
    while (log.offset(skipped) < from) {
      skipped++;
    }
    Checks.same("events", events, log.events() - skipped);
    Checks.same("their sum", sum.getValue(), Checks.sum(log.bytes(), from, log.size() - from));
  }

  /** The next chunk of the file; the first again behind the last. */
  @Benchmark
  public Object frame(Moved moved) {
    EventSender framing = sender;
    if (framing == null) {
      throw new IllegalStateException("sender: none (expected: one)");
    }
    Chunk chunk = chunks[next];
    next = next + 1 == chunks.length ? 0 : next + 1;
    ByteBuf out = alloc.directBuffer(EventSender.room(chunk));
    EventSender.Outcome outcome = framing.send(chunk, out, false);
    moved.items += framing.events();
    moved.bytes += out.readableBytes();
    out.release();
    return outcome;
  }

  /** Gives memory and disk back. */
  @TearDown
  public void release() throws IOException {
    for (Chunk chunk : chunks) {
      chunk.release();
    }
    if (stored != null) {
      stored.close();
    }
  }
}
