package io.sluice.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendConnectorIT {

  private final EventLoops loops = EventLoops.create(2);
  private final BackendConnector connector = new BackendConnector(loops, Duration.ofSeconds(30));

  @BeforeAll
  static void watch() {
    BlockingGuard.install();
  }

  @AfterEach
  void stop() {
    connector.close();
    loops.close();
  }

  private ChannelFuture connect(EventLoop loop, String host, int port) throws Exception {
    ChannelFuture future =
        loop.submit(() -> connector.connect(loop, host, port, new ChannelInboundHandlerAdapter()))
            .get(60, TimeUnit.SECONDS);
    assertThat(future.await(60, TimeUnit.SECONDS)).isTrue();
    return future;
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "LOCALHOST"})
  void shouldConnectOnTheGivenLoopWithoutReading(String host) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      EventLoop loop = loops.next();
      ChannelFuture future = connect(loop, host, server.getLocalPort());
      assertThat(future.isSuccess()).isTrue();
      assertThat(future.channel().eventLoop()).isSameAs(loop);
      assertThat(future.channel().config().isAutoRead()).isFalse();
      assertThat(future.channel().config().getWriteBufferHighWaterMark())
          .isEqualTo(Channels.WATER_MARK.high());
      future.channel().close().sync();
    }
  }

  @Test
  void shouldFailForARefusedConnection() throws Exception {
    assertThat(connect(loops.next(), "127.0.0.1", Ports.free()).cause())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void shouldFailForAnUnknownName() throws Exception {
    assertThat(connect(loops.next(), "no-such-host.invalid", 1).cause())
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void shouldGiveUpWhenTheChannelIsClosed() throws IOException {
    EventLoop loop = loops.next();
    ChannelFuture future =
        connector.connect(loop, "192.0.2.1", 9, new ChannelInboundHandlerAdapter());
    future.channel().close().awaitUninterruptibly();
    assertThat(future.awaitUninterruptibly(60, TimeUnit.SECONDS)).isTrue();
    assertThat(future.isSuccess()).isFalse();
  }
}
