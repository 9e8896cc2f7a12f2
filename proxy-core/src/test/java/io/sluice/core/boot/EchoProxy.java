package io.sluice.core.boot;

import io.sluice.core.config.ProxyConfig;
import io.sluice.core.config.ProxyConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts a proxy of echo modules out of a configuration text. */
public final class EchoProxy {

  public static final String CONFIG =
      """
      sluice {
        data-dir = "data"
        threads = 2
        stop-grace-period = 20s
        admin { listen = "127.0.0.1:0" }
        servers {
          db1 { address = "127.0.0.1", port = 3306 }
          db2 { address = "127.0.0.1", port = 3307 }
        }
        monitors { watch { module = up, servers = [db1], user = w, password = "topsecret" } }
        services {
          app {
            router = echo, servers = [db1, db2], user = svc, password = "topsecret"
            listeners { main { address = "127.0.0.1", port = 0 } }
          }
        }
      }
      """;

  private EchoProxy() {}

  public static Proxy start(Path directory) throws IOException {
    return start(directory, CONFIG);
  }

  public static Proxy start(Path directory, String text) throws IOException {
    return Proxy.start(load(directory, text), EchoModules.registry());
  }

  static ProxyConfig load(Path directory, String text) throws IOException {
    Path file = directory.resolve("sluice.conf");
    Files.writeString(file, text);
    return ProxyConfigLoader.load(file, directory, EchoModules.registry());
  }

  public static int port(Proxy proxy) {
    return proxy.engine().services().get(0).listeners().get(0).info().port();
  }
}
