package io.sluice.mysql.compression;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is read out of frames and puts what is written into frames. Frames have numbers of
 * their own, and those of the packets inside follow other rules than without compression; the
 * subclasses know them, one for each role. Confined to the event loop.
 *
 * <p>A few bytes can unpack to megabytes: while the engine does not read, or the other side cannot
 * take more, frames wait as they came.
 */
public abstract class CompressionHandler extends ChannelDuplexHandler {

  /** What frames are put into. */
  final FrameWriter writer;

  private final Compression compression;
  private final BooleanSupplier taken;
  private final PacketNumbers incoming;
  private final PacketNumbers outgoing;
  private @Nullable ByteBuf waiting;
  private boolean draining;
  private boolean scheduled;

  /**
   * For one connection.
   *
   * @param taken whether the other side can take what is read at the moment
   */
  CompressionHandler(Compression compression, BooleanSupplier taken) {
    this.compression = compression;
    this.taken = taken;
    this.writer = new FrameWriter(compression);
    this.incoming = new PacketNumbers(this::onPacketRead);
    this.outgoing = new PacketNumbers(new Outgoing());
  }

  /** A packet was read; answers the number that it would have without compression. */
  abstract int onPacketRead(int number, int length, boolean continuation);

  /** A packet is about to be written; the first one of a write may set the frame's number. */
  abstract void onPacketWritten(int number, boolean continuation);

  /** One of the first bytes of a payload is about to be written. */
  void onHeadWritten(int offset, byte value) {}

  /**
   * A payload is about to be written, its last byte too.
   *
   * @return whether the next one may go into the same frame
   */
  boolean onPayloadWritten() {
    return true;
  }

  /** A frame was read. */
  abstract void onFrame(int number);

  /** Something is about to be written. */
  abstract void onWrite();

  /** What was to be written is in its frames, all or up to where a new frame was wanted. */
  abstract void onFramed();

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
      ctx.write(message, promise);
      return;
    }
    ByteBuf framed;
    try {
      framed = frame(ctx.alloc(), bytes);
    } finally {
      bytes.release();
    }
    ctx.write(framed, promise);
  }

  private ByteBuf frame(ByteBufAllocator alloc, ByteBuf bytes) {
    ByteBuf out = alloc.directBuffer(FrameWriter.room(bytes.readableBytes()));
    try {
      onWrite();
      int at = bytes.readerIndex();
      while (at < bytes.writerIndex()) {
        int stop = outgoing.walk(bytes, at, bytes.writerIndex());
        writer.frame(bytes, at, stop - at, out);
        onFramed();
        at = stop;
      }
      return out;
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
      return;
    }
    ByteBuf before = waiting;
    waiting =
        before == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, bytes);
    drain(ctx, false);
  }

  /** The engine reads again. */
  @Override
  public void read(ChannelHandlerContext ctx) throws Exception {
    super.read(ctx);
    if (waiting != null && !draining) {
      later(ctx, 0);
    }
  }

  private void later(ChannelHandlerContext ctx, int millis) {
    if (!scheduled) {
      scheduled = true;
      ctx.executor().schedule(() -> again(ctx), millis, TimeUnit.MILLISECONDS);
    }
  }

  private void again(ChannelHandlerContext ctx) {
    scheduled = false;
    if (!ctx.isRemoved()) {
      drain(ctx, false);
      ctx.fireChannelReadComplete();
    }
  }

  private void drain(ChannelHandlerContext ctx, boolean all) {
    if (draining) {
      return;
    }
    draining = true;
    try {
      ByteBuf in = waiting;
      while (in != null && isWhole(in) && (all || mayPass(ctx))) {
        ByteBuf out = next(ctx, in);
        if (!in.isReadable()) {
          in.release();
          waiting = null;
        }
        ctx.fireChannelRead(out);
        in = waiting;
      }
    } catch (RuntimeException e) {
      discard();
      ctx.fireExceptionCaught(e);
    } finally {
      draining = false;
    }
  }

  private boolean mayPass(ChannelHandlerContext ctx) {
    if (!ctx.channel().config().isAutoRead()) {
      return false;
    }
    if (taken.getAsBoolean()) {
      return true;
    }
    // The engine hears of that soon and stops reading, or it is over by then.
    later(ctx, 1);
    return false;
  }

  private static boolean isWhole(ByteBuf in) {
    return in.readableBytes() >= FrameWriter.HEADER
        && in.readableBytes() - FrameWriter.HEADER >= in.getUnsignedMediumLE(in.readerIndex());
  }

  /** Takes a whole frame. */
  private ByteBuf next(ChannelHandlerContext ctx, ByteBuf in) {
    int length = in.readUnsignedMediumLE();
    onFrame(in.readUnsignedByte());
    int size = in.readUnsignedMediumLE();
    ByteBuf out;
    if (size == 0) {
      out = in.readRetainedSlice(length);
    } else {
      out = ctx.alloc().directBuffer(size);
      try {
        compression.body().unpack(in, in.readerIndex(), length, out, size);
        in.skipBytes(length);
      } catch (RuntimeException e) {
        out.release();
        throw e;
      }
    }
    incoming.walk(out, out.readerIndex(), out.writerIndex());
    return out;
  }

  private void discard() {
    ByteBuf rest = waiting;
    waiting = null;
    if (rest != null) {
      rest.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    drain(ctx, true);
    discard();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    discard();
  }

  private final class Outgoing implements PacketNumbers.Visitor {

    @Override
    public int onPacket(int number, int length, boolean continuation) {
      onPacketWritten(number, continuation);
      return number;
    }

    @Override
    public void onHead(int offset, byte value) {
      onHeadWritten(offset, value);
    }

    @Override
    public boolean onEnd() {
      return onPayloadWritten();
    }
  }
}
