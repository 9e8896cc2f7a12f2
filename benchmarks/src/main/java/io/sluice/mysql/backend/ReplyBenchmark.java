package io.sluice.mysql.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.benchmarks.micro.Checks;
import io.sluice.benchmarks.micro.Moved;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * What it costs to find the end of a server's answer, and what it tells on the way. An item is an
 * answer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplyBenchmark {
  /** Which answer. */
  public enum Answer {
    /** To a change. */
    OK(-1),
    /** One row, found by its key. */
    ROW(1),
    /** A range as in sysbench. */
    ROWS_100(100),
    /** More than a read brings. */
    ROWS_1000(1000);

    private final int rows;

    Answer(int rows) {
      this.rows = rows;
    }
  }

  private static final int READ = 64 << 10;
  private static final int TEXT = 120;
  private static final int COLUMN_ROOM = 0x0c;
  private static final int VARCHAR = 0xfd;
  private static final int AUTOCOMMIT = 2;

  /** Which answer. */
  @Param public Answer answer = Answer.OK;

  /** Whether the end of a result set has the form of an OK packet. */
  @Param({"false", "true"})
  public boolean eofDeprecated;

  private final MySqlRequest request = MySqlRequest.of(Command.QUERY);
  private @Nullable ReplyTracker tracker;
  private ByteBuf[] reads = {};
  private int bytes;
  private int sequence;

  /** Makes the answer and follows it once. */
  @Setup
  public void fill() {
    ByteBuf stream = Unpooled.buffer();
    if (answer.rows < 0) {
      packet(stream, ok(0x00));
    } else {
      resultSet(stream);
    }
    bytes = stream.readableBytes();
    List<ByteBuf> pieces = new ArrayList<>();
    while (stream.isReadable()) {
      int length = Math.min(READ, stream.readableBytes());
      pieces.add(Unpooled.directBuffer(length).writeBytes(stream, length));
    }
    reads = pieces.toArray(ByteBuf[]::new);
    long classic = Capabilities.DEPRECATE_EOF;
    tracker =
        new ReplyTracker(
            eofDeprecated
                ? Capabilities.INTERNAL.with(classic)
                : Capabilities.INTERNAL.without(classic));
    MySqlReply reply = follow(new Moved());
    Checks.same("rows", reply.rows(), Math.max(0, answer.rows));
    Checks.same("bytes", reply.bytes(), bytes);
    Checks.same("server status", reply.serverStatus(), AUTOCOMMIT);
  }

  private static ByteBuf ok(int header) {
    ByteBuf body = Unpooled.buffer().writeByte(header).writeZero(2);
    return body.writeShortLE(AUTOCOMMIT).writeShortLE(0);
  }

  private void resultSet(ByteBuf stream) {
    packet(stream, Unpooled.buffer().writeByte(2));
    packet(stream, column("id"));
    packet(stream, column("c"));
    if (!eofDeprecated) {
      packet(stream, eof());
    }
    for (int i = 0; i < answer.rows; i++) {
      ByteBuf row = Unpooled.buffer();
      WireWriter.lenencString(row, Integer.toString(100_000 + i));
      WireWriter.lenencString(row, "0123456789".repeat(TEXT / 10));
      packet(stream, row);
    }
    packet(stream, eofDeprecated ? ok(0xfe) : eof());
  }

  private static ByteBuf eof() {
    return Unpooled.buffer().writeByte(0xfe).writeShortLE(0).writeShortLE(AUTOCOMMIT);
  }

  private static ByteBuf column(String name) {
    ByteBuf body = Unpooled.buffer();
    for (String text : new String[] {"def", "bench", "rows", "rows", name, name}) {
      WireWriter.lenencString(body, text);
    }
    body.writeByte(COLUMN_ROOM).writeShortLE(63).writeIntLE(TEXT).writeByte(VARCHAR);
    return body.writeShortLE(0).writeByte(0).writeShortLE(0);
  }

  private void packet(ByteBuf stream, ByteBuf payload) {
    stream.writeMediumLE(payload.readableBytes()).writeByte(++sequence).writeBytes(payload);
  }

  /** One answer, from the request on. */
  @Benchmark
  public MySqlReply follow(Moved moved) {
    ReplyTracker open = tracker;
    if (open == null) {
      throw new IllegalStateException("tracker: none (expected: one)");
    }
    open.expect(Command.QUERY, request);
    MySqlReply reply = open.current();
    if (reply == null) {
      throw new IllegalStateException("answer: none expected (expected: one)");
    }
    for (ByteBuf read : reads) {
      reply.addBytes(open.walk(read, 0));
    }
    if (!reply.isOk()) {
      throw new IllegalStateException("answer: " + reply + " (expected: complete)");
    }
    open.advance();
    moved.items++;
    moved.bytes += bytes;
    return reply;
  }

  /** Gives the memory back. */
  @TearDown
  public void release() {
    for (ByteBuf read : reads) {
      read.release();
    }
  }
}
