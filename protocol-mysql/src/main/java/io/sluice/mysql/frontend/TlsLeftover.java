package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * Catches the bytes that a client sent right behind its request for TLS, which the packet decoder
 * gives back when it is removed, and hands them to the TLS handler. Confined to the event loop.
 */
final class TlsLeftover extends ChannelInboundHandlerAdapter {

  static final String NAME = "mysql-tls-leftover";

  private final List<ByteBuf> caught = new ArrayList<>(1);

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      caught.add(bytes);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // What was given back is no read of its own.
  }

  /** Gives all of it to the TLS handler and leaves the pipeline. */
  void handOver(ChannelPipeline pipeline, SslHandler handler) {
    pipeline.remove(this);
    ChannelHandlerContext tls = pipeline.context(handler);
    try {
      for (ByteBuf bytes : caught) {
        handler.channelRead(tls, bytes);
      }
      handler.channelReadComplete(tls);
    } catch (Exception e) {
      tls.fireExceptionCaught(e);
    }
    caught.clear();
  }
}
