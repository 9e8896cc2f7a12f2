package io.sluice.core.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.core.net.BackpressureBridge;
import io.sluice.core.net.Channels;
import io.sluice.core.server.ConfiguredServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server of one session: connects on the session's event loop, keeps requests until the login
 * is done, counts what is under way, and reports a failure exactly once. Confined to the event
 * loop.
 *
 * <pre>
 *   CONNECTING ──channel active──▶ LOGIN ──ready──▶ READY
 *        └─────────────failure or close──┴────────────┴──▶ CLOSED
 * </pre>
 */
public final class SessionEndpoint implements Endpoint {

  private static final Logger LOGGER = LoggerFactory.getLogger(SessionEndpoint.class);

  private enum State {
    CONNECTING,
    LOGIN,
    READY,
    CLOSED
  }

  private final EndpointOwner owner;
  private final CallGuard guard;
  private final SessionEnvironment environment;
  private final BackpressureBridge.Leg leg;
  private final Server server;
  private final Identity identity;
  private final Queue<Message> queue = new ArrayDeque<>(4);

  private final ExceptionEnd end = new ExceptionEnd(this::onException);

  private State state = State.CONNECTING;
  private long queuedBytes;
  private int pending;
  private boolean silent;
  private boolean flushing;
  private @Nullable Channel channel;
  private @Nullable BackendConnection connection;
  private @Nullable Future<?> timer;

  /** Does nothing yet; see {@link #open}. */
  public SessionEndpoint(
      EndpointOwner owner,
      CallGuard guard,
      SessionEnvironment environment,
      BackpressureBridge.Leg leg,
      Server server,
      Identity identity) {
    this.owner = owner;
    this.guard = guard;
    this.environment = environment;
    this.leg = leg;
    this.server = server;
    this.identity = identity;
  }

  /** Begins to connect, in a later task of the loop. */
  public void open() {
    owner.eventLoop().execute(this::connect);
  }

  private void connect() {
    if (state != State.CONNECTING) {
      return;
    }
    Duration timeout = environment.connector().timeout();
    startTimer(timeout, "no connection within " + timeout.toMillis() + " ms");
    try {
      connectNow();
    } catch (RuntimeException e) {
      fail(lost("cannot connect: " + e, e));
    }
  }

