package io.sluice.core.plugin;

import io.sluice.api.config.DidYouMean;
import io.sluice.api.filter.FilterFactory;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.ModuleFactory;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.monitor.MonitorFactory;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.router.RouterFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All modules of the process: kind and name give a factory. Immutable. */
public final class ModuleRegistry {

  private static final String BUILT_IN = "built-in";

  private final Map<ModuleKind, Map<String, LoadedModule>> modules;
  private final String searched;

  private ModuleRegistry(Map<ModuleKind, Map<String, LoadedModule>> modules, String searched) {
    this.modules = modules;
    this.searched = searched;
  }

  /**
   * Modules that did not come out of jars; for tests and embedding.
   *
   * @throws PluginException if two have the same kind and name or one does not fit the engine
   */
  public static ModuleRegistry of(ModuleFactory... factories) {
    return of(
        Arrays.stream(factories)
            .map(factory -> LoadedModule.of(factory, BUILT_IN, EngineVersion.current().full()))
            .toList(),
        "the class path");
  }

  /**
   * These modules.
   *
   * @param searched where plugins were looked for, for messages
   * @throws PluginException if two have the same kind and name or one does not fit the engine
   */
  static ModuleRegistry of(List<LoadedModule> modules, String searched) {
    Map<ModuleKind, Map<String, LoadedModule>> byKind = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (LoadedModule module : modules) {
      problem(module).ifPresent(problems::add);
      @Nullable LoadedModule other =
          byKind
              .computeIfAbsent(module.info().kind(), kind -> new TreeMap<>())
              .putIfAbsent(module.info().name(), module);
      if (other != null) {
        problems.add(
            label(module)
                + ": "
                + module.plugin()
                + " (expected: a name that plugin "
                + other.plugin()
                + " does not use)");
      }
    }
    if (!problems.isEmpty()) {
      throw new PluginException(problems);
    }
    return new ModuleRegistry(byKind, searched);
  }

  /** What is wrong with a module by itself. */
  private static Optional<String> problem(LoadedModule module) {
    ApiVersion version = module.info().apiVersion();
    if (!version.runsOn(ApiVersion.CURRENT)) {
      return Optional.of(
          label(module)
              + " of plugin "
              + module.plugin()
              + ": plugin API "
              + version
              + " (expected: "
              + ApiVersion.CURRENT
              + ")");
    }
    if (!type(module.info().kind()).isInstance(module.factory())) {
      return Optional.of(
          label(module)
              + ": "
              + module.factory().getClass().getName()
              + " (expected: a "
              + type(module.info().kind()).getSimpleName()
              + ")");
    }
    return Optional.empty();
  }

  private static String label(LoadedModule module) {
    return module.info().kind().label() + " " + module.info().name();
  }

  private static Class<? extends ModuleFactory> type(ModuleKind kind) {
    return switch (kind) {
      case PROTOCOL -> ProtocolFactory.class;
      case ROUTER -> RouterFactory.class;
      case FILTER -> FilterFactory.class;
      case MONITOR -> MonitorFactory.class;
    };
  }

  /** The module, if it is loaded. */
  public Optional<LoadedModule> find(ModuleKind kind, String name) {
    return Optional.ofNullable(modules.getOrDefault(kind, Map.of()).get(name));
  }

  /** The names of all modules of a kind, sorted. */
  public Collection<String> names(ModuleKind kind) {
    return List.copyOf(modules.getOrDefault(kind, Map.of()).keySet());
  }

  /** All modules, by kind and name. */
  public List<LoadedModule> modules() {
    return modules.values().stream()
        .flatMap(kind -> kind.values().stream())
        .sorted(
            Comparator.comparing((LoadedModule module) -> module.info().kind())
                .thenComparing(module -> module.info().name()))
        .toList();
  }

  /** Says that a module is not there, and what to look at. */
  public String missing(ModuleKind kind, String name) {
    Collection<String> known = names(kind);
    String loaded = known.isEmpty() ? "none" : String.join(", ", known);
    return name
        + ": no such "
        + kind.label()
        + " module"
        + DidYouMean.hint(name, known)
        + " (loaded: "
        + loaded
        + "; is its plugin jar in "
        + searched
        + "?)";
  }

  /** A protocol that is known to be there. */
  public ProtocolFactory protocol(String name) {
    return factory(ModuleKind.PROTOCOL, name, ProtocolFactory.class);
  }

  /** A router that is known to be there. */
  public RouterFactory router(String name) {
    return factory(ModuleKind.ROUTER, name, RouterFactory.class);
  }

  /** A filter that is known to be there. */
  public FilterFactory filter(String name) {
    return factory(ModuleKind.FILTER, name, FilterFactory.class);
  }

  /** A monitor that is known to be there. */
  public MonitorFactory monitor(String name) {
    return factory(ModuleKind.MONITOR, name, MonitorFactory.class);
  }

  private <F extends ModuleFactory> F factory(ModuleKind kind, String name, Class<F> type) {
    return find(kind, name)
        .map(module -> type.cast(module.factory()))
        .orElseThrow(() -> new IllegalArgumentException(missing(kind, name)));
  }
}
