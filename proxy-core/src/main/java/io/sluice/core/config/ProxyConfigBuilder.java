package io.sluice.core.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import io.sluice.api.config.DidYouMean;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Setting;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.net.ProxyNetworks;
import io.sluice.core.plugin.LoadedModule;
import io.sluice.core.plugin.ModuleRegistry;
import io.sluice.core.server.PoolLimits;
import io.sluice.core.session.ClientLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records out of sections that are right by themselves, and checks what goes across
 * sections. Used once; not thread-safe. While there are problems the result may hold empty texts:
 * the caller throws it away.
 */
final class ProxyConfigBuilder {

  private final ModuleRegistry modules;
  private final Problems problems;
  private final PortClaims ports;
  private final Map<String, String> monitorOfServer = new HashMap<>();
  private final Map<String, String> protocolOfServer = new HashMap<>();
  private final Map<String, List<String>> serversOfMonitor = new HashMap<>();
  private final Map<String, String> listenerIds = new HashMap<>();
  private Set<String> filterNames = Set.of();

  ProxyConfigBuilder(ModuleRegistry modules, Problems problems) {
    this.modules = modules;
    this.problems = problems;
    this.ports = new PortClaims(problems);
  }

  ProxyConfig build(Path file, Path home, Settings root) {
    int threads = root.get(Sections.THREADS);
    return new ProxyConfig(
        file,
        home.resolve(root.get(Sections.DATA_DIR)).toAbsolutePath().normalize(),
        threads == SectionTypes.AUTO ? Runtime.getRuntime().availableProcessors() : threads,
        new Timeouts(
            root.get(Sections.LOGIN_TIMEOUT),
            root.get(Sections.CONNECT_TIMEOUT),
            root.get(Sections.STOP_GRACE)),
        admin(root),
        servers(root.get(Sections.SERVERS)),
        monitors(root.get(Sections.MONITORS)),
        filters(root.get(Sections.FILTERS)),
        services(root.get(Sections.SERVICES)));
  }

  private AdminConfig admin(Settings root) {
    AdminConfig admin =
        root.find(Sections.ADMIN_SECTION)
            .orElseGet(() -> Settings.defaults(Sections.ADMIN))
            .get(Sections.LISTEN);
    if (admin.enabled()) {
      // Claimed first and without a place of its own: the listener that collides is reported.
      ports.claim(null, "sluice.admin.listen", admin.host(), admin.port());
    }
    return admin;
  }

  private List<ServerConfig> servers(List<NamedSection> sections) {
    List<ServerConfig> servers = new ArrayList<>();
    for (NamedSection section : sections) {
      String protocol = protocol(section);
      protocolOfServer.put(section.name(), protocol);
      SettingsSpec spec =
          modules
              .find(ModuleKind.PROTOCOL, protocol)
              .map(module -> ((ProtocolFactory) module.factory()).serverSettings())
              .orElse(null);
      servers.add(
          new ServerConfig(
              section.name(),
              text(section, Sections.SERVER_ADDRESS),
              section.settings().find(Sections.SERVER_PORT).orElse(0),
              section.settings().get(Sections.PROXY_PROTOCOL),
              protocol,
              section.settings().get(Sections.MAX_CONNECTIONS),
              new PoolLimits(
                  section.settings().get(Sections.POOL_MAX_IDLE),
                  section.settings().get(Sections.POOL_IDLE_TIME),
                  section.settings().get(Sections.POOL_MAX_AGE)),
              options(section, spec),
              source(section)));
    }
    return servers;
  }

  private List<MonitorConfig> monitors(List<NamedSection> sections) {
    List<MonitorConfig> monitors = new ArrayList<>();
    for (NamedSection section : sections) {
      List<String> servers = serverNames(section, Sections.MONITOR_SERVERS);
      serversOfMonitor.put(section.name(), servers);
      for (int i = 0; i < servers.size(); i++) {
        String server = servers.get(i);
        @Nullable String other = monitorOfServer.putIfAbsent(server, section.name());
        if (other != null && !other.equals(section.name())) {
          problems.add(
              section.origin(Sections.MONITOR_SERVERS, i),
              section.path(Sections.MONITOR_SERVERS),
              server + ": watched by monitor " + other + " already (expected: one monitor)");
        }
      }
      monitors.add(
          new MonitorConfig(
              section.name(),
              text(section, Sections.MODULE),
              servers,
              credentials(section, Sections.MONITOR_USER),
              section.settings().get(Sections.INTERVAL),
              options(section, module(section, Sections.MODULE, ModuleKind.MONITOR)),
              source(section)));
    }
    return monitors;
  }

  private List<FilterConfig> filters(List<NamedSection> sections) {
    List<FilterConfig> filters = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (NamedSection section : sections) {
      names.add(section.name());
      @Nullable SettingsSpec spec = module(section, Sections.MODULE, ModuleKind.FILTER);
      FilterOptions options = FilterOptions.of(section, problems);
      filters.add(
          new FilterConfig(
              section.name(),
              text(section, Sections.MODULE),
              spec == null ? Settings.defaults(SettingsSpec.EMPTY) : options.parse(spec, problems),
              options.source()));
    }
    filterNames = names;
    return filters;
  }

