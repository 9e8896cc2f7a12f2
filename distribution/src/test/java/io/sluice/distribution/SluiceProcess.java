package io.sluice.distribution;

import io.sluice.testkit.await.Await;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The built distribution as a process; can be stopped, killed and started again on its data. */
final class SluiceProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(180);
  private static final Duration STOP = Duration.ofSeconds(60);

  /** What a finished command left. */
  record Result(int exit, String output) {}

  private final Path home;
  private final Path directory;
  private final Path config;
  private final Path log;
  private final int adminPort = Ports.free();
  private String javaOptions = "-Xmx512m -Dio.netty.leakDetection.level=paranoid";
  private @Nullable Process process;

  /** Writes the configuration; {@code sections} is what stands beside data-dir and admin in it. */
  SluiceProcess(Path home, Path directory, String sections) {
    this.home = home;
    this.directory = directory;
    this.config = directory.resolve("sluice.conf");
    this.log = directory.resolve("sluice.log");
    configure(sections);
  }

  SluiceProcess(Path directory, String sections) {
    this(builtHome(), directory, sections);
  }

  /** The unpacked distribution that the build left. */
  static Path builtHome() {
    Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
    try (Stream<Path> children = Files.list(target)) {
      return children
          .filter(p -> p.getFileName().toString().startsWith("sluice-") && Files.isDirectory(p))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(target + ": no unpacked distribution"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void configure(String sections) {
    try {
      Files.writeString(
          config,
          "sluice {\n  data-dir = \""
              + data()
              + "\"\n  admin { listen = \"127.0.0.1:"
              + adminPort
              + "\" }\n"
              + sections
              + "\n}\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path data() {
    return directory.resolve("data");
  }

  Path home() {
    return home;
  }

  SluiceProcess start() {
    launch();
    return awaitReady();
  }

  /** Waits until what was launched is ready. */
  SluiceProcess awaitReady() {
    Await.until("Sluice ready", START, () -> !running() || health("ready") == 200, this::output);
    if (!running()) {
      throw new AssertionError("Sluice died at start:\n" + output());
    }
    return this;
  }

  /**
   * Other options for the Java runtime than those that look for lost buffers, from the next start
   * on.
   */
  SluiceProcess javaOptions(String more) {
    javaOptions = more;
    return this;
  }

  /** Starts it and does not wait. */
  void launch() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(home.resolve("bin/sluice").toString(), "--config", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put("SLUICE_OPTS", javaOptions);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean running() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** SIGTERM; returns the exit code. */
  int stop() {
    Process current = java.util.Objects.requireNonNull(process);
    current.destroy();
    try {
      if (!current.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        current.destroyForcibly();
        throw new AssertionError("Sluice did not stop on SIGTERM:\n" + output());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertNoLeak();
    return current.exitValue();
  }

  /** Fails if a buffer was lost: the leak detector runs at its most thorough. */
  void assertNoLeak() {
    if (output().contains("LEAK:")) {
      throw new AssertionError("a buffer was not released:\n" + output());
    }
  }

  /** SIGKILL. */
  void kill9() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
      try {
        current.waitFor();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  int health(String which) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/health/" + which))
                .timeout(Duration.ofSeconds(60))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** What a collector of metrics gets. */
  String metrics() throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
                .timeout(Duration.ofSeconds(60))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Runs {@code bin/sluicectl} against this process. */
  Result ctl(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(home.resolve("bin/sluicectl").toString(), "--config", config.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** {@code bin/sluice-binlog} for the store of a service. */
  List<String> binlogTool(String service, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/sluice-binlog").toString()));
    command.addAll(List.of("--config", config.toString(), "--service", service));
    command.addAll(arguments);
    return command;
  }

  /** Runs {@code bin/sluice} to its end with the configuration of this process. */
  Result sluice(String... arguments) {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/sluice").toString()));
    command.addAll(List.of("--config", config.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  static Result run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end:\n" + output);
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The log so far. */
  String output() {
    try {
      return Files.exists(log) ? Files.readString(log) : "(no output)";
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  @Override
  public void close() {
    kill9();
  }
}
