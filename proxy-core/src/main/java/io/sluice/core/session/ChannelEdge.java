package io.sluice.core.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The engine's handler at the head of a pipeline. It hears of writability before the protocol does,
 * and of the channel's end after it: the protocol knows better why.
 */
final class ChannelEdge extends ChannelInboundHandlerAdapter {

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
    events.onWritabilityChanged(context.channel().isWritable());
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    context.fireChannelInactive();
    events.onInactive();
  }
}
