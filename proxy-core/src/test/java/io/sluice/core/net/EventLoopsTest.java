package io.sluice.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
  /** More than the buffers of two sockets take. */
  private static final int SIZE = 64 << 20;

  /** The peer never reads, so that bytes wait. */
  @Test
  void shouldCloseItsChannelsWhenTheStopBeginsInTheMiddleOfATask() throws Exception {
    EventLoops loops = EventLoops.create(1);
    try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Channel channel =
          new Bootstrap()
              .group(loops.group())
              .channel(loops.socketChannel())
              .handler(new ChannelInboundHandlerAdapter())
              .connect(peer.getLocalSocketAddress())
              .sync()
              .channel();
      // Direct, so that the channel keeps it and no copy of it.
      ByteBuf waits = Unpooled.directBuffer(SIZE, SIZE).writeZero(SIZE);
      channel.writeAndFlush(waits);
      CountDownLatch began = new CountDownLatch(1);
      channel
          .eventLoop()
          .execute(
              () -> {
                began.countDown();
                while (!loops.group().isShuttingDown()) {
                  Thread.onSpinWait();
                }
              });
      assertThat(began.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(waits.refCnt()).isPositive();
      loops.close();
      assertThat(loops.group().isTerminated()).isTrue();
      assertThat(channel.isOpen()).isFalse();
      assertThat(waits.refCnt()).isZero();
    }
  }

  @Test
  void shouldCloseItsChannelsWhenNothingIsUnderWay() throws Exception {
    EventLoops loops = EventLoops.create(2);
    Channel listener =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverSocketChannel())
            .childHandler(new ChannelInboundHandlerAdapter())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    loops.close();
    assertThat(listener.isOpen()).isFalse();
  }
}
