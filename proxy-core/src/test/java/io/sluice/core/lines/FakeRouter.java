package io.sluice.core.lines;

import io.netty.buffer.ByteBuf;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterFactory;
import io.sluice.api.router.RouterSession;
import io.sluice.api.server.Server;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.SessionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** Routers whose sessions a test makes. */
public final class FakeRouter implements RouterFactory {

  /** Makes sessions; null for {@link Pass}. */
  public volatile BiFunction<SessionContext, FakeRouter, RouterSession> sessions = Pass::new;

  public final List<Pass> passes = new CopyOnWriteArrayList<>();
  public final AtomicInteger opened = new AtomicInteger();
  public final AtomicInteger closed = new AtomicInteger();
  public final AtomicInteger routersClosed = new AtomicInteger();
  public final List<Failure> failures = new CopyOnWriteArrayList<>();
  public volatile RouterContext context;
  public volatile boolean goesOnWithoutServer;
  public volatile int sessionsOpenAtClose = -1;

  @Override
  public ModuleInfo info() {
    return new ModuleInfo(
        "pass", ModuleKind.ROUTER, ApiVersion.CURRENT, Maturity.ALPHA, "Passes through.");
  }

  @Override
  public SettingsSpec settings() {
    return SettingsSpec.EMPTY;
  }

  @Override
  public Router createInstance(RouterContext routerContext, Settings settings) {
    context = routerContext;
    return new Router() {
      @Override
      public RouterSession newSession(SessionContext session) {
        return sessions.apply(session, FakeRouter.this);
      }

      @Override
      public void close() {
        sessionsOpenAtClose = opened.get() - closed.get();
        routersClosed.incrementAndGet();
      }
    };
  }

  public List<Server> servers() {
    return context.service().servers();
  }

  /**
   * Opens all servers at once and sends to the first, or to the Nth for {@code @N text}. Some lines
   * are for itself: see {@link #routeQuery}.
   */
  public static class Pass implements RouterSession {

    protected final SessionContext session;
    protected final FakeRouter router;
    public final List<Endpoint> endpoints = new ArrayList<>();
    public final List<String> events = new CopyOnWriteArrayList<>();
    private Endpoint current;

    public Pass(SessionContext session, FakeRouter router) {
      this.session = session;
      this.router = router;
      router.opened.incrementAndGet();
      router.passes.add(this);
      for (Server server : router.servers()) {
        endpoints.add(session.connect(server));
      }
      current = endpoints.isEmpty() ? null : endpoints.get(0);
    }

    @Override
    public void routeQuery(Message message) {
      String text = ((LineRequest) message.request()).text();
      if (message.isFirst()) {
        switch (text) {
          case "router-throws" -> {
            message.release();
            throw new IllegalStateException("the router is broken");
          }
          case "close-endpoint" -> {
            endpoints.get(0).close();
            endpoints.get(0).close();
          }
          default -> {
            if (text.startsWith("@")) {
              current = endpoints.get(text.charAt(1) - '0');
            }
          }
        }
      }
      current.routeQuery(message);
      if (text.equals("backend-fails")) {
        events.add("routed");
      }
    }

    @Override
    public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
      session.upstream().clientReply(chunk, reply);
    }

    @Override
    public void endpointReady(Endpoint endpoint) {
      events.add("ready " + endpoint.server().name());
    }

    @Override
    public void handleError(Endpoint from, Failure failure) {
      events.add("failed " + from.server().name());
      router.failures.add(failure);
      if (!router.goesOnWithoutServer) {
        session.fail(failure);
      }
    }

    @Override
    public void clientWritabilityChanged(boolean writable) {
      events.add("writable " + writable);
    }

    @Override
    public void draining() {
      events.add("draining");
    }

    @Override
    public Map<String, Object> diagnostics() {
      return Map.of("endpoints", endpoints.size());
    }

    @Override
    public void close() {
      events.add("close");
      router.closed.incrementAndGet();
    }
  }
}
