package io.sluice.demo;

import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code bin/sluice} of the built distribution as a child process. */
final class SluiceServer {
  private static final Duration START = Duration.ofSeconds(60);
  private static final long STOP_SECONDS = 30;
  private static final int TAIL = 40;

  private final Path home;
  private final Path config;
  private final Path log;
  private @Nullable Process process;

  SluiceServer(Path home, Path config, Path log) {
    this.home = home;
    this.config = config;
    this.log = log;
  }

  /** Returns when all these ports answer. */
  void start(List<Integer> ports) {
    Process started;
    try {
      started =
          new ProcessBuilder(home.resolve("bin/sluice").toString(), "--config", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + home.resolve("bin/sluice"), e);
    }
    process = started;
    Await.until(
        "Sluice listens on " + ports,
        START,
        () -> !started.isAlive() || ports.stream().allMatch(SluiceServer::answers),
        this::logTail);
    if (!started.isAlive()) {
      throw new IllegalStateException(
          "Sluice ended with code " + started.exitValue() + ":\n" + logTail());
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** SIGTERM, and SIGKILL if that is not obeyed. */
  void stop() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The end of what it wrote. */
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }
}
