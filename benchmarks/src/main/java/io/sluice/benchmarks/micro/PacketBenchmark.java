package io.sluice.benchmarks.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.mysql.wire.Packet;
import io.sluice.mysql.wire.PacketDecoder;
import io.sluice.mysql.wire.PacketWalker;
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
 * What it costs to find the packets in what a socket brings: as objects, as in logins, and by
 * walking over them, as in everything that comes after. An item is a packet.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacketBenchmark {
  private static final int HEADER = 4;

  /** What one read of a busy socket brings at most. */
  private static final int READ = 64 << 10;

  /** So many that the numbers of the packets begin anew with each turn. */
  private static final int PACKETS = 1 << 10;

  /** Bytes of a packet without its header. */
  @Param({"32", "200", "2000"})
  public int payload = 200;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Received received = new Received();
  private final PacketWalker walker = new PacketWalker();
  private final Passed passed = new Passed();
  private ByteBuf[] reads = {};
  private long turnBytes;

  /** Lets go of packets. */
  private static final class Received extends ChannelInboundHandlerAdapter {
    private long packets;
    private long bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Packet packet = (Packet) message;
      packets++;
      bytes += packet.payload().readableBytes();
      packet.release();
    }
  }

  /** Counts packets. */
  private static final class Passed implements PacketWalker.Visitor {
    private long packets;
    private long bytes;

    @Override
    public int onPacket(int length, int sequence, int firstByte, boolean continuation) {
      bytes += length;
      return 0;
    }

    @Override
    public boolean onEnd(int end) {
      packets++;
      return true;
    }
  }

  /** Makes the packets and finds them once. */
  @Setup
  public void fill() {
    ByteBuf stream = Unpooled.buffer(PACKETS * (HEADER + payload));
    for (int i = 0; i < PACKETS; i++) {
      stream.writeMediumLE(payload).writeByte(i).writeZero(payload);
    }
    turnBytes = stream.readableBytes();
    List<ByteBuf> pieces = new ArrayList<>();
    while (stream.isReadable()) {
      int length = Math.min(READ, stream.readableBytes());
      pieces.add(ByteBufAllocator.DEFAULT.directBuffer(length, length).writeBytes(stream, length));
    }
    reads = pieces.toArray(ByteBuf[]::new);
    channel.pipeline().addLast(new PacketDecoder(payload, 0), received);
    decode(new Moved());
    decode(new Moved());
    Checks.same("packets decoded", received.packets, 2L * PACKETS);
    Checks.same("their bytes", received.bytes, 2L * PACKETS * payload);
    walk(new Moved());
    Checks.same("packets walked over", passed.packets, PACKETS);
    Checks.same("their bytes", passed.bytes, (long) PACKETS * payload);
  }

  /** As objects. */
  @Benchmark
  public long decode(Moved moved) {
    for (ByteBuf read : reads) {
      channel.pipeline().fireChannelRead(read.readerIndex(0).retain());
    }
    channel.checkException();
    moved.items += PACKETS;
    moved.bytes += turnBytes;
    return received.packets;
  }

  /** By walking over them. */
  @Benchmark
  public long walk(Moved moved) {
    for (ByteBuf read : reads) {
      walker.walk(read, 0, passed);
    }
    moved.items += PACKETS;
    moved.bytes += turnBytes;
    return passed.packets;
  }

  /** Gives the memory back. */
  @TearDown
  public void release() {
    channel.finishAndReleaseAll();
    for (ByteBuf read : reads) {
      read.release();
    }
  }
}
