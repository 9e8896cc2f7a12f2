package io.sluice.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process itself, with signals and exit codes. */
class MainIT {

  @TempDir Path home;

  private int port;
  private Process process;

  @BeforeEach
  void configure() throws IOException {
    port = Ports.free();
    Files.createDirectories(home.resolve("conf"));
    Files.writeString(
        home.resolve("conf/sluice.conf"), "sluice.admin.listen = \"127.0.0.1:" + port + "\"");
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void shouldStopWellOnASignal() throws Exception {
    start();
    Await.until("ready", this::isReady);

    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    assertThat(output()).contains("sluice stopped");
    assertThat(home.resolve("data/admin/token")).exists();
  }

  @Test
  void shouldFailWhenAPortIsTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      start();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(Main.FAILED);
      assertThat(output()).contains("sluice cannot start: ").contains(":" + other.getLocalPort());
    }
  }

  private void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dsluice.home=" + home,
                Main.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output.txt").toFile())
            .start();
  }

  private boolean isReady() throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String output() throws IOException {
    return Files.readString(home.resolve("output.txt"));
  }
}
