package io.sluice.core.session;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * The engine's handler at the head of a pipeline. It hears of writability before the protocol does,
 * and of the channel's end after it: the protocol knows better why. Of bytes that wait to be
 * encrypted the channel tells only after the other side has been read for a whole turn of the loop,
 * a megabyte more: so it is looked at with each flush.
 */
final class ChannelEdge extends ChannelDuplexHandler {

  /** The session or endpoint. */
  interface Events {
    /** The channel is active; the protocol's handlers are to be added. */
    void onActive(ChannelHandlerContext context);

    /** The channel takes more bytes, or no more for now. */
    void onWritabilityChanged(boolean writable);

    /** The channel is closed and the protocol has heard of it. */
    void onInactive();
  }

  private final Events events;
  private boolean writable = true;

  ChannelEdge(Events events) {
    this.events = events;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    events.onActive(context);
    context.fireChannelActive();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    tellWritability(context);
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    tellWritability(context);
  }

  private void tellWritability(ChannelHandlerContext context) {
    boolean now = context.channel().isWritable();
    if (now != writable) {
      writable = now;
      events.onWritabilityChanged(now);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    context.fireChannelInactive();
    events.onInactive();
  }
}
