package io.sluice.core.boot;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.core.admin.AdminServer;
import io.sluice.core.config.ProxyConfig;
import io.sluice.core.metrics.EngineMeters;
import io.sluice.core.net.ListenException;
import io.sluice.core.plugin.ModuleRegistry;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running proxy: the engine with everything of a configuration in it, and administration. Made,
 * started and stopped by one thread; {@link #engine} may be read by any.
 */
public final class Proxy implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Proxy.class);

  private final ProxyConfig config;
  private final ModuleRegistry modules;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EngineMeters engineMeters = new EngineMeters(meters);
  private final ShutdownSequence shutdown = new ShutdownSequence(Clock.systemUTC());
  private final Engine engine;
  private @Nullable AdminServer admin;
  private Duration grace;

  private Proxy(ProxyConfig config, ModuleRegistry modules) {
    this.config = config;
    this.modules = modules;
    this.grace = config.timeouts().stopGrace();
    this.engine =
        new Engine(
            EngineSettings.defaults(config.dataDirectory())
                .withThreads(config.threads())
                .withConnectTimeout(config.timeouts().connect())
                .withLoginTimeout(config.timeouts().login()),
            Clock.systemUTC(),
            meters);
  }

  /**
   * Starts everything; when it returns, all listeners are bound.
   *
   * @throws InvalidConfigException if a module does not accept its settings; nothing runs then
   * @throws StartException if a port or the data directory cannot be used; nothing runs then
   */
  public static Proxy start(ProxyConfig config, ModuleRegistry modules) {
    DataDirectory directory = DataDirectory.open(config.dataDirectory());
    Proxy proxy;
    try {
      proxy = new Proxy(config, modules);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
    proxy
        .shutdown
        // Administration outlives the sessions: it tells balancers and operators that it drains.
        .step("listeners, sessions and services", () -> proxy.engine.stop(proxy.grace))
        .step("administration", proxy::closeAdmin)
        .step("metrics", proxy.engineMeters::close)
        .step("data directory", directory::close);
    try {
      proxy.run();
      return proxy;
    } catch (RuntimeException | LinkageError e) {
      proxy.stop(Duration.ZERO);
      throw e;
    }
  }

  /** The engine, for those who look at it or drive it from within. */
  public Engine engine() {
    return engine;
  }

  /** Stops with the grace period of the configuration. */
  @Override
  public void close() {
    shutdown.run();
  }

  /** Stops; sessions that are busy may go on for {@code period} at most. */
  public void stop(Duration period) {
    grace = period;
    shutdown.run();
  }

  private void run() {
    new EngineComposer(engine, modules).compose(config);
    try {
      engine.start();
    } catch (ListenException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
    engineMeters.bind(engine);
    startAdmin();
    LOGGER
        .atInfo()
        .addKeyValue("services", config.services().size())
        .addKeyValue("servers", config.servers().size())
        .log("started");
  }

  private void startAdmin() {
    if (!config.admin().enabled()) {
      return;
    }
    try {
      admin = new AdminServer(engine, modules, config, meters, Clock.systemUTC());
      admin.start(config.admin());
    } catch (IOException | UncheckedIOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The port of administration; 0 when there is none. */
  public int adminPort() {
    return admin == null ? 0 : admin.port();
  }

  private void closeAdmin() {
    if (admin != null) {
      admin.close();
    }
  }
}
