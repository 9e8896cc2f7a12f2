package io.sluice.console;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the administration listens and the token for it: from {@code --url} and {@code
 * --token-file}, else from a server's configuration file.
 */
final class AdminLocator {

  private static final String DEFAULT_LISTEN = "127.0.0.1:8989";

  private final @Nullable Path home;

  AdminLocator(@Nullable Path home) {
    this.home = home;
  }

  /**
   * An address with its token.
   *
   * @param url the base, without a trailing slash
   * @param token the bearer token
   */
  record Admin(URI url, String token) {
    @Override
    public String toString() {
      return url.toString();
    }
  }

  /** From the options; what is not given comes from the configuration. */
  Admin locate(@Nullable URI url, @Nullable Path tokenFile, @Nullable Path configFile) {
    if (url != null && tokenFile != null) {
      return new Admin(trimmed(url), read(tokenFile));
    }
    Path file = configFile(configFile);
    Config config = load(file);
    URI base = url != null ? trimmed(url) : address(config, file);
    Path token = tokenFile != null ? tokenFile : tokenFile(config, file);
    return new Admin(base, read(token));
  }

  private Path configFile(@Nullable Path given) {
    if (given != null) {
      return given;
    }
    if (home == null) {
      throw new AdminException("no --config, and no --url with --token-file");
    }
    return home.resolve("conf/sluice.conf");
  }

  private static Config load(Path file) {
    if (!Files.isReadable(file)) {
      throw new AdminException(file + ": no such file, or not readable");
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
    } catch (ConfigException e) {
      throw new AdminException(file + ": " + e.getMessage());
    }
  }

  private static URI address(Config config, Path file) {
    String listen = find(config, "sluice.admin.listen").orElse(DEFAULT_LISTEN);
    int colon = listen.lastIndexOf(':');
    if (colon < 0) {
      throw new AdminException(
          file + ": admin.listen: " + listen + " (expected: an address and a port)");
    }
    String host = listen.substring(0, colon);
    if (host.isEmpty() || host.equals("0.0.0.0")) {
      host = "127.0.0.1";
    } else if (host.equals("[::]")) {
      host = "[::1]";
    }
    return URI.create("http://" + host + listen.substring(colon));
  }

  private Path tokenFile(Config config, Path file) {
    Path data = Path.of(find(config, "sluice.data-dir").orElse("data"));
    @Nullable Path base = home != null ? home : file.toAbsolutePath().getParent();
    return (base == null ? data : base.resolve(data)).resolve("admin/token");
  }

  private static Optional<String> find(Config config, String path) {
    try {
      return config.hasPath(path) ? Optional.of(config.getString(path)) : Optional.empty();
    } catch (ConfigException e) {
      throw new AdminException(path + ": " + e.getMessage());
    }
  }

  private static String read(Path tokenFile) {
    try {
      return Files.readString(tokenFile).trim();
    } catch (IOException e) {
      throw new AdminException(
          tokenFile
              + ": the admin token cannot be read (Sluice writes it at its first start; --token-file"
              + " names another)");
    }
  }

  private static URI trimmed(URI url) {
    String text = url.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
  }
}
