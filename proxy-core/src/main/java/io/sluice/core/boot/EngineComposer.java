package io.sluice.core.boot;

import io.sluice.api.config.ConfigProblem;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.server.Server;
import io.sluice.core.config.FilterConfig;
import io.sluice.core.config.ListenerConfig;
import io.sluice.core.config.MonitorConfig;
import io.sluice.core.config.ProxyConfig;
import io.sluice.core.config.ServerConfig;
import io.sluice.core.config.ServiceConfig;
import io.sluice.core.config.Source;
import io.sluice.core.plugin.ModuleRegistry;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.FilterRuntime;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.ServiceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts everything of a configuration into an engine. A module that does not accept its settings
 * does not keep the others from being asked, so that all problems are known at once. Used once.
 */
final class EngineComposer {

  private final Engine engine;
  private final ModuleRegistry modules;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, Server> servers = new HashMap<>();
  private final Map<String, FilterRuntime> filters = new HashMap<>();

  EngineComposer(Engine engine, ModuleRegistry modules) {
    this.engine = engine;
    this.modules = modules;
  }

  /**
   * Adds all sections.
   *
   * @throws InvalidConfigException with every complaint of a module
   */
  void compose(ProxyConfig config) {
    for (ServerConfig server : config.servers()) {
      attempt(server.source(), () -> add(server));
    }
    for (MonitorConfig monitor : config.monitors()) {
      attempt(monitor.source(), () -> add(monitor));
    }
    for (FilterConfig filter : config.filters()) {
      attempt(filter.source(), () -> add(filter));
    }
    for (ServiceConfig service : config.services()) {
      attempt(service.source(), () -> add(service));
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  private void attempt(Source source, Runnable addition) {
    try {
      addition.run();
    } catch (InvalidConfigException e) {
      problems.addAll(source.located(e));
    }
  }

  private void add(ServerConfig server) {
    ConfiguredServer added =
        engine.addServer(
            server.name(),
            server.address(),
            server.port(),
            modules.protocol(server.protocol()),
            server.options());
    added.pool(server.pool());
    added.proxyProtocol(server.proxyProtocol());
    added.limit(server.maxConnections());
    servers.put(server.name(), added);
  }

  private void add(MonitorConfig monitor) {
    engine.addMonitor(
        monitor.name(),
        modules.monitor(monitor.module()),
        monitor.options(),
        servers(monitor.servers()),
        monitor.credentials(),
        monitor.interval());
  }

  private void add(FilterConfig filter) {
    filters.put(
        filter.name(),
        engine.addFilter(filter.name(), modules.filter(filter.module()), filter.options()));
  }

  private void add(ServiceConfig service) {
    List<ListenerSpec> listeners = new ArrayList<>();
    for (ListenerConfig listener : service.listeners()) {
      listeners.add(
          new ListenerSpec(
              listener.name(),
              listener.address(),
              listener.port(),
              modules.protocol(listener.protocol()),
              listener.options(),
              listener.proxyNetworks(),
              listener.limits()));
    }
    engine.addService(
        new ServiceSpec(
            service.name(),
            modules.router(service.router()),
            service.options(),
            servers(service.servers()),
            service.isMonitored(),
            service.credentials(),
            service.filters().stream().map(filters::get).filter(Objects::nonNull).toList(),
            listeners,
            service.keepAlive()));
  }

  /** Those that could be made: one that is missing here is a problem already. */
  private List<Server> servers(List<String> names) {
    List<Server> found = new ArrayList<>();
    for (String name : names) {
      @Nullable Server server = servers.get(name);
      if (server != null) {
        found.add(server);
      }
    }
    return found;
  }
}