  private void connectNow() {
    ChannelFuture connecting =
        environment
            .connector()
            .connect(
                owner.eventLoop(),
                server.host(),
                server.port(),
                new ChannelEdge(
                    new ChannelEdge.Events() {
                      @Override
                      public void onActive(ChannelHandlerContext context) {
                        onConnected(context);
                      }

                      @Override
                      public void onWritabilityChanged(boolean writable) {
                        updateWritable();
                      }

                      @Override
                      public void onInactive() {
                        fail(lost("connection lost", null));
                      }
                    }));
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          @Nullable Throwable cause = done.cause();
          if (cause != null) {
            fail(lost("cannot connect: " + cause.getMessage(), cause));
          }
        });
  }

  private void onConnected(ChannelHandlerContext context) {
    if (state != State.CONNECTING) {
      context.close();
      return;
    }
    state = State.LOGIN;
    Channel active = context.channel();
    channel = active;
    Duration timeout = environment.limits().loginTimeout();
    startTimer(timeout, "login not finished within " + timeout.toMillis() + " ms");
    if (server instanceof ConfiguredServer configured) {
      configured.connectionOpened();
      active.closeFuture().addListener(closed -> configured.connectionClosed());
    }
    guard.enter();
    try {
      BackendConnection started = protocolOf(server).newConnection(new Edge(active));
      connection = started;
      started.start(context.pipeline());
      context.pipeline().addLast(ExceptionEnd.NAME, end);
      if (state != State.CLOSED) {
        leg.attach(active);
      }
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  private static io.sluice.api.protocol.BackendProtocol protocolOf(Server server) {
    if (server instanceof ConfiguredServer configured) {
      return configured.backend();
    }
    throw new IllegalArgumentException(
        "server: " + server.name() + " (expected: one of the configuration)");
  }

  private void onReady() {
    if (state != State.LOGIN) {
      return;
    }
    state = State.READY;
    stopTimer();
    leg.loggedIn();
    if (channel != null) {
      end.moveTo(channel.pipeline());
    }
    flushing = true;
    for (Message next = queue.poll(); next != null; next = queue.poll()) {
      queuedBytes -= next.content().readableBytes();
      send(next);
    }
    flushing = false;
    updateWritable();
    if (state == State.READY) {
      owner.onEndpointReady(this);
    }
  }

  private void onReply(ByteBuf chunk, Reply reply) {
    if (state == State.CLOSED) {
      chunk.release();
      return;
    }
    if (reply.isComplete() && reply.request().expectsReply() && pending > 0) {
      pending--;
    }
    owner.onEndpointReply(chunk, reply, this);
  }

  private void onException(Throwable thrown) {
    Throwable cause = ExceptionEnd.unwrap(thrown);
    if (cause instanceof IOException) {
      fail(lost("connection lost: " + cause.getMessage(), cause));
    } else if (state != State.CLOSED) {
      guard.run(
          () -> {
            throw new IllegalStateException("connection to server " + server.name(), thrown);
          });
    }
  }

  @Override
  public Server server() {
    return server;
  }

  @Override
  public void routeQuery(Message message) {
    if (state == State.CLOSED) {
      message.release();
      return;
    }
    if (message.isFirst() && message.request().expectsReply()) {
      pending++;
    }
    // What comes from within the flush of the queue goes behind what still waits there.
    if (state == State.READY && !flushing) {
      send(message);
      return;
    }
    queuedBytes += message.content().readableBytes();
    queue.add(message);
    updateWritable();
  }

  private void send(Message message) {
    @Nullable BackendConnection ready = connection;
    if (state == State.CLOSED || ready == null) {
      message.release();
      return;
    }
    guard.enter();
    try {
      ready.routeQuery(message);
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  @Override
  public boolean isOpen() {
    return state != State.CLOSED;
  }

  @Override
  public boolean isReady() {
    return state == State.READY;
  }

  @Override
  public int pending() {
    return pending;
  }

  @Override
  public boolean isWritable() {
    return switch (state) {
      case CONNECTING, LOGIN -> queuedBytes < environment.limits().queueLimit();
      case READY -> channel != null && channel.isWritable();
      case CLOSED -> false;
    };
  }

  private void updateWritable() {
    if (state != State.CLOSED) {
      leg.setWritable(isWritable());
    }
  }

  @Override
  public void setReading(boolean reading) {
    leg.setReading(reading);
  }

  /** What administrators see. */
  public EndpointInfo info() {
    return new EndpointInfo(
        server.name(), state.name().toLowerCase(Locale.ROOT), pending, queuedBytes);
  }

  @Override
  public void close() {
    silent = true;
    if (state == State.CLOSED) {
      return;
    }
    @Nullable BackendConnection started = connection;
    becomeClosed();
    if (started != null) {
      guard.run(started::close);
    }
    closeChannel(started != null);
    owner.onEndpointClosed(this);
  }

  /** Fails it, as if the connection had broken; does nothing when it is closed. */
  public void fail(Failure failure) {
    if (state == State.CLOSED) {
      return;
    }
    LOGGER
        .atDebug()
        .addKeyValue("session", owner.id())
        .addKeyValue("server", server.name())
        .addKeyValue("reason", failure.reason().label())
        .addKeyValue("detail", failure.message())
        .log("server connection failed");
    boolean ours =
        failure.reason() == CloseReason.KILLED || failure.reason() == CloseReason.INTERNAL_ERROR;
    if (!ours && server instanceof ConfiguredServer configured) {
      configured.connectionFailed();
    }
    becomeClosed();
    closeChannel(false);
    if (guard.isInside()) {
      owner.eventLoop().execute(() -> report(failure));
    } else {
      report(failure);
    }
  }

  private void report(Failure failure) {
    if (!silent) {
      silent = true;
      owner.onEndpointFailed(this, failure);
    }
    owner.onEndpointClosed(this);
  }

  private void becomeClosed() {
    state = State.CLOSED;
    stopTimer();
    leg.remove();
    pending = 0;
    queuedBytes = 0;
    for (Message waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
      waiting.release();
    }
  }

  private void closeChannel(boolean graceful) {
    @Nullable Channel open = channel;
    if (open == null) {
      return;
    }
    if (graceful) {
      Channels.closeAfter(open, environment.limits().linger());
    } else {
      open.close();
    }
  }

  private void startTimer(Duration timeout, String message) {
    stopTimer();
    timer =
        owner
            .eventLoop()
            .schedule(() -> fail(lost(message, null)), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private Failure lost(String what, @Nullable Throwable cause) {
    String message =
        "server " + server.name() + " (" + server.host() + ":" + server.port() + "): " + what;
    return Failure.passing(CloseReason.SERVER_LOST, message, cause);
  }

  /** What the protocol sees. */
  private final class Edge implements BackendContext {
    private final Channel active;

    Edge(Channel active) {
      this.active = active;
    }

    @Override
    public Server server() {
      return server;
    }

    @Override
    public Channel channel() {
      return active;
    }

    @Override
    public Identity identity() {
      return identity;
    }

    @Override
    public void ready() {
      onReady();
    }

    @Override
    public void reply(ByteBuf chunk, Reply reply) {
      onReply(chunk, reply);
    }

    @Override
    public void failed(Failure failure) {
      fail(failure);
    }
  }
}