  private List<ServiceConfig> services(List<NamedSection> sections) {
    List<ServiceConfig> services = new ArrayList<>();
    for (NamedSection section : sections) {
      @Nullable SettingsSpec spec = module(section, Sections.ROUTER, ModuleKind.ROUTER);
      ServiceConfig.Backends backends = backends(section);
      String router = text(section, Sections.ROUTER);
      if (spec != null && modules.router(router).needsMonitor() && !backends.isMonitored()) {
        problems.add(
            section.origin(Sections.ROUTER),
            section.path(Sections.ROUTER),
            router + ": needs a monitor (expected: `monitor`, or servers that a monitor watches)");
      }
      services.add(
          new ServiceConfig(
              section.name(),
              router,
              backends,
              filterReferences(section),
              credentials(section, Sections.SERVICE_USER),
              section.settings().get(Sections.KEEP_ALIVE),
              options(section, spec),
              listeners(section, backends),
              source(section)));
    }
    return services;
  }

  private ServiceConfig.Backends backends(NamedSection section) {
    @Nullable String monitor = section.settings().find(Sections.SERVICE_MONITOR).orElse(null);
    boolean lists = section.settings().isExplicit(Sections.SERVICE_SERVERS);
    boolean names = section.object().containsKey(Sections.SERVICE_MONITOR.name());
    if (lists && names) {
      problems.add(
          section.origin(Sections.SERVICE_MONITOR),
          section.path(Sections.SERVICE_MONITOR),
          "stands beside `servers` (expected: one of the two)");
    } else if (!names && !section.object().containsKey(Sections.SERVICE_SERVERS.name())) {
      problems.add(
          section.object().origin(),
          section.path(),
          "neither `servers` nor `monitor` (expected: one of the two)");
    }
    if (monitor == null) {
      List<String> servers = serverNames(section, Sections.SERVICE_SERVERS);
      boolean watched =
          !servers.isEmpty() && servers.stream().allMatch(monitorOfServer::containsKey);
      return new ServiceConfig.Backends(servers, null, watched);
    }
    @Nullable List<String> servers = serversOfMonitor.get(monitor);
    if (servers == null) {
      unknown(
          section.origin(Sections.SERVICE_MONITOR),
          section.path(Sections.SERVICE_MONITOR),
          monitor,
          "monitor",
          serversOfMonitor.keySet());
    }
    return new ServiceConfig.Backends(servers == null ? List.of() : servers, monitor, true);
  }

  private List<String> filterReferences(NamedSection section) {
    List<String> filters = section.settings().get(Sections.SERVICE_FILTERS);
    for (int i = 0; i < filters.size(); i++) {
      reference(section, Sections.SERVICE_FILTERS, i, "filter", filterNames);
    }
    return filters;
  }

  private List<ListenerConfig> listeners(NamedSection service, ServiceConfig.Backends backends) {
    List<ListenerConfig> listeners = new ArrayList<>();
    for (NamedSection section : service.settings().get(Sections.LISTENERS)) {
      String protocol = protocol(section);
      ListenerConfig listener =
          new ListenerConfig(
              service.name(),
              section.name(),
              section.settings().get(Sections.LISTENER_ADDRESS),
              section.settings().find(Sections.LISTENER_PORT).orElse(0),
              networks(section),
              protocol,
              limits(service, section),
              options(
                  section,
                  modules
                      .find(ModuleKind.PROTOCOL, protocol)
                      .map(LoadedModule::settings)
                      .orElse(null)),
              source(section));
      ConfigOrigin origin = section.origin(Sections.LISTENER_PORT);
      ports.claim(
          origin, section.path(Sections.LISTENER_PORT), listener.address(), listener.port());
      @Nullable String other = listenerIds.putIfAbsent(listener.id(), section.path());
      if (other != null) {
        problems.add(
            section.object().origin(),
            section.path(),
            listener.id() + ": the name of " + other + " too (expected: a unique name)");
      }
      checkProtocol(section, protocol, backends);
      listeners.add(listener);
    }
    return listeners;
  }

  private ProxyNetworks networks(NamedSection listener) {
    try {
      return ProxyNetworks.of(listener.settings().get(Sections.PROXY_NETWORKS));
    } catch (IllegalArgumentException e) {
      problems.add(
          listener.origin(Sections.PROXY_NETWORKS),
          listener.path(Sections.PROXY_NETWORKS),
          String.valueOf(e.getMessage()));
      return ProxyNetworks.NONE;
    }
  }

  private static ClientLimits limits(NamedSection service, NamedSection listener) {
    return new ClientLimits(
        listener.settings().get(Sections.MAX_CONNECTIONS),
        service.settings().get(Sections.MAX_CONNECTIONS),
        service.settings().get(Sections.IDLE_TIMEOUT),
        service.settings().get(Sections.WRITE_TIMEOUT));
  }

