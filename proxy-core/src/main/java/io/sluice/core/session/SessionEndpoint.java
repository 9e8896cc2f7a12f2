package io.sluice.core.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.core.net.BackpressureBridge;
import io.sluice.core.net.ClientAddress;
import io.sluice.core.server.ConfiguredServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
 *
 * <p>A connection of the pool, if there is one, begins in LOGIN; if it turns out to be of no use,
 * the endpoint goes back to CONNECTING and makes a new one.
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

  private State state = State.CONNECTING;
  private long queuedBytes;
  private int pending;
  private boolean silent;
  private boolean flushing;
  private boolean renewing;
  private @Nullable Object poolKey;
  private @Nullable ServerLink link;
  private @Nullable KeepAlive keepAlive;
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
    @Nullable LoopPool pool = pool();
    if (pool != null) {
      guard.run(() -> poolKey = ServerLink.keyOf(server, identity));
    }
    @Nullable ServerLink pooled =
        pool == null || poolKey == null || state != State.CONNECTING
            ? null
            : pool.take(poolKey, new LinkUser());
    if (pooled == null) {
      connectAnew();
    } else {
      renew(pooled);
    }
  }

  private @Nullable LoopPool pool() {
    return owner.mayPool() ? environment.pools().of(server, owner.eventLoop()) : null;
  }

  private void renew(ServerLink pooled) {
    link = pooled;
    renewing = true;
    beginLogin();
    leg.attach(pooled.channel());
    pooled.renew();
  }

  private void connectAnew() {
    if (state != State.CONNECTING) {
      return;
    }
    Duration timeout = environment.connector().timeout();
    ServerLink connecting =
        new ServerLink(server, new LinkUser(), poolKey, environment.clock().millis());
    link = connecting;
    startTimer(timeout, "no connection within " + timeout.toMillis() + " ms");
    try {
      connecting.connect(environment.connector(), owner.eventLoop());
    } catch (RuntimeException e) {
      fail(connecting.lost("cannot connect: " + e, e));
    }
  }

  private void beginLogin() {
    state = State.LOGIN;
    Duration timeout = environment.limits().loginTimeout();
    startTimer(timeout, "login not finished within " + timeout.toMillis() + " ms");
  }

  /** The connection of the pool was of no use: the server may have closed it just now. */
  private void startOver(ServerLink useless, Failure failure) {
    LOGGER
        .atDebug()
        .addKeyValue("session", owner.id())
        .addKeyValue("server", server.name())
        .addKeyValue("detail", failure.message())
        .log("pooled connection was of no use");
    renewing = false;
    state = State.CONNECTING;
    link = null;
    stopTimer();
    if (server instanceof ConfiguredServer configured) {
      configured.poolCounters().stale();
    }
    useless.abandon();
    owner.eventLoop().execute(this::connectAnew);
  }

  private void onReady() {
    if (state != State.LOGIN) {
      return;
    }
    state = State.READY;
    stopTimer();
    leg.loggedIn();
    if (renewing && server instanceof ConfiguredServer configured) {
      configured.poolCounters().reused();
    }
    renewing = false;
    startKeepAlive();
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

  private void startKeepAlive() {
    Duration interval = owner.keepAlive();
    if (!interval.isZero()) {
      keepAlive =
          new KeepAlive(
              owner.eventLoop(), interval, environment.limits().loginTimeout(), new PingLine());
      keepAlive.start();
    }
  }

  private void onReply(ByteBuf chunk, Reply reply) {
    if (state == State.CLOSED) {
      chunk.release();
      return;
    }
    if (keepAlive != null) {
      keepAlive.traffic();
    }
    if (reply.isComplete() && reply.request().expectsReply() && pending > 0) {
      pending--;
    }
    owner.onEndpointReply(chunk, reply, this);
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
    @Nullable ServerLink ready = link;
    if (state == State.CLOSED || ready == null) {
      message.release();
      return;
    }
    if (keepAlive != null) {
      keepAlive.traffic();
    }
    ready.send(message);
  }

  /** Asks the server to break off what is under way, if anything is. */
  CompletionStage<Void> interrupt() {
    return state == State.READY && pending > 0 && link != null
        ? link.interrupt()
        : CompletableFuture.completedStage(null);
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
      case READY -> link != null && link.isWritable();
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
    boolean idle = state == State.READY && pending == 0 && queue.isEmpty() && !flushing;
    becomeClosed();
    if (link != null && !(idle && isParked(link))) {
      link.close(environment.limits().linger());
    }
    owner.onEndpointClosed(this);
  }

  private boolean isParked(ServerLink open) {
    @Nullable LoopPool pool = open.key() == null ? null : pool();
    return pool != null && pool.park(open);
  }

  /** Fails it, as if the connection had broken; does nothing when it is closed. */
  public void fail(Failure failure) {
    if (state == State.CLOSED) {
      return;
    }
    boolean ours =
        failure.reason() == CloseReason.KILLED
            || failure.reason() == CloseReason.LIMIT
            || failure.reason() == CloseReason.INTERNAL_ERROR;
    if (renewing && link != null && !ours && failure.kind() == Failure.Kind.TRANSIENT) {
      startOver(link, failure);
      return;
    }
    LOGGER
        .atDebug()
        .addKeyValue("session", owner.id())
        .addKeyValue("server", server.name())
        .addKeyValue("reason", failure.reason().label())
        .addKeyValue("detail", failure.message())
        .log("server connection failed");
    if (!ours && server instanceof ConfiguredServer configured) {
      configured.connectionFailed();
    }
    becomeClosed();
    if (link != null) {
      link.abort();
    }
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
    if (keepAlive != null) {
      keepAlive.stop();
    }
    leg.remove();
    pending = 0;
    queuedBytes = 0;
    for (Message waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
      waiting.release();
    }
  }

  private void startTimer(Duration timeout, String message) {
    stopTimer();
    timer =
        owner
            .eventLoop()
            .schedule(() -> onTimeout(message), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void onTimeout(String message) {
    if (link != null) {
      fail(link.lost(message, null));
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private final class PingLine implements KeepAlive.Line {

    @Override
    public boolean isQuiet() {
      return state == State.READY && pending == 0 && leg.isRead();
    }

    @Override
    public boolean ping() {
      return link != null && link.ping();
    }

    @Override
    public void dead(Duration waited) {
      if (link != null) {
        fail(link.lost("no sign of life within " + waited.toMillis() + " ms", null));
      }
    }
  }

  /** What the link tells. */
  private final class LinkUser implements ServerLink.User {

    @Override
    public CallGuard guard() {
      return guard;
    }

    @Override
    public Identity identity() {
      return identity;
    }

    @Override
    public @Nullable ClientAddress clientAddress() {
      return owner.clientAddress();
    }

    @Override
    public boolean onConnected() {
      if (state != State.CONNECTING) {
        return false;
      }
      beginLogin();
      return true;
    }

    @Override
    public void onStarted(Channel channel) {
      if (state != State.CLOSED) {
        leg.attach(channel);
      }
    }

    @Override
    public void onReady() {
      SessionEndpoint.this.onReady();
    }

    @Override
    public void onAlive() {
      if (keepAlive != null) {
        keepAlive.alive();
      }
    }

    @Override
    public void onReply(ByteBuf chunk, Reply reply) {
      SessionEndpoint.this.onReply(chunk, reply);
    }

    @Override
    public void onFailed(Failure failure) {
      fail(failure);
    }

    @Override
    public void onDefect(RuntimeException thrown) {
      if (state != State.CLOSED) {
        guard.run(
            () -> {
              throw thrown;
            });
      }
    }

    @Override
    public void onWritabilityChanged() {
      updateWritable();
    }

    @Override
    public boolean isLimited() {
      return owner.isLimited();
    }

    @Override
    public boolean isTaken() {
      return leg.isTaken();
    }
  }
}
