package io.sluice.core.lines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Cuts what comes at newlines and hands out parts of lines as they come; keeps nothing. */
final class LineSplitter extends ChannelInboundHandlerAdapter {

  interface Parts {
    /** A part of a line; ownership goes with the call. */
    void part(ByteBuf bytes, boolean first, boolean last);

    /** The channel is closed. */
    void ended();
  }

  private final Parts parts;
  private boolean inside;

  LineSplitter(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (in.isReadable()) {
        int newline = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int length = newline < 0 ? in.readableBytes() : newline - in.readerIndex() + 1;
        boolean first = !inside;
        inside = newline < 0;
        parts.part(in.readRetainedSlice(length), first, newline >= 0);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    parts.ended();
    context.fireChannelInactive();
  }
}
