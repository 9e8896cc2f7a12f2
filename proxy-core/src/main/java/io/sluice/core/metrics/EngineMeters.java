package io.sluice.core.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.api.session.CloseReason;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceListener;
import io.sluice.core.session.SessionRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The engine's own meters. They read counters that the engine keeps anyway, when somebody asks:
 * traffic pays nothing for them. Thread-safe.
 */
public final class EngineMeters implements AutoCloseable {

  private static final String SERVICE = "service";
  private static final String SERVER = "server";
  private static final double MILLIS_PER_SECOND = 1000.0;

  private final MeterRegistry registry;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** Adds what the Java machine tells of itself. */
  public EngineMeters(MeterRegistry registry) {
    this.registry = registry;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Adds everything that the engine has now. */
  public void bind(Engine engine) {
    Gauge.builder("sluice.ready", engine, e -> e.isRunning() ? 1 : 0)
        .description("1 while all listeners are bound")
        .register(registry);
    sessions(engine.sessions());
    engine.services().forEach(this::service);
    engine.servers().forEach(this::server);
  }

  private void sessions(SessionRegistry sessions) {
    Gauge.builder("sluice.sessions.internal", sessions, all -> all.count() - all.countClients())
        .description("Sessions without a client that are open")
        .register(registry);
    for (CloseReason reason : CloseReason.values()) {
      FunctionCounter.builder(
              "sluice.sessions.closed", sessions, all -> all.closed().getOrDefault(reason, 0L))
          .tags("reason", reason.label())
          .description("Sessions that ended")
          .register(registry);
    }
  }

  private void service(Service service) {
    Tags tags = Tags.of(SERVICE, service.name(), "router", service.router());
    Gauge.builder("sluice.service.sessions", service, Service::currentSessions)
        .tags(tags)
        .description("Sessions that are open")
        .register(registry);
    counter(
        "sluice.service.sessions.started",
        "Sessions that began",
        service,
        tags,
        Service::totalSessions);
    counter("sluice.service.requests", "Requests of clients", service, tags, Service::requests);
    counter(
        "sluice.service.failures",
        "Sessions that ended with an error",
        service,
        tags,
        Service::failures);
    service.listeners().forEach(this::listener);
  }

  private void listener(ServiceListener listener) {
    Tags tags = Tags.of(SERVICE, listener.service(), "listener", listener.name());
    Gauge.builder("sluice.listener.up", listener, l -> "running".equals(l.info().state()) ? 1 : 0)
        .tags(tags)
        .description("1 while the address is bound")
        .register(registry);
    Gauge.builder("sluice.listener.connections", listener, l -> l.info().open())
        .tags(tags)
        .description("Connections that are open")
        .register(registry);
    counter(
        "sluice.listener.accepted",
        "Connections that came",
        listener,
        tags,
        l -> l.info().accepted());
  }

  private void server(ConfiguredServer server) {
    Tags tags = Tags.of(SERVER, server.name());
    for (ServerStatus status : ServerStatus.values()) {
      Gauge.builder("sluice.server.status", server, s -> s.state().status() == status ? 1 : 0)
          .tags(tags.and("status", status.name().toLowerCase(Locale.ROOT)))
          .description("1 for the status that the server has")
          .register(registry);
    }
    for (ServerRole role : ServerRole.values()) {
      Gauge.builder("sluice.server.role", server, s -> s.state().is(role) ? 1 : 0)
          .tags(tags.and("role", role.name().toLowerCase(Locale.ROOT)))
          .description("1 for each role that the server can take now")
          .register(registry);
    }
    Gauge.builder("sluice.server.lag", server, s -> seconds(s.state()))
        .tags(tags)
        .baseUnit("seconds")
        .description("How far its data is behind its writer")
        .register(registry);
    Gauge.builder("sluice.server.connections", server, s -> s.info().connections())
        .tags(tags)
        .description("Connections that are open")
        .register(registry);
    counter(
        "sluice.server.connections.made",
        "Connections that were made",
        server,
        tags,
        s -> s.info().totalConnections());
    counter(
        "sluice.server.failures",
        "Connections that failed or broke",
        server,
        tags,
        s -> s.info().failures());
    pool(server, tags);
  }

  private void pool(ConfiguredServer server, Tags tags) {
    Gauge.builder("sluice.server.pool.idle", server, s -> s.info().pool().idle())
        .tags(tags)
        .description("Connections that are kept for the next sessions")
        .register(registry);
    counter(
        "sluice.server.pool.reused",
        "Sessions that got a connection of the pool",
        server,
        tags,
        s -> s.info().pool().reused());
    counter(
        "sluice.server.pool.missed",
        "Sessions that found no connection in the pool that suited them",
        server,
        tags,
        s -> s.info().pool().missed());
    counter(
        "sluice.server.pool.stale",
        "Sessions that got a connection of the pool that was of no use, and connected anew",
        server,
        tags,
        s -> s.info().pool().stale());
    counter(
        "sluice.server.pool.dropped",
        "Connections of the pool that were closed before a session came for them",
        server,
        tags,
        s -> s.info().pool().dropped());
  }

  private static double seconds(ServerState state) {
    @Nullable Duration lag = state.lag();
    return lag == null ? Double.NaN : lag.toMillis() / MILLIS_PER_SECOND;
  }

  private <T> void counter(
      String name, String description, T subject, Tags tags, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, subject, value)
        .tags(tags)
        .description(description)
        .register(registry);
  }

  /** Stops listening to the garbage collector. */
  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
