package io.sluice.core.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.core.net.BackendConnector;
import io.sluice.core.net.Channels;
import io.sluice.core.net.ClientAddress;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.server.ConfiguredServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server: the channel and the protocol on it. It belongs to one {@link User} at
 * a time, who hears of everything that happens to it. Confined to the event loop.
 */
final class ServerLink implements ChannelEdge.Events, BackendContext {

  /** Whom a link belongs to. */
  interface User {

    /** Stands around every call into the protocol. */
    CallGuard guard();

    /** For whom the link logs in. */
    Identity identity();

    /** The client behind it; null when there is none. */
    @Nullable ClientAddress clientAddress();

    /** The channel is active; the login begins if the answer is true, else the link closes. */
    boolean onConnected();

    /** The protocol has begun on this channel; called inside of the guard. */
    void onStarted(Channel channel);

    /** The login is done. */
    void onReady();

    /** The server has answered a ping. */
    void onAlive();

    /** A chunk of an answer came; ownership goes with the call. */
    void onReply(ByteBuf chunk, Reply reply);

    /** It failed; a closed link fails no more, but may tell so more than once before. */
    void onFailed(Failure failure);

    /** Something of ours on it threw. */
    void onDefect(RuntimeException thrown);

    /** The channel takes more bytes, or no more for now. */
    void onWritabilityChanged();

    /** Whether the link counts among those that the server may have. */
    default boolean isLimited() {
      return true;
    }

    /** Whether answers can be taken at this moment. */
    default boolean isTaken() {
      return true;
    }
  }

  private final Server server;
  private final @Nullable Object key;
  private final long connectedAt;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final ExceptionEnd end = new ExceptionEnd(this::onException);
  private User user;
  private @Nullable Seats seat;
  private boolean abandoned;
  private boolean interrupted;
  private @Nullable Channel channel;
  private @Nullable BackendConnection connection;

  /**
   * Does nothing yet; see {@link #connect}.
   *
   * @param key what another session must have in common to use it; null if none may
   * @param now the time in milliseconds
   */
  ServerLink(Server server, User user, @Nullable Object key, long now) {
    this.server = server;
    this.user = user;
    this.key = key;
    this.connectedAt = now;
  }

  /** Begins to connect. */
  void connect(BackendConnector connector, EventLoop loop) {
    if (!takeSeat(user)) {
      user.onFailed(full());
      return;
    }
    ChannelFuture connecting;
    try {
      connecting = connector.connect(loop, server.host(), server.port(), new ChannelEdge(this));
    } catch (RuntimeException e) {
      leaveSeat();
      throw e;
    }
    Channel opening = connecting.channel();
    if (connecting.isDone() && !opening.isRegistered() && !opening.closeFuture().isDone()) {
      // There is no socket, as without file descriptors: such a channel never tells of its end.
      leaveSeat();
      failed(lost("cannot connect: " + rootOf(connecting.cause()), connecting.cause()));
      return;
    }
    opening.closeFuture().addListener(done -> leaveSeat());
    channel = opening;
    connecting.addListener(
        done -> {
          @Nullable Throwable cause = done.cause();
          if (cause != null) {
            failed(lost("cannot connect: " + cause.getMessage(), cause));
          }
        });
  }

