package io.sluice.core.service;

import io.sluice.api.config.Settings;
import io.sluice.api.context.ServiceView;
import io.sluice.api.filter.Filter;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.server.AdHocServer;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import io.sluice.core.context.ModuleContextImpl;
import io.sluice.core.context.SharedParts;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.session.ClientLimits;
import io.sluice.core.session.Seats;
import io.sluice.core.session.SessionCounters;
import io.sluice.core.session.SessionEnvironment;
import io.sluice.core.session.SessionHost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service of the configuration: router, filters, listeners. Thread-safe; what starts and stops it
 * blocks and is not for event loops.
 *
 * <p>Order: the router is made first, then the listeners' protocols, then the listeners bind; it
 * ends the other way round.
 */
public final class Service implements ServiceView {

  private static final Logger LOGGER = LoggerFactory.getLogger(Service.class);

  private final ServiceView view;
  private final List<FilterRuntime> filters;
  private final Duration keepAlive;
  private final SessionCounters counters = new SessionCounters();
  private final Seats seats;
  private final Router router;
  private final List<ServiceListener> listeners = new CopyOnWriteArrayList<>();

  private volatile String state = "created";
  private volatile @Nullable Instant startedAt;

  /** Makes the router, then the listeners' protocols; what they throw passes through. */
  Service(ServiceSpec spec, SharedParts shared, SessionEnvironment environment) {
    this.view = new ServiceViewImpl(spec);
    this.filters = spec.filters();
    this.seats =
        new Seats(
            spec.listeners().stream()
                .mapToInt(listener -> listener.limits().serviceConnections())
                .max()
                .orElse(0));
    this.keepAlive = spec.keepAlive();
    this.router = spec.router().createInstance(new Context(shared, view), spec.options());
    ServiceView live = new LiveServiceView(view, router);
    try {
      for (ListenerSpec listener : spec.listeners()) {
        listeners.add(
            new ServiceListener(
                listener, live, shared, shared.eventLoops(), environment, this::hostOf));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private SessionHost hostOf(ClientProtocol protocol, ClientLimits limits) {
    List<Filter> chain = filters.stream().map(FilterRuntime::filter).toList();
    return new SessionHost(view.name(), protocol, router, chain, counters)
        .keptAlive(keepAlive)
        .limited(limits, seats);
  }

  /** Binds the listeners. */
  void start(Instant now) {
    listeners.forEach(ServiceListener::start);
    startedAt = now;
    state = "running";
    LOGGER
        .atInfo()
        .addKeyValue("service", name())
        .addKeyValue("router", router())
        .log("service started");
  }

  /** Takes no more clients. */
  void stopListening() {
    state = "stopping";
    listeners.forEach(listener -> Quietly.run("stop listener", listener.name(), listener::stop));
  }

  /** Closes protocols and router, after the last session. */
  void close() {
    listeners.forEach(listener -> Quietly.run("close listener", listener.name(), listener::close));
    Quietly.run("close router", name(), router::close);
    state = "stopped";
  }

  @Override
  public String name() {
    return view.name();
  }

  @Override
  public String router() {
    return view.router();
  }

  @Override
  public List<Server> servers() {
    return view.servers();
  }

  @Override
  public boolean isMonitored() {
    return view.isMonitored();
  }

  @Override
  public Optional<Credentials> credentials() {
    return view.credentials();
  }

  /** The module's router, for diagnostics and commands. */
  public Router routerInstance() {
    return router;
  }

  /** Its filters in order. */
  public List<FilterRuntime> filters() {
    return filters;
  }

  /** Its listeners in order. */
  public List<ServiceListener> listeners() {
    return List.copyOf(listeners);
  }

  /** What it is doing: created, running, stopping or stopped. */
  public String state() {
    return state;
  }

  /** When its listeners were bound. */
  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAt);
  }

  /** Sessions that are open. */
  public long currentSessions() {
    return counters.open();
  }

  /** Sessions since the start. */
  public long totalSessions() {
    return counters.total();
  }

  /** Requests since the start. */
  public long requests() {
    return counters.requests();
  }

  /** Sessions that ended with an error to the client since the start. */
  public long failures() {
    return counters.failures();
  }

  private static final class Context extends ModuleContextImpl implements RouterContext {
    private final SharedParts shared;
    private final ServiceView service;

    Context(SharedParts shared, ServiceView service) {
      super(shared, "services", service.name());
      this.shared = shared;
      this.service = service;
    }

    @Override
    public ServiceView service() {
      return service;
    }

    @Override
    public AdHocServer adHocServer(
        Server like, String name, String host, int port, Settings options) {
      if (!(like instanceof ConfiguredServer known)) {
        throw new IllegalArgumentException(
            "server: " + like.name() + " (expected: one of the configuration)");
      }
      ConfiguredServer server = known.elsewhere(name, host, port);
      server.attach(known.factory(), new ServerContext(shared, server), options);
      return server;
    }
  }
}
