package io.sluice.core.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.sluice.api.protocol.Capability;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.router.RouterSession;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import io.sluice.core.net.BackpressureBridge;
import io.sluice.core.net.Channels;
import io.sluice.core.net.ClientAddress;
import io.sluice.core.net.ProxyHeader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's session: its channel, filters, router session and servers, all on one event loop.
 * When it ends is decided by its {@link SessionMachine} alone; what has to be done then waits until
 * no module code of the session is on the stack.
 */
public final class ClientSession
    implements SessionContext,
        EndpointOwner,
        CallGuard.Owner,
        ChannelEdge.Events,
        SessionMachine.Effects {

  private static final Logger LOGGER = LoggerFactory.getLogger(ClientSession.class);

  private final long id;
  private final SessionEnvironment environment;
  private final SessionHost host;
  private final Channel channel;
  private final SessionLedger ledger;
  private final SessionMachine machine = new SessionMachine(this);
  private final CallGuard guard = new CallGuard(this);
  private final BackpressureBridge bridge;
  private final FilterChain chain = new FilterChain(this::toClient);
  private final List<SessionEndpoint> endpoints = new ArrayList<>(2);
  private final SessionWatch watch;
  private final SessionControl control;
  private final ExceptionEnd end = new ExceptionEnd(this::onException);

  private @Nullable ClientConnection connection;
  private @Nullable ClientAddress address;
  private boolean addressOpen;
  private boolean seated;
  private SessionState.@Nullable Closed toTearDown;

  /** For a channel that was just accepted; {@link #handler} goes into its pipeline. */
  public ClientSession(SessionEnvironment environment, SessionHost host, Channel channel) {
    this.id = environment.registry().nextId();
    this.environment = environment;
    this.host = host;
    this.channel = channel;
    this.ledger =
        new SessionLedger(id, host.service(), Channels.hostOf(channel), environment.clock());
    this.address = ClientAddress.of(channel);
    this.bridge = new BackpressureBridge(channel);
    this.watch =
        new SessionWatch(
            channel, environment.limits().loginTimeout(), host.limits(), machine, ledger, bridge);
    this.control =
        new SessionControl(ledger, machine, channel, guard, chain, endpoints, this::protocolState);
  }

  /** What drives it: the first handler of the pipeline. */
  public ChannelHandler handler() {
    return new ChannelEdge(this);
  }

  /**
   * What stands before {@link #handler} on a listener that lets some peers forward connections.
   *
   * @param trusted whether this peer is one of them
   */
  public ChannelHandler proxyHeader(boolean trusted) {
    addressOpen = trusted;
    return new ProxyHeader(new Forwarding(), trusted);
  }

  /** Its other face, for the registry. */
  ManagedSession control() {
    return control;
  }

  // The client's channel.

  @Override
  public void onActive(ChannelHandlerContext context) {
    host.counters().opened();
    environment.registry().add(control);
    if (machine.isClosed()) {
      // The process is stopping: it has been drained just now.
      return;
    }
    @Nullable String full = host.seat();
    seated = full == null;
    watch.onConnected();
    guard.enter();
    try {
      ClientConnection made = host.protocol().newConnection(new Edge());
      connection = made;
      if (full != null) {
        machine.onClose(CloseReason.LIMIT, full, Failure.passing(CloseReason.LIMIT, full, null));
        return;
      }
      machine.onGreeted();
      made.start(context.pipeline());
      context.pipeline().addLast(ExceptionEnd.NAME, end);
      bridge.enableClient(!machine.isClosed());
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  @Override
  public void onWritabilityChanged(boolean writable) {
    bridge.setClientWritable(writable);
    @Nullable RouterSession router = chain.router();
    if (router != null && machine.isOpen()) {
      guard.run(() -> router.clientWritabilityChanged(writable));
    }
  }

  @Override
  public void onInactive() {
    machine.onClose(CloseReason.CLIENT_LOST, "connection closed", null);
    control.onTerminated();
  }

  private void onException(Throwable thrown) {
    Throwable cause = ExceptionEnd.unwrap(thrown);
    if (cause instanceof IOException) {
      machine.onClose(CloseReason.CLIENT_LOST, String.valueOf(cause.getMessage()), null);
    } else {
      onDefect(thrown);
    }
  }

  // From the client.

  private Set<Capability> onAuthenticated(Identity who) {
    if (!machine.onAuthenticated(who)) {
      return Set.of();
    }
    ledger.identity(who);
    watch.onAuthenticated();
    end.moveTo(channel.pipeline());
    guard.enter();
    try {
      chain.build(this, host.filters(), host.router());
      return FilterChain.capabilities(host.filters(), host.router());
    } catch (Throwable t) {
      guard.defect(t);
      return Set.of();
    } finally {
      guard.exit();
    }
  }

  private void onRequest(Message message) {
    if (!machine.isOpen()) {
      message.release();
      return;
    }
    ledger.activity();
    watch.onRequest(message.isLast());
    if (message.isFirst()) {
      ledger.request();
      host.counters().request();
      if (message.request().expectsReply()) {
        machine.onRequest();
      }
    }
    guard.enter();
    try {
      chain.routeQuery(message);
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  // To the client.

  private void toClient(ByteBuf chunk, Reply reply) {
    @Nullable ClientConnection to = connection;
    if (!machine.isOpen() || to == null) {
      chunk.release();
      return;
    }
    boolean complete = reply.isComplete() && reply.request().expectsReply();
    guard.enter();
    try {
      if (complete) {
        // First, so that a draining session takes no request that waits behind this answer.
        machine.onReplyComplete();
      }
      to.clientReply(chunk, reply);
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  // From servers.

  @Override
  public void onEndpointReady(SessionEndpoint endpoint) {
    @Nullable RouterSession router = chain.router();
    if (router != null && machine.isOpen()) {
      guard.run(() -> router.endpointReady(endpoint));
    }
  }

  @Override
  public void onEndpointReply(ByteBuf chunk, Reply reply, SessionEndpoint endpoint) {
    @Nullable RouterSession router = chain.router();
    if (router == null || !machine.isOpen()) {
      chunk.release();
      return;
    }
    ledger.activity();
    guard.enter();
    try {
      router.clientReply(chunk, reply, endpoint);
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  @Override
  public void onEndpointFailed(SessionEndpoint endpoint, Failure failure) {
    @Nullable RouterSession router = chain.router();
    if (router != null && machine.isOpen()) {
      guard.run(() -> router.handleError(endpoint, failure));
    }
  }

  @Override
  public void onEndpointClosed(SessionEndpoint endpoint) {
    endpoints.remove(endpoint);
  }

  // For the router and the filters.

  @Override
  public long id() {
    return id;
  }

  @Override
  public @Nullable ClientAddress clientAddress() {
    return address;
  }

  @Override
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public String service() {
    return host.service();
  }

  @Override
  public boolean mayPool() {
    return true;
  }

  @Override
  public Duration keepAlive() {
    return host.keepAlive();
  }

  @Override
  public Identity identity() {
    @Nullable Identity known = ledger.identity();
    if (known == null) {
      throw new IllegalStateException("identity: unknown (expected: after the login)");
    }
    return known;
  }

  @Override
  public Endpoint connect(Server server) {
    SessionEndpoint endpoint =
        new SessionEndpoint(this, guard, environment, bridge.addLeg(), server, identity());
    if (machine.isOpen()) {
      endpoints.add(endpoint);
      endpoint.open();
    } else {
      endpoint.close();
    }
    return endpoint;
  }

  @Override
  public Upstream upstream() {
    return chain.upstream();
  }

  @Override
  public boolean isClientWritable() {
    return bridge.isClientWritable() && machine.isOpen();
  }

  @Override
  public void setClientReading(boolean reading) {
    bridge.setClientReading(reading);
  }

  @Override
  public void close(CloseReason reason, String detail) {
    control.end(reason, detail);
  }

  @Override
  public void fail(Failure failure) {
    control.kill(failure);
  }

  private String protocolState() {
    return connection == null ? "" : connection.state();
  }

  // The end.

  @Override
  public void onDefect(Throwable thrown) {
    LOGGER
        .atError()
        .setCause(thrown)
        .addKeyValue("session", id)
        .addKeyValue("service", host.service())
        .log("defect in a module ends the session");
    machine.onClose(
        CloseReason.INTERNAL_ERROR,
        String.valueOf(thrown),
        Failure.passing(CloseReason.INTERNAL_ERROR, "internal error", thrown));
  }

  @Override
  public void end(SessionState.Closed closed) {
    toTearDown = closed;
    if (!guard.isInside()) {
      tearDown();
    }
  }

  @Override
  public void onOutermostReturn() {
    tearDown();
  }

  private void tearDown() {
    SessionState.@Nullable Closed closed = toTearDown;
    if (closed == null) {
      return;
    }
    toTearDown = null;
    watch.stop();
    bridge.enableClient(false);
    @Nullable ClientConnection open = connection;
    if (open == null) {
      channel.close();
    } else {
      guard.run(() -> open.close(closed.reason(), closed.failure()));
      Channels.closeAfter(channel, environment.limits().linger());
    }
    chain.close(guard);
    List.copyOf(endpoints).forEach(SessionEndpoint::close);
    if (seated) {
      seated = false;
      host.leave();
    }
    host.counters().closed(closed.failure() != null);
    // Last: whoever no longer finds the session may take its seat.
    environment.registry().remove(control, closed.reason());
    ledger.logEnd(closed);
  }

  /** What a PROXY header changes. */
  private final class Forwarding implements ProxyHeader.Listener {

    @Override
    public void onAddress(
        @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
      addressOpen = false;
      if (source != null) {
        address = new ClientAddress(source, destination);
        ledger.clientHost(Channels.hostOf(source));
      }
    }

    @Override
    public void onRefused(String why) {
      machine.onClose(CloseReason.PROTOCOL_VIOLATION, why, null);
    }
  }

  /** What the protocol sees. */
  private final class Edge implements ClientContext {

    @Override
    public long sessionId() {
      return id;
    }

    @Override
    public Channel channel() {
      return channel;
    }

    @Override
    public String clientHost() {
      return ledger.clientHost();
    }

    @Override
    public boolean isClientHostOpen() {
      return addressOpen;
    }

    @Override
    public Set<Capability> needs() {
      return FilterChain.capabilities(host.filters(), host.router());
    }

    @Override
    public Set<Capability> authenticated(Identity who) {
      return onAuthenticated(who);
    }

    @Override
    public void identityChanged(Identity who) {
      machine.onIdentityChanged(who);
      if (!machine.isClosed()) {
        ledger.activity();
        ledger.identity(who);
        chain.close(guard);
        List.copyOf(endpoints).forEach(SessionEndpoint::close);
        bridge.setClientReading(true);
        guard.run(() -> chain.build(ClientSession.this, host.filters(), host.router()));
      }
    }

    @Override
    public void activity() {
      ledger.activity();
    }

    @Override
    public void setReading(boolean reading) {
      bridge.setClientTakes(reading);
    }

    @Override
    public boolean isTaken() {
      return bridge.isClientTaken();
    }

    @Override
    public void closed(CloseReason reason, String detail) {
      machine.onClose(reason, detail, null);
    }

    @Override
    public void routeQuery(Message message) {
      onRequest(message);
    }
  }
}
