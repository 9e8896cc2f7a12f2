package io.sluice.core.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** The engine's handler at the end of a pipeline: exceptions that no handler of it took. */
final class ExceptionEnd extends ChannelInboundHandlerAdapter {

  private final Consumer<Throwable> taker;

  ExceptionEnd(Consumer<Throwable> taker) {
    this.taker = taker;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    taker.accept(cause);
  }
}
