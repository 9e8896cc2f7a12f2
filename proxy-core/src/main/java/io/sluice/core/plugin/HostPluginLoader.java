package io.sluice.core.plugin;

import java.nio.file.Path;
import java.util.List;
import org.pf4j.JarPluginLoader;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;

/**
 * Class loading of plugins: what the host brings comes from the host, for every plugin the same
 * classes; everything else from the plugin, then from the plugins that it depends on.
 */
final class HostPluginLoader extends JarPluginLoader {

  /** Packages that plugins share with the host even if a jar brings a copy of its own. */
  static final List<String> HOST_PACKAGES =
      List.of(
          "io.sluice.api.",
          "io.sluice.core.",
          "io.netty.",
          "org.slf4j.",
          "org.pf4j.",
          "org.jspecify.",
          "com.typesafe.config.",
          "com.fasterxml.jackson.",
          "io.micrometer.",
          "com.github.luben.",
          "javax.");

  HostPluginLoader(PluginManager manager) {
    super(manager);
  }

  @Override
  protected PluginClassLoader createPluginClassLoader(Path path, PluginDescriptor descriptor) {
    return new HostClassLoader(pluginManager, descriptor);
  }

  private static final class HostClassLoader extends PluginClassLoader {
    HostClassLoader(PluginManager manager, PluginDescriptor descriptor) {
      super(manager, descriptor, HostPluginLoader.class.getClassLoader());
    }

    @Override
    protected boolean shouldDelegateToParent(String className) {
      return super.shouldDelegateToParent(className)
          || HOST_PACKAGES.stream().anyMatch(className::startsWith);
    }
  }
}
