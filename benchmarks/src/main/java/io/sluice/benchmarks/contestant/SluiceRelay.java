package io.sluice.benchmarks.contestant;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The built distribution as a process, with one relay; with the launcher's own options for the Java
 * runtime unless a scenario gives others. Confined to one thread.
 */
public final class SluiceRelay implements Contestant {
  private static final Duration START = Duration.ofMinutes(10);
  private static final long STOP_SECONDS = 120;
  private static final String ARCHIVE = "SLUICE_CLASSES";

  private final Path home;
  private final Path directory;
  private final Path config;
  private final Path log;
  private final Path classes;
  private final int port = Ports.free();
  private final int adminPort = Ports.free();
  private final String javaOptions;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;

  /**
   * Writes the configuration.
   *
   * @param home the unpacked distribution
   * @param directory for configuration, log and data
   * @param masterPort where the master listens
   * @param options further options of the router, such as {@code sync = 100ms}
   * @param javaOptions more options for the Java runtime
   */
  public SluiceRelay(
      Path home, Path directory, int masterPort, String options, String javaOptions) {
    this.home = home;
    this.directory = directory;
    this.config = directory.resolve("sluice.conf");
    this.log = directory.resolve("sluice.log");
    this.classes = directory.resolve("classes.jsa");
    this.javaOptions = javaOptions;
    configure(masterPort, options, "tls { mode = disabled }");
  }

  /** Writes the configuration anew, for the next start. */
  public void configure(int masterPort, String options, String listenerOptions) {
    String text =
        """
        sluice {
          data-dir = "%s"
          admin { listen = "127.0.0.1:%d" }
          servers { master { address = "127.0.0.1", port = %d, options { tls = disable } } }
          services {
            relay {
              router = binlog, servers = [master], user = %s, password = %s
              options { server-id = 4711, %s }
              listeners { relay { address = "127.0.0.1", port = %d, options { %s } } }
            }
          }
        }
        """
            .formatted(
                directory.resolve("data"),
                adminPort,
                masterPort,
                Account.RELAY,
                Account.PASSWORD,
                options,
                port,
                listenerOptions);
    try {
      Files.createDirectories(directory);
      Files.writeString(config, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it; returns when it is ready. */
  public SluiceRelay start() {
    launch();
    Await.until("Sluice is ready", START, () -> !isRunning() || isReady(), this::output);
    if (!isRunning()) {
      throw new IllegalStateException("Sluice ended at its start:\n" + output());
    }
    return this;
  }

  /** Starts it and does not wait. */
  public void launch() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(home.resolve("bin/sluice").toString(), "--config", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put("SLUICE_OPTS", javaOptions);
      builder.environment().put(ARCHIVE, classes.toString());
      Process started = builder.start();
      process = started;
      DatabaseServer.beforeExit(() -> started.destroyForcibly().onExit().join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From the next start on, with the archive of classes that an administrator can make. */
  public void prepareClasses() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(home.resolve("bin/sluice-prepare").toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put(ARCHIVE, classes.toString());
      if (builder.start().waitFor() != 0) {
        throw new IllegalStateException("sluice-prepare failed:\n" + output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells whether its process is there. */
  public boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** Tells whether it says that it is ready; an exception while nobody answers. */
  public boolean isReady() throws IOException, InterruptedException {
    return get("/health/ready").statusCode() == 200;
  }

  /** What collectors of metrics get. */
  public String metrics() throws IOException, InterruptedException {
    return get("/metrics").body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The folder of the store's files. */
  public Path store() {
    return directory.resolve("data/services/relay/binlog/0001");
  }

  /** Tells whether the store has a file up to a position. */
  public boolean hasStored(DatabaseServer.BinlogEnd end) throws IOException {
    Path file = store().resolve(end.file());
    return Files.exists(file) && Files.size(file) >= end.position();
  }

  /** The log so far. */
  public String output() {
    try {
      return Files.exists(log) ? Files.readString(log) : "(no output)";
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  @Override
  public String name() {
    return "Sluice";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public long pid() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("Sluice does not run");
    }
    return current.pid();
  }

  /** Ends it as an administrator does. */
  public void stop() {
    Process current = process;
    if (current != null) {
      current.destroy();
      try {
        if (!current.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          throw new IllegalStateException("Sluice does not stop:\n" + output());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      process = null;
    }
  }

  /** Ends it with SIGKILL. */
  public void kill() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
      current.onExit().join();
      process = null;
    }
  }

  @Override
  public void close() {
    kill();
  }
}
