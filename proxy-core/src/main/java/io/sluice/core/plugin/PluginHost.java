package io.sluice.core.plugin;

import io.sluice.api.module.ModuleFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pf4j.PluginState;
import org.pf4j.PluginWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads and starts the plugins of a folder. PF4J skips what it cannot load; here each jar must
 * load, start and bring at least one module, or nothing starts at all.
 *
 * <p>Not thread-safe: opened and closed by the thread that starts and stops the process.
 */
public final class PluginHost implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PluginHost.class);

  private final HostPluginManager manager;
  private final ModuleRegistry modules;

  private PluginHost(HostPluginManager manager, ModuleRegistry modules) {
    this.manager = manager;
    this.modules = modules;
  }

  /**
   * Loads and starts every jar in a folder; a folder that is not there has no plugins.
   *
   * @throws PluginException with every problem that was found
   */
  public static PluginHost open(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    HostPluginManager manager = new HostPluginManager(absolute, EngineVersion.current());
    try {
      manager.loadPlugins();
      failIfAny(manager.loadFailures());
      manager.startPlugins();
      ModuleRegistry modules = ModuleRegistry.of(verify(manager), absolute.toString());
      for (LoadedModule module : modules.modules()) {
        LOGGER
            .atInfo()
            .addKeyValue("kind", module.info().kind().label())
            .addKeyValue("module", module.info().name())
            .addKeyValue("plugin", module.plugin())
            .addKeyValue("version", module.version())
            .log("module loaded");
      }
      return new PluginHost(manager, modules);
    } catch (PluginException e) {
      stop(manager);
      throw e;
    }
  }

  /** What was loaded. */
  public ModuleRegistry modules() {
    return modules;
  }

  /** Stops all plugins, dependents first. */
  @Override
  public void close() {
    stop(manager);
  }

  private static List<LoadedModule> verify(HostPluginManager manager) {
    List<String> problems = new ArrayList<>();
    List<LoadedModule> found = new ArrayList<>();
    for (PluginWrapper plugin : manager.getPlugins()) {
      Optional<String> problem = stateProblem(manager, plugin);
      if (problem.isPresent()) {
        problems.add(problem.get());
      } else {
        problems.addAll(collect(manager, plugin, found));
      }
    }
    failIfAny(problems);
    return found;
  }

  private static Optional<String> stateProblem(HostPluginManager manager, PluginWrapper plugin) {
    if (plugin.getPluginState() == PluginState.STARTED) {
      return Optional.empty();
    }
    String requires = plugin.getDescriptor().getRequires();
    boolean fits =
        manager.getVersionManager().checkVersionConstraint(manager.getSystemVersion(), requires);
    String cause =
        fits
            ? Causes.text(plugin.getFailedException())
            : "requires engine " + requires + ", this is " + manager.getSystemVersion();
    return Optional.of(
        label(plugin) + ": " + plugin.getPluginState() + " (expected: STARTED): " + cause);
  }

  /** Adds the modules of a plugin and tells what is wrong with them. */
  private static List<String> collect(
      HostPluginManager manager, PluginWrapper plugin, List<LoadedModule> into) {
    List<String> problems = new ArrayList<>();
    Set<String> listed = manager.getExtensionClassNames(plugin.getPluginId());
    for (String className : listed) {
      unusable(plugin, className)
          .ifPresent(cause -> problems.add(label(plugin) + ": " + className + ": " + cause));
    }
    if (problems.isEmpty()) {
      List<ModuleFactory> factories =
          manager.getExtensions(ModuleFactory.class, plugin.getPluginId());
      for (ModuleFactory factory : factories) {
        into.add(
            LoadedModule.of(factory, plugin.getPluginId(), plugin.getDescriptor().getVersion()));
      }
      if (factories.isEmpty()) {
        problems.add(label(plugin) + ": no module in it (expected: META-INF/extensions.idx)");
      }
    }
    return problems;
  }

  /** PF4J leaves out extensions that cannot be loaded; this says why. */
  private static Optional<String> unusable(PluginWrapper plugin, String className) {
    try {
      Class<?> type = Class.forName(className, true, plugin.getPluginClassLoader());
      return ModuleFactory.class.isAssignableFrom(type)
          ? Optional.empty()
          : Optional.of("not a module (does the jar bring classes of the host?)");
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.of(Causes.text(e));
    }
  }

  private static String label(PluginWrapper plugin) {
    return plugin.getPluginPath() + ": plugin " + plugin.getPluginId();
  }

  private static void failIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new PluginException(problems);
    }
  }

  /** One by one: PF4J's own method for all of them changes the list that it walks. */
  private static void stop(HostPluginManager manager) {
    List<PluginWrapper> started = List.copyOf(manager.getStartedPlugins());
    for (int i = started.size() - 1; i >= 0; i--) {
      String id = started.get(i).getPluginId();
      try {
        manager.stopPlugin(id);
      } catch (RuntimeException e) {
        LOGGER.atWarn().addKeyValue("plugin", id).setCause(e).log("plugin did not stop");
      }
    }
    for (PluginWrapper plugin : List.copyOf(manager.getPlugins())) {
      close(plugin);
    }
  }

  private static void close(PluginWrapper plugin) {
    @Nullable ClassLoader loader = plugin.getPluginClassLoader();
    if (loader instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOGGER
            .atWarn()
            .addKeyValue("plugin", plugin.getPluginId())
            .setCause(e)
            .log("plugin jar did not close");
      }
    }
  }
}
