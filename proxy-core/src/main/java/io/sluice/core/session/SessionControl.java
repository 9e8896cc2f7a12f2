package io.sluice.core.session;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.sluice.api.router.RouterSession;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.SessionOwner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client session as the registry and administrators see it. May be called on any thread; what it
 * does happens on the session's event loop.
 */
final class SessionControl implements ManagedSession {

  private static final Logger LOGGER = LoggerFactory.getLogger(SessionControl.class);

  private final SessionLedger ledger;
  private final SessionMachine machine;
  private final Channel channel;
  private final CallGuard guard;
  private final FilterChain chain;
  private final List<SessionEndpoint> endpoints;
  private final Supplier<String> protocolState;
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();

  /**
   * For one session.
   *
   * @param endpoints its live list, read on the loop only
   * @param protocolState what the protocol says that it does, asked on the loop only
   */
  SessionControl(
      SessionLedger ledger,
      SessionMachine machine,
      Channel channel,
      CallGuard guard,
      FilterChain chain,
      List<SessionEndpoint> endpoints,
      Supplier<String> protocolState) {
    this.ledger = ledger;
    this.machine = machine;
    this.channel = channel;
    this.guard = guard;
    this.chain = chain;
    this.endpoints = endpoints;
    this.protocolState = protocolState;
  }

  @Override
  public long id() {
    return ledger.id();
  }

  @Override
  public boolean isInternal() {
    return false;
  }

  @Override
  public SessionInfo info() {
    return ledger.info(machine.state());
  }

  @Override
  public CompletableFuture<SessionDetails> details() {
    return ask(
        () -> {
          Map<String, Object> router = machine.isOpen() ? chain.diagnostics() : Map.of();
          return new SessionDetails(
              info(),
              protocolState.get(),
              machine.pending(),
              endpoints.stream().map(SessionEndpoint::info).toList(),
              router);
        });
  }

  /** Asks on the loop; fails when the loops have stopped. */
  private <T> CompletableFuture<T> ask(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, channel.eventLoop());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Optional<SessionOwner> owner() {
    SessionInfo info = info();
    return Optional.of(new SessionOwner(info.service(), info.user()));
  }

  @Override
  public CompletableFuture<Void> interrupt() {
    return ask(() ->
            CompletableFuture.allOf(
                endpoints.stream()
                    .map(endpoint -> endpoint.interrupt().toCompletableFuture())
                    .toArray(CompletableFuture[]::new)))
        .thenCompose(told -> told);
  }

  @Override
  public void kill(Failure failure) {
    onLoop(() -> machine.onClose(failure.reason(), failure.message(), failure));
  }

  @Override
  public void end(CloseReason reason, String detail) {
    onLoop(() -> machine.onClose(reason, detail, null));
  }

  @Override
  public void drain() {
    onLoop(
        () -> {
          @Nullable RouterSession router = chain.router();
          if (machine.onDrain() && router != null) {
            guard.run(router::draining);
          }
        });
  }

  @Override
  public CompletableFuture<Void> terminated() {
    return terminated;
  }

  /** The client's channel is closed. */
  void onTerminated() {
    terminated.complete(null);
  }

  private void onLoop(Runnable task) {
    EventLoop loop = channel.eventLoop();
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The loops have stopped, and with them every channel.
      LOGGER.atDebug().addKeyValue("session", id()).log("session ended with its event loop");
    }
  }
}