  private static @Nullable Throwable rootOf(@Nullable Throwable thrown) {
    @Nullable Throwable root = thrown;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  // Its seat among the connections that the server may have.

  /** Takes one if this user's connections count; false when none is free. */
  boolean takeSeat(User next) {
    if (seat != null || !next.isLimited() || !(server instanceof ConfiguredServer limited)) {
      return true;
    }
    Seats seats = limited.seats();
    if (!seats.take()) {
      return false;
    }
    seat = seats;
    return true;
  }

  /** Gives it back, if it has one. */
  void leaveSeat() {
    if (seat != null) {
      seat.leave();
      seat = null;
    }
  }

  // The channel.

  @Override
  public void onActive(ChannelHandlerContext context) {
    if (abandoned || !user.onConnected()) {
      context.close();
      return;
    }
    Channel active = context.channel();
    channel = active;
    active.closeFuture().addListener(done -> closed.complete(null));
    if (server instanceof ConfiguredServer configured) {
      configured.connectionOpened();
      active.closeFuture().addListener(closed -> configured.connectionClosed());
    }
    CallGuard guard = user.guard();
    guard.enter();
    try {
      announceClient(context);
      BackendConnection started = protocolOf(server).newConnection(this);
      connection = started;
      started.start(context.pipeline());
      context.pipeline().addLast(ExceptionEnd.NAME, end);
      user.onStarted(active);
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  /** Tells a server that wants to know it whose connection this is. */
  private void announceClient(ChannelHandlerContext context) {
    if (server instanceof ConfiguredServer configured
        && configured.proxyProtocol() != ProxyProtocol.NONE) {
      context.writeAndFlush(
          configured.proxyProtocol().header(context.alloc(), user.clientAddress()),
          context.voidPromise());
    }
  }

  @Override
  public void onWritabilityChanged(boolean writable) {
    if (!abandoned) {
      user.onWritabilityChanged();
    }
  }

  @Override
  public void onInactive() {
    failed(lost("connection lost", null));
  }

  private void onException(Throwable thrown) {
    Throwable cause = ExceptionEnd.unwrap(thrown);
    if (cause instanceof IOException) {
      failed(lost("connection lost: " + cause.getMessage(), cause));
    } else if (!abandoned) {
      user.onDefect(new IllegalStateException("connection to server " + server.name(), thrown));
    }
  }

  /** A connection that began with the address of a client is for others at that address only. */
  private record AddressedKey(Object key, String host) {}

  /** What another session must have in common to use this one's connection; null if none may. */
  static @Nullable Object keyOf(Server server, Identity identity) {
    @Nullable Object key = protocolOf(server).poolKey(identity);
    return key != null
            && server instanceof ConfiguredServer configured
            && configured.proxyProtocol() != ProxyProtocol.NONE
        ? new AddressedKey(key, identity.host())
        : key;
  }

  private static BackendProtocol protocolOf(Server server) {
    if (server instanceof ConfiguredServer configured) {
      return configured.backend();
    }
    throw new IllegalArgumentException(
        "server: " + server.name() + " (expected: one of the configuration)");
  }

  // What the protocol sees.

  @Override
  public Server server() {
    return server;
  }

  @Override
  public Channel channel() {
    @Nullable Channel open = channel;
    if (open == null) {
      throw new IllegalStateException("channel: none (expected: connected)");
    }
    return open;
  }

  @Override
  public Identity identity() {
    return user.identity();
  }

  @Override
  public void ready() {
    if (!abandoned) {
      end.moveTo(channel().pipeline());
      user.onReady();
    }
  }

  @Override
  public void alive() {
    if (!abandoned) {
      user.onAlive();
    }
  }

  @Override
  public void reply(ByteBuf chunk, Reply reply) {
    if (abandoned) {
      chunk.release();
    } else {
      user.onReply(chunk, reply);
    }
  }

  @Override
  public void failed(Failure failure) {
    if (!abandoned) {
      user.onFailed(failure);
    }
  }

  @Override
  public boolean isTaken() {
    return user.isTaken();
  }

  // What its user does.

  /** Sends a request to the protocol; ownership goes with the call. */
  void send(Message message) {
    @Nullable BackendConnection ready = connection;
    if (ready == null) {
      message.release();
      return;
    }
    CallGuard guard = user.guard();
    guard.enter();
    try {
      ready.routeQuery(message);
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  /** Asks the server to break off what is under way. */
  CompletionStage<Void> interrupt() {
    @Nullable BackendConnection ready = connection;
    // It may come too late for its request: then it must not hit that of another session.
    interrupted = true;
    return ready == null ? CompletableFuture.completedStage(null) : ready.interrupt();
  }

  /** What another session must have in common to use it; null if none may. */
  @Nullable Object key() {
    return key;
  }

  /** When it was made, in milliseconds. */
  long connectedAt() {
    return connectedAt;
  }

  /** Whether the channel is open. */
  boolean isActive() {
    return channel != null && channel.isActive();
  }

  /** Done when the channel is closed. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  /** From now on it belongs to this one. */
  void handTo(User next) {
    user = next;
  }

  /** Reads what the server sends, whatever the user before wanted. */
  void setReading() {
    channel().config().setAutoRead(true);
  }

  /** Whether another session may have it. */
  boolean isReusable() {
    boolean[] reusable = {false};
    onConnection(started -> reusable[0] = !interrupted && started.isReusable());
    return reusable[0];
  }

  /** Undoes what the session left; see {@link BackendConnection#reset}. */
  void reset() {
    onConnection(BackendConnection::reset);
  }

  /** Logs in for its user; see {@link BackendConnection#renew}. */
  void renew() {
    onConnection(BackendConnection::renew);
  }

  /** Asks for a sign of life; see {@link BackendConnection#ping}. */
  boolean ping() {
    boolean[] asked = {false};
    onConnection(started -> asked[0] = started.ping());
    return asked[0];
  }

  private void onConnection(Consumer<BackendConnection> call) {
    @Nullable BackendConnection started = connection;
    if (started != null) {
      user.guard().run(() -> call.accept(started));
    }
  }

  /** Whether the channel takes more bytes. */
  boolean isWritable() {
    return channel != null && channel.isWritable();
  }

  /** Says good-bye if the protocol has begun; the channel closes within {@code linger}. */
  void close(Duration linger) {
    @Nullable BackendConnection started = connection;
    @Nullable Channel open = channel;
    if (started != null) {
      user.guard().run(started::close);
    }
    if (open != null && started != null) {
      Channels.closeAfter(open, linger);
    } else if (open != null) {
      open.close();
    }
  }

  /** Closes the channel at once; nobody hears of it any more, and its seat is free. */
  void abandon() {
    abandoned = true;
    leaveSeat();
    abort();
  }

  /** Closes the channel at once. */
  void abort() {
    if (channel != null) {
      channel.close();
    }
  }

  private Failure full() {
    int most = server instanceof ConfiguredServer limited ? limited.seats().most() : 0;
    String message = "server " + server.name() + ": connections: " + most + " (expected: less)";
    return Failure.passing(CloseReason.LIMIT, message, null);
  }

  /** A failure of this link that may pass. */
  Failure lost(String what, @Nullable Throwable cause) {
    String message =
        "server " + server.name() + " (" + server.host() + ":" + server.port() + "): " + what;
    return Failure.passing(CloseReason.SERVER_LOST, message, cause);
  }
}
