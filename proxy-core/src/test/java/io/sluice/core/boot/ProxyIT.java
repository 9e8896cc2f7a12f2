package io.sluice.core.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyIT {

  @TempDir Path directory;

  @BeforeEach
  void forget() {
    EchoModules.CLOSED.clear();
  }

  @Test
  void shouldServeClients() throws IOException {
    try (Proxy proxy = EchoProxy.start(directory);
        EchoClient client = new EchoClient(EchoProxy.port(proxy))) {
      assertThat(client.ask("one")).isEqualTo("one");
      assertThat(client.ask("two")).isEqualTo("two");
      assertThat(proxy.engine().sessions().countClients()).isEqualTo(1);
    }
  }

  @Test
  void shouldUseTheProxyProtocolWhereTheConfigurationSaysSo() throws IOException {
    String text =
        EchoProxy.CONFIG
            .replace("port = 0 } }", "port = 0, proxy-protocol-networks = [\"127.0.0.1\"] } }")
            .replace("port = 3307 }", "port = 3307, proxy-protocol = v2 }");
    try (Proxy proxy = EchoProxy.start(directory, text);
        EchoClient client = new EchoClient(EchoProxy.port(proxy))) {
      client.send("PROXY TCP4 10.9.8.7 192.0.2.1 4000 3306\r");

      assertThat(client.ask("one")).isEqualTo("one");
      assertThat(proxy.engine().servers())
          .extracting(ConfiguredServer::proxyProtocol)
          .containsExactly(ProxyProtocol.NONE, ProxyProtocol.V2);
    }
  }

  @Test
  void shouldStopInOrder() throws IOException {
    Proxy proxy = EchoProxy.start(directory);
    try (EchoClient client = new EchoClient(EchoProxy.port(proxy))) {
      client.ask("one");

      proxy.close();

      assertThat(client.read()).startsWith("end: ");
    }
    assertThat(List.copyOf(EchoModules.CLOSED))
        .containsExactly(
            "session",
            "listener app-main",
            "router app",
            "monitor watch",
            "server db1",
            "server db2");
  }

  @Test
  void shouldLetABusySessionUseTheGracePeriod() throws Exception {
    Proxy proxy = EchoProxy.start(directory);
    int port = EchoProxy.port(proxy);
    try (EchoClient busy = new EchoClient(port)) {
      busy.ask("one");
      busy.send("hold");
      Await.until("request seen", () -> proxy.engine().services().get(0).requests() == 2);

      CompletableFuture<Void> stopping = CompletableFuture.runAsync(proxy::close);
      Await.until("no longer ready", () -> !proxy.engine().isRunning());
      Await.until("listener closed", () -> refused(port));

      // Probes that were still accepted are gone at once; the busy one is there.
      Await.until("one session", () -> proxy.engine().sessions().countClients() == 1);
      assertThat(EchoModules.CLOSED).doesNotContain("router app");
      busy.close();
      stopping.get(60, TimeUnit.SECONDS);
    }
    assertThat(EchoModules.CLOSED).startsWith("session").contains("router app");
  }

  @Test
  void shouldEndABusySessionAfterTheGracePeriod() throws IOException {
    Proxy proxy = EchoProxy.start(directory);
    try (EchoClient busy = new EchoClient(EchoProxy.port(proxy))) {
      busy.ask("one");
      busy.send("hold");
      Await.until("request seen", () -> proxy.engine().services().get(0).requests() == 2);

      proxy.stop(Duration.ofMillis(100));

      assertThat(busy.read()).startsWith("end: ");
    }
    assertThat(EchoModules.CLOSED).contains("session", "router app");
  }

  @Test
  void shouldNotStartOnAPortThatIsTaken() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String text = EchoProxy.CONFIG.replace("port = 0 }", "port = " + other.getLocalPort() + " }");

      assertThatExceptionOfType(StartException.class)
          .isThrownBy(() -> EchoProxy.start(directory, text))
          .withMessageContaining("app-main")
          .withMessageContaining(String.valueOf(other.getLocalPort()));
    }
    assertThat(EchoModules.CLOSED).contains("router app", "server db1");
  }

  @Test
  void shouldNotStartWhenAdministrationCannotBind() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String text = EchoProxy.CONFIG.replace("127.0.0.1:0", "127.0.0.1:" + other.getLocalPort());

      assertThatExceptionOfType(StartException.class)
          .isThrownBy(() -> EchoProxy.start(directory, text))
          .withMessageContaining("admin")
          .withMessageContaining(String.valueOf(other.getLocalPort()));
    }
    assertThat(EchoModules.CLOSED).contains("router app", "server db1");
  }

  @Test
  void shouldKeepADataDirectoryForOneProxy() throws IOException {
    try (Proxy first = EchoProxy.start(directory)) {
      assertThat(first.engine().isRunning()).isTrue();
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(() -> EchoProxy.start(directory))
          .withMessageContaining("in use by another process");
    }
    EchoProxy.start(directory).close();
  }

  @Test
  void shouldTellWhereAModuleDoesNotAcceptItsSettings() {
    String text =
        EchoProxy.CONFIG.replace(
            "router = echo, servers = [db1, db2]",
            "router = echo, servers = [db1, db2], options { limit = 13 }");

    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> EchoProxy.start(directory, text))
        .withMessage(
            directory.resolve("sluice.conf")
                + ": 13: sluice.services.app.options.limit: 13 (expected: luck)");
    assertThat(EchoModules.CLOSED).contains("server db1");
  }

  private static boolean refused(int port) throws IOException {
    try (EchoClient client = new EchoClient(port)) {
      return client.read() == null;
    } catch (ConnectException e) {
      return true;
    }
  }
}
