package io.sluice.core.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound address whose connections become sessions. Thread-safe; {@link #start} and {@link #stop}
 * block and are not for event loops.
 *
 * <p>Accepted channels do not read until their session says so.
 */
public final class Listener {

  private static final Logger LOGGER = LoggerFactory.getLogger(Listener.class);

  /** What a listener is doing. */
  public enum State {
    /** Never started. */
    CREATED("created"),
    /** Takes connections. */
    RUNNING("running"),
    /** Takes no more connections. */
    STOPPED("stopped"),
    /** Could not be bound. */
    FAILED("failed");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** The word for logs and administration. */
    public String label() {
      return label;
    }
  }

  private final String name;
  private final String address;
  private final int port;
  private final EventLoops loops;
  private final Consumer<Channel> acceptor;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder open = new LongAdder();

  private volatile State state = State.CREATED;
  private volatile String message = "";
  private volatile @Nullable Channel channel;

  /**
   * Binds nothing yet.
   *
   * @param name for logs and errors
   * @param address host name or address
   * @param port TCP port, 0 for any free one
   * @param loops where connections live
   * @param acceptor is given each new channel, on its event loop and before it is active, to add
   *     its handlers
   */
  public Listener(
      String name, String address, int port, EventLoops loops, Consumer<Channel> acceptor) {
    this.name = name;
    this.address = address;
    this.port = port;
    this.loops = loops;
    this.acceptor = acceptor;
  }

  /**
   * Binds and begins to accept; does nothing if it already does.
   *
   * @throws ListenException if the address cannot be bound
   */
  public synchronized void start() {
    if (state == State.RUNNING) {
      return;
    }
    InetSocketAddress local = new InetSocketAddress(address, port);
    if (local.isUnresolved()) {
      throw failed("the host name is not known", new java.net.UnknownHostException(address));
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverSocketChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Channels.WATER_MARK)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    accept(child);
                  }
                });
    ChannelFuture bound = bootstrap.bind(local).awaitUninterruptibly();
    @Nullable Throwable cause = bound.cause();
    if (cause != null) {
      throw failed(String.valueOf(cause.getMessage()), cause);
    }
    channel = bound.channel();
    message = "";
    state = State.RUNNING;
    LOGGER
        .atInfo()
        .addKeyValue("listener", name)
        .addKeyValue("address", address)
        .addKeyValue("port", port())
        .log("listening");
  }

  /** Takes no more connections; those that it took live on. */
  public synchronized void stop() {
    @Nullable Channel bound = channel;
    if (bound == null) {
      return;
    }
    bound.close().awaitUninterruptibly();
    channel = null;
    state = State.STOPPED;
    LOGGER.atInfo().addKeyValue("listener", name).log("listener stopped");
  }

  private ListenException failed(String why, Throwable cause) {
    state = State.FAILED;
    message = why;
    return new ListenException(
        "listener " + name + ": cannot listen on " + address + ":" + port + ": " + why, cause);
  }

  private void accept(Channel child) {
    accepted.increment();
    open.increment();
    child.closeFuture().addListener(closed -> open.decrement());
    acceptor.accept(child);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The address as configured. */
  public String address() {
    return address;
  }

  /** The port that is bound, or the configured one while none is. */
  public int port() {
    @Nullable Channel bound = channel;
    return bound != null && bound.localAddress() instanceof InetSocketAddress local
        ? local.getPort()
        : port;
  }

  /** What it is doing. */
  public State state() {
    return state;
  }

  /** Why it is in this state; empty when there is nothing to say. */
  public String message() {
    return message;
  }

  /** How many connections it has taken. */
  public long accepted() {
    return accepted.sum();
  }

  /** How many of its connections are open. */
  public long open() {
    return open.sum();
  }
}
