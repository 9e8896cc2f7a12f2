package io.sluice.core.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sluice.api.context.InternalClient;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Reply;
import io.sluice.core.net.BackpressureBridge;
import io.sluice.core.session.CallGuard;
import io.sluice.core.session.EndpointOwner;
import io.sluice.core.session.ManagedSession;
import io.sluice.core.session.SessionDetails;
import io.sluice.core.session.SessionEndpoint;
import io.sluice.core.session.SessionEnvironment;
import io.sluice.core.session.SessionInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session without a socket: one endpoint, whose answers go to the module that opened it. Ends
 * with its endpoint. {@link #close}, {@link #info} and the other methods of {@link ManagedSession}
 * may be called on any thread, the rest belongs to the event loop.
 */
final class InternalClientSession
    implements InternalClient, ManagedSession, EndpointOwner, CallGuard.Owner {

  private static final Logger LOGGER = LoggerFactory.getLogger(InternalClientSession.class);

  private final long id;
  private final String purpose;
  private final SessionEnvironment environment;
  private final EventLoop loop;
  private final Identity identity;
  private final EndpointHandler handler;
  private final Instant startedAt;
  private final AtomicLong lastActivity;
  private final CallGuard guard = new CallGuard(this);
  private final SessionEndpoint endpoint;
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();

  private volatile boolean silent;
  private volatile String state = "open";
  private CloseReason reason = CloseReason.CLIENT_QUIT;
  private String detail = "closed by its owner";

  InternalClientSession(
      SessionEnvironment environment,
      EventLoop loop,
      String purpose,
      Server server,
      Identity identity,
      EndpointHandler handler) {
    this.id = environment.registry().nextId();
    this.environment = environment;
    this.loop = loop;
    this.purpose = purpose;
    this.identity = identity;
    this.handler = handler;
    this.startedAt = environment.clock().instant();
    this.lastActivity = new AtomicLong(startedAt.toEpochMilli());
    BackpressureBridge.Leg leg = new BackpressureBridge(null).addLeg();
    this.endpoint = new SessionEndpoint(this, guard, environment, leg, server, identity);
  }

  void open() {
    environment.registry().add(this);
    try {
      endpoint.open();
    } catch (RejectedExecutionException e) {
      // The loops have stopped: nobody is left to be told.
      environment.registry().remove(this, CloseReason.SHUTDOWN);
      state = "closed";
      terminated.complete(null);
    }
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public boolean isLimited() {
    return false;
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    silent = true;
    onLoop(endpoint::close);
  }

  @Override
  public void onEndpointReady(SessionEndpoint ready) {
    if (!silent) {
      guard.run(() -> handler.endpointReady(ready));
    }
  }

  @Override
  public void onEndpointReply(ByteBuf chunk, Reply reply, SessionEndpoint from) {
    if (silent) {
      chunk.release();
      return;
    }
    lastActivity.setRelease(environment.clock().millis());
    guard.enter();
    try {
      handler.clientReply(chunk, reply, from);
    } catch (Throwable t) {
      guard.defect(t);
    } finally {
      guard.exit();
    }
  }

  @Override
  public void onEndpointFailed(SessionEndpoint from, Failure failure) {
    reason = failure.reason();
    detail = failure.message();
    if (!silent) {
      silent = true;
      guard.run(() -> handler.handleError(from, failure));
    }
  }

  @Override
  public void onEndpointClosed(SessionEndpoint closed) {
    if (terminated.isDone()) {
      return;
    }
    silent = true;
    state = "closed";
    environment.registry().remove(this, reason);
    LOGGER
        .atDebug()
        .addKeyValue("session", id)
        .addKeyValue("purpose", purpose)
        .addKeyValue("server", closed.server().name())
        .addKeyValue("reason", reason.label())
        .addKeyValue("detail", detail)
        .log("internal session ended");
    terminated.complete(null);
  }

  @Override
  public void onDefect(Throwable thrown) {
    LOGGER
        .atError()
        .setCause(thrown)
        .addKeyValue("session", id)
        .addKeyValue("purpose", purpose)
        .log("defect in a module ends the session");
    endpoint.fail(Failure.passing(CloseReason.INTERNAL_ERROR, "internal error", thrown));
  }

  @Override
  public void onOutermostReturn() {}

  @Override
  public boolean isInternal() {
    return true;
  }

  @Override
  public SessionInfo info() {
    return new SessionInfo(
        id,
        true,
        purpose,
        identity.user(),
        "",
        state,
        startedAt,
        Instant.ofEpochMilli(lastActivity.getAcquire()),
        0);
  }

  @Override
  public CompletableFuture<SessionDetails> details() {
    return CompletableFuture.supplyAsync(
        () ->
            new SessionDetails(info(), "", endpoint.pending(), List.of(endpoint.info()), Map.of()),
        loop);
  }

  @Override
  public void kill(Failure failure) {
    onLoop(() -> endpoint.fail(failure));
  }

  @Override
  public void end(CloseReason why, String text) {
    silent = true;
    onLoop(
        () -> {
          reason = why;
          detail = text;
          endpoint.close();
        });
  }

  /** Nothing: its owner ends it. */
  @Override
  public void drain() {}

  @Override
  public CompletableFuture<Void> terminated() {
    return terminated;
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOGGER.atDebug().addKeyValue("session", id).log("session ended with its event loop");
    }
  }
}
