package io.sluice.core.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops that all sessions share, and the channel classes of their transport: epoll when
 * its native library is there, else NIO. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventLoops.class);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final Transport transport;
  private final int threads;
  private final EventLoopGroup group;

  private EventLoops(Transport transport, int threads) {
    this.transport = transport;
    this.threads = threads;
    this.group = new ClosingLoopGroup(threads, "sluice-loop", transport.handlers());
  }

  /**
   * Starts event loops.
   *
   * @param threads how many; 0 for one for each processor
   */
  public static EventLoops create(int threads) {
    if (threads < 0) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 0)");
    }
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    Transport transport = Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO;
    return new EventLoops(transport, count);
  }

  /** The loops, which are also timers. */
  public EventLoopGroup group() {
    return group;
  }

  /** One of the loops, in turn. */
  public EventLoop next() {
    return group.next();
  }

  /** How many threads there are. */
  public int threads() {
    return threads;
  }

  /** The name of the transport: {@code epoll} or {@code nio}. */
  public String transport() {
    return transport.label;
  }

  Class<? extends SocketChannel> socketChannel() {
    return transport.socket;
  }

  Class<? extends ServerSocketChannel> serverSocketChannel() {
    return transport.serverSocket;
  }

  Class<? extends DatagramChannel> datagramChannel() {
    return transport.datagram;
  }

  /**
   * Stops the loops and closes all channels that they still have; blocks until their tasks are
   * done, for a few seconds at most.
   */
  @Override
  public void close() {
    boolean stopped =
        group
            .shutdownGracefully(0, STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(2 * STOP_TIMEOUT.toMillis());
    if (!stopped) {
      LOGGER.atWarn().addKeyValue("threads", threads).log("event loops did not stop in time");
    }
  }

  private enum Transport {
    EPOLL(
        "epoll",
        EpollSocketChannel.class,
        EpollServerSocketChannel.class,
        EpollDatagramChannel.class) {
      @Override
      IoHandlerFactory handlers() {
        return EpollIoHandler.newFactory();
      }
    },
    NIO("nio", NioSocketChannel.class, NioServerSocketChannel.class, NioDatagramChannel.class) {
      @Override
      IoHandlerFactory handlers() {
        return NioIoHandler.newFactory();
      }
    };

    final String label;
    final Class<? extends SocketChannel> socket;
    final Class<? extends ServerSocketChannel> serverSocket;
    final Class<? extends DatagramChannel> datagram;

    Transport(
        String label,
        Class<? extends SocketChannel> socket,
        Class<? extends ServerSocketChannel> serverSocket,
        Class<? extends DatagramChannel> datagram) {
      this.label = label;
      this.socket = socket;
      this.serverSocket = serverSocket;
      this.datagram = datagram;
    }

    abstract IoHandlerFactory handlers();
  }
}
