package io.sluice.binlog.tool;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.store.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is. Immutable.
 *
 * @param directory the store's own
 * @param archive where files are that were moved there, null if there is none
 * @param keyFile has the keys of what is encrypted, null if there is none
 */
record StorePlace(Path directory, @Nullable Path archive, @Nullable Path keyFile) {
  private static final String DEFAULT_CONFIG = "conf/sluice.conf";

  /** Finds a store from the options of the command line. */
  static StorePlace find(@Nullable Path store, @Nullable Path config, @Nullable String service) {
    if (store != null) {
      if (config != null || service != null) {
        throw new ToolException("--store: with --config or --service (expected: one of both)");
      }
      return new StorePlace(required(store), null, null);
    }
    String home = System.getProperty("sluice.home");
    Path file = config;
    if (file == null && home != null) {
      file = Path.of(home).resolve(DEFAULT_CONFIG);
    }
    if (file == null) {
      throw new ToolException("no --store and no --config (expected: one of both)");
    }
    return ofService(file, home == null ? null : Path.of(home), service);
  }

  private static StorePlace ofService(Path file, @Nullable Path home, @Nullable String service) {
    Config sluice = load(file);
    String name = service == null ? theRelay(sluice, file) : service;
    String path = "services." + ConfigUtil.quoteString(name);
    if (!sluice.hasPath(path)) {
      throw new ToolException(file + ": services." + name + " (expected: one that is there)");
    }
    Path data = Path.of(sluice.hasPath("data-dir") ? sluice.getString("data-dir") : "data");
    Path base = home != null ? home : file.toAbsolutePath().getParent();
    Path root = base == null ? data : base.resolve(data);
    String options = path + ".options.";
    Path from = base == null ? Path.of("") : base;
    return new StorePlace(
        required(root.resolve("services").resolve(name).resolve("binlog")),
        path(sluice, options + "archive-dir", from),
        path(sluice, options + "encryption-key-file", from));
  }

  private static @Nullable Path path(Config config, String name, Path base) {
    String value = config.hasPath(name) ? config.getString(name) : "";
    return value.isEmpty() ? null : base.resolve(value).normalize();
  }

  private static Path required(Path store) {
    if (!Files.isDirectory(store)) {
      throw new ToolException("store: " + store + " (expected: a directory that can be read)");
    }
    return store;
  }

  private static Config load(Path file) {
    if (!Files.isReadable(file)) {
      throw new ToolException(file + ": no such file, or not readable");
    }
    try {
      Config all =
          ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
              .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
      return all.hasPath("sluice") ? all.getConfig("sluice") : ConfigFactory.empty();
    } catch (ConfigException e) {
      throw new ToolException(file + ": " + e.getMessage());
    }
  }

  /** The only service whose router is a relay. */
  private static String theRelay(Config sluice, Path file) {
    List<String> relays = new ArrayList<>();
    if (sluice.hasPath("services")) {
      sluice
          .getObject("services")
          .forEach(
              (name, value) -> {
                if (value.valueType() == ConfigValueType.OBJECT && isRelay(sluice, name)) {
                  relays.add(name);
                }
              });
    }
    if (relays.size() != 1) {
      throw new ToolException(
          file + ": services with router = binlog: " + relays + " (expected: one, or --service)");
    }
    return relays.get(0);
  }

  private static boolean isRelay(Config sluice, String name) {
    String router = "services." + ConfigUtil.quoteString(name) + ".router";
    return sluice.hasPath(router) && sluice.getString(router).equals("binlog");
  }

  /** To read it. */
  StoreView view() {
    return new StoreView(Disk.LOCAL, directory, archive, keys());
  }

  /** The keys of what is encrypted. */
  KeyRing keys() {
    if (keyFile == null) {
      return KeyRing.none();
    }
    try {
      return KeyRing.load(keyFile);
    } catch (IOException e) {
      throw new ToolException(SluiceBinlog.explain(e));
    }
  }
}
