package io.sluice.core.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pf4j.DefaultPluginManager;
import org.pf4j.JarPluginRepository;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;

/**
 * PF4J set up for plain jars of one folder. It keeps what the original only logs: {@link
 * #loadFailures()}.
 */
final class HostPluginManager extends DefaultPluginManager {

  private final Path directory;
  private final List<String> loadFailures = new ArrayList<>();

  HostPluginManager(Path directory, EngineVersion version) {
    super(directory);
    this.directory = directory;
    setSystemVersion(version.triple());
  }

  /** The jars of the folder, sorted by name. */
  List<Path> jars() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line for each jar that is no plugin, or for what is wrong between plugins. */
  List<String> loadFailures() {
    return List.copyOf(loadFailures);
  }

  @Override
  public void loadPlugins() {
    for (Path jar : jars()) {
      try {
        loadPluginFromPath(jar);
      } catch (RuntimeException | LinkageError e) {
        loadFailures.add(jar + ": no plugin: " + Causes.text(e));
      }
    }
    if (!loadFailures.isEmpty()) {
      return;
    }
    try {
      resolvePlugins();
    } catch (RuntimeException e) {
      loadFailures.add(directory + ": " + Causes.text(e));
    }
  }

  @Override
  protected PluginLoader createPluginLoader() {
    return new HostPluginLoader(this);
  }

  @Override
  protected PluginRepository createPluginRepository() {
    return new JarPluginRepository(getPluginsRoots());
  }

  @Override
  protected PluginDescriptorFinder createPluginDescriptorFinder() {
    return new ManifestPluginDescriptorFinder();
  }
}
