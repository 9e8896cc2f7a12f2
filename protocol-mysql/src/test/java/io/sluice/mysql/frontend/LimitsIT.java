package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.net.ProxyNetworks;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.session.ClientLimits;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens at the limits of a listener, a service and a server. */
class LimitsIT {

  private static final Duration NEVER = Duration.ZERO;
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().option("max_connections", "10").start();
    server.createUser("app", "apppw", "ALL ON *.*");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest proxy(ClientLimits limits, int serverConnections) {
    return new ProxyUnderTest(
        directory,
        server.host(),
        server.port(),
        ProxyUnderTest.noTls(),
        null,
        new ProxyUnderTest.Forwarding(
            ProxyNetworks.NONE, ProxyProtocol.NONE, limits, serverConnections),
        "users = [{ name = app, password = apppw }]");
  }

  private static WireClient login(ProxyUnderTest proxy) {
    return WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw");
  }

  @ParameterizedTest
  @CsvSource({"2, 0", "0, 2", "2, 5"})
  void shouldRefuseAClientThatIsOneTooMany(int ofListener, int ofService) {
    try (ProxyUnderTest proxy = proxy(new ClientLimits(ofListener, ofService, NEVER, NEVER), 0);
        WireClient first = login(proxy);
        WireClient second = WireClient.open("127.0.0.1", proxy.port())) {
      second.greeting();
      try (WireClient third = WireClient.openSlow("127.0.0.1", proxy.port())) {
        WireError error = third.expectError(1040);
        assertThat(error.text()).isEqualTo("Too many connections");
        third.expectClosed();
      }
      assertThat(first.query("SELECT 1").value()).isEqualTo("1");
      first.quit();
      Await.until("there is room again", () -> proxy.sessions() == 1);
      try (WireClient next = login(proxy)) {
        assertThat(next.query("SELECT 1").value()).isEqualTo("1");
      }
    }
  }

  @Test
  void shouldNotConnectToAServerThatIsFull() {
    try (ProxyUnderTest proxy = proxy(ClientLimits.NONE, 1);
        WireClient first = login(proxy);
        WireClient second = login(proxy)) {
      assertThat(first.query("SELECT 1").value()).isEqualTo("1");
      assertThatThrownBy(() -> second.query("SELECT 1"))
          .isInstanceOfSatisfying(
              WireError.class, error -> assertThat(error.code()).isEqualTo(1040));
      first.quit();
      Await.untilAsserted(
          "there is room again",
          Duration.ofSeconds(60),
          () -> {
            try (WireClient next = login(proxy)) {
              assertThat(next.query("SELECT 2").value()).isEqualTo("2");
            }
          });
    }
  }

  @Test
  void shouldEndASessionThatAsksNothing() {
    try (ProxyUnderTest proxy = proxy(new ClientLimits(0, 0, SHORT, NEVER), 0);
        WireClient busy = login(proxy)) {
      // Longer than the limit, but not for lack of a request.
      assertThat(busy.query("SELECT SLEEP(3)").value()).isEqualTo("0");
      Await.until("the session is over", () -> proxy.sessions() == 0);
      busy.expectError(4031);
      busy.expectClosed();
    }
  }

  @Test
  void shouldEndASessionThatDoesNotGoOn() {
    try (ProxyUnderTest proxy = proxy(new ClientLimits(0, 0, SHORT, NEVER), 0);
        WireClient client = login(proxy)) {
      // A header of a long packet and a little of it.
      client.send((byte) 0, (byte) 0, (byte) 16, (byte) 0, (byte) 3, (byte) 'S', (byte) 'E');

      Await.until("the session is over", () -> proxy.sessions() == 0);
      client.expectClosed();
    }
  }

  @Test
  void shouldEndASessionThatTakesNothing() {
    try (ProxyUnderTest proxy = proxy(new ClientLimits(0, 0, NEVER, SHORT), 0);
        WireClient slow = login(proxy)) {
      slow.sendQuery("SELECT REPEAT('x', 1000000) FROM information_schema.COLUMNS LIMIT 100");

      Await.until("the session is over", () -> proxy.sessions() == 0);
    }
  }
}