  private void checkProtocol(
      NamedSection listener, String protocol, ServiceConfig.Backends backends) {
    for (String server : backends.servers()) {
      String spoken = protocolOfServer.getOrDefault(server, protocol);
      if (!spoken.equals(protocol) && !spoken.isEmpty() && !protocol.isEmpty()) {
        problems.add(
            listener.origin(Sections.PROTOCOL),
            listener.path(Sections.PROTOCOL),
            protocol + " (expected: " + spoken + ", the protocol of server " + server + ")");
      }
    }
  }

  /** The names in a list of servers that exist, each once. */
  private List<String> serverNames(NamedSection section, Setting<List<String>> setting) {
    Optional<List<String>> names = section.settings().find(setting);
    if (names.isPresent() && names.get().isEmpty()) {
      problems.add(
          section.origin(setting), section.path(setting), "empty (expected: at least one server)");
    }
    List<String> known = new ArrayList<>();
    for (int i = 0; i < names.orElse(List.of()).size(); i++) {
      if (reference(section, setting, i, "server", protocolOfServer.keySet())) {
        known.add(names.orElse(List.of()).get(i));
      }
    }
    return known;
  }

  /** Whether an element of a list names something that exists and that was not named before. */
  private boolean reference(
      NamedSection section,
      Setting<List<String>> setting,
      int index,
      String kind,
      Set<String> known) {
    List<String> names = section.settings().get(setting);
    String name = names.get(index);
    ConfigOrigin origin = section.origin(setting, index);
    if (!known.contains(name)) {
      unknown(origin, section.path(setting), name, kind, known);
      return false;
    }
    if (names.indexOf(name) < index) {
      problems.add(origin, section.path(setting), name + ": listed twice (expected: once)");
      return false;
    }
    return true;
  }

  private void unknown(
      ConfigOrigin origin, String path, String name, String kind, Collection<String> known) {
    problems.add(origin, path, name + ": no such " + kind + DidYouMean.hint(name, known));
  }

  /** The settings of the module that a section names; null when there is no such module. */
  private @Nullable SettingsSpec module(
      NamedSection section, Setting<String> setting, ModuleKind kind) {
    Optional<String> name = section.settings().find(setting);
    if (name.isEmpty()) {
      return null;
    }
    Optional<LoadedModule> module = modules.find(kind, name.get());
    if (module.isEmpty()) {
      problems.add(
          section.origin(setting), section.path(setting), modules.missing(kind, name.get()));
    }
    return module.map(LoadedModule::settings).orElse(null);
  }

  /** The protocol of a server or listener; empty when it is not known. */
  private String protocol(NamedSection section) {
    Optional<String> named = section.settings().find(Sections.PROTOCOL);
    if (named.isPresent()) {
      module(section, Sections.PROTOCOL, ModuleKind.PROTOCOL);
      return named.get();
    }
    Collection<String> loaded = modules.names(ModuleKind.PROTOCOL);
    if (loaded.size() == 1) {
      return loaded.iterator().next();
    }
    if (!section.object().containsKey(Sections.PROTOCOL.name())) {
      problems.add(
          section.object().origin(),
          section.path(Sections.PROTOCOL),
          loaded.isEmpty()
              ? modules.missing(ModuleKind.PROTOCOL, "none named")
              : "missing (expected: one of " + String.join(", ", loaded) + ")");
    }
    return "";
  }

  /** The module's settings; nothing when the module is not there, which is a problem already. */
  private Settings options(NamedSection section, @Nullable SettingsSpec spec) {
    if (spec == null) {
      return Settings.defaults(SettingsSpec.EMPTY);
    }
    ConfigObject options = section.child(Sections.OPTIONS);
    return spec.parse(options, section.path(Sections.OPTIONS), problems);
  }

  private static Source source(NamedSection section) {
    return new Source(section.path(Sections.OPTIONS), section.child(Sections.OPTIONS));
  }

  private @Nullable PasswordCredentials credentials(NamedSection section, Setting<String> user) {
    Optional<String> name = section.settings().find(user);
    Optional<String> password = section.settings().find(Sections.PASSWORD);
    if (name.isPresent() && password.isPresent()) {
      return new PasswordCredentials(name.get(), password.get());
    }
    if (name.isPresent() && !section.object().containsKey(Sections.PASSWORD.name())) {
      problems.add(section.origin(user), section.path(user), "without `password` (expected: both)");
    } else if (password.isPresent() && !section.object().containsKey(user.name())) {
      problems.add(
          section.origin(Sections.PASSWORD),
          section.path(Sections.PASSWORD),
          "without `user` (expected: both)");
    }
    return null;
  }

  private static String text(NamedSection section, Setting<String> setting) {
    return section.settings().find(setting).orElse("");
  }
}
