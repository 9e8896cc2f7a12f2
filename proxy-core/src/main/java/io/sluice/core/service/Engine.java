package io.sluice.core.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.api.config.Settings;
import io.sluice.api.filter.FilterFactory;
import io.sluice.api.monitor.MonitorFactory;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Credentials;
import io.sluice.core.client.InternalClientFactory;
import io.sluice.core.context.BlockingExecutor;
import io.sluice.core.context.SharedParts;
import io.sluice.core.monitor.MonitorRuntime;
import io.sluice.core.net.BackendConnector;
import io.sluice.core.net.EventLoops;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.server.ServerBoard;
import io.sluice.core.session.SessionEnvironment;
import io.sluice.core.session.SessionLimits;
import io.sluice.core.session.SessionRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy without its configuration: shared parts, servers, monitors, filters, services, and the
 * order in which they start and stop. What changes it is for one thread at a time and not for event
 * loops; what reads it is for any thread.
 *
 * <p>Add servers, monitors, filters and services in this order, then {@link #start}. Whatever
 * fails, {@link #close} takes down what is there.
 */
public final class Engine implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);

  private final EventLoops loops;
  private final BlockingExecutor blocking;
  private final BackendConnector connector;
  private final ServerBoard board;
  private final SessionRegistry sessions = new SessionRegistry();
  private final SessionEnvironment environment;
  private final SharedParts shared;
  private final Instant startedAt;
  private final List<MonitorRuntime> monitors = new CopyOnWriteArrayList<>();
  private final List<FilterRuntime> filters = new CopyOnWriteArrayList<>();
  private final List<Service> services = new CopyOnWriteArrayList<>();

  private volatile boolean running;
  private boolean stopped;

  /** Starts event loops and nothing else. */
  public Engine(EngineSettings settings, Clock clock, MeterRegistry meters) {
    this.startedAt = clock.instant();
    this.loops = EventLoops.create(settings.threads());
    this.blocking = new BlockingExecutor(settings.blockingThreads());
    this.connector = new BackendConnector(loops, settings.connectTimeout());
    this.board = new ServerBoard(clock);
    this.environment =
        new SessionEnvironment(
            sessions, connector, clock, SessionLimits.withLoginTimeout(settings.loginTimeout()));
    this.shared =
        new SharedParts(
            settings.dataDir(),
            loops,
            blocking,
            clock,
            meters,
            new InternalClientFactory(environment, loops),
            sessions);
  }

  /** Adds a server and makes its protocol. */
  public ConfiguredServer addServer(
      String name, String host, int port, ProtocolFactory factory, Settings options) {
    ConfiguredServer server = board.add(name, host, port, factory.info().name());
    server.attach(factory, new ServerContext(shared, server), options);
    return server;
  }

  /** Adds a monitor; it begins with {@link #start}. */
  public MonitorRuntime addMonitor(
      String name,
      MonitorFactory factory,
      Settings options,
      List<? extends Server> servers,
      @Nullable Credentials credentials,
      Duration interval) {
    MonitorRuntime monitor =
        new MonitorRuntime(
            name,
            factory,
            options,
            new MonitorRuntime.Watch(servers, credentials, interval),
            board,
            shared);
    monitors.add(monitor);
    return monitor;
  }

  /** Adds a filter. */
  public FilterRuntime addFilter(String name, FilterFactory factory, Settings options) {
    FilterRuntime filter = new FilterRuntime(name, factory, options, shared);
    filters.add(filter);
    return filter;
  }

  /** Adds a service: makes its router and its listeners' protocols; binds nothing yet. */
  public Service addService(ServiceSpec spec) {
    Service service = new Service(spec, shared, environment);
    services.add(service);
    return service;
  }

  /**
   * Starts the monitors, then binds all listeners.
   *
   * @throws io.sluice.core.net.ListenException if a listener cannot be bound
   */
  public synchronized void start() {
    if (stopped) {
      throw new IllegalStateException("engine: stopped (expected: not yet started)");
    }
    monitors.forEach(MonitorRuntime::start);
    for (Service service : services) {
      service.start(shared.clock().instant());
    }
    running = true;
  }

  /**
   * Stops everything in order: listeners, sessions, routers, filters, monitors, servers, threads.
   * Blocks; the second call does nothing.
   *
   * @param grace how long sessions may take to finish what is under way
   */
  public synchronized void stop(Duration grace) {
    if (stopped) {
      return;
    }
    stopped = true;
    running = false;
    services.forEach(Service::stopListening);
    CompletableFuture<Void> pools = environment.pools().close();
    await("sessions of clients", sessions.drain(grace), grace);
    services.forEach(Service::close);
    filters.forEach(filter -> Quietly.run("close filter", filter.name(), filter.filter()::close));
    monitors.forEach(monitor -> Quietly.run("close monitor", monitor.name(), monitor::close));
    await(
        "internal sessions",
        sessions.closeAll(CloseReason.SHUTDOWN, "the proxy is shutting down"),
        Duration.ZERO);
    await("pooled connections", pools, Duration.ZERO);
    board.servers().forEach(server -> Quietly.run("close server", server.name(), server::close));
    Quietly.run("stop", "resolver", connector::close);
    Quietly.run("stop", "blocking tasks", blocking::close);
    Quietly.run("stop", "event loops", loops::close);
  }

  /** Stops everything without a grace period. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  private void await(String what, CompletableFuture<Void> done, Duration grace) {
    long limit = grace.plus(environment.limits().linger()).plusSeconds(1).toMillis();
    try {
      done.get(limit, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOGGER.atWarn().addKeyValue("what", what).log("did not end in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether all listeners are bound and nobody has asked it to stop. */
  public boolean isRunning() {
    return running;
  }

  /** When it was made. */
  public Instant startedAt() {
    return startedAt;
  }

  /** The event loops. */
  public EventLoops eventLoops() {
    return loops;
  }

  /** What every module is lent, for parts of the process that are no modules. */
  public SharedParts shared() {
    return shared;
  }

  /** The servers with their states. */
  public ServerBoard board() {
    return board;
  }

  /** All sessions. */
  public SessionRegistry sessions() {
    return sessions;
  }

  /** The servers in the order of the configuration. */
  public List<ConfiguredServer> servers() {
    return board.servers();
  }

  /** The monitors in the order of the configuration. */
  public List<MonitorRuntime> monitors() {
    return List.copyOf(monitors);
  }

  /** The filters in the order of the configuration. */
  public List<FilterRuntime> filters() {
    return List.copyOf(filters);
  }

  /** The services in the order of the configuration. */
  public List<Service> services() {
    return List.copyOf(services);
  }
}
