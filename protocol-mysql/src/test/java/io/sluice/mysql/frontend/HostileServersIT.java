package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.protocol.Capability;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server whose answers are spoilt, while clients use it and the accounts are loaded from it. Each
 * session ends and tells why, and as soon as the server says what it should again, all is well.
 */
class HostileServersIT {

  private static final Logger LOGGER = LoggerFactory.getLogger("fuzz");
  private static final List<List<byte[]>> DIALOGS = HostileDialogs.all();
  private static final Duration LONG = Duration.ofMinutes(2);

  private static MariaDbServer server;

  @TempDir Path directory;

  private final AtomicInteger connections = new AtomicInteger();

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().option("log-bin", "master-bin").start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("good", "goodpw", "REPLICATION SLAVE ON *.*", "ALL ON fuzz.*");
    server.execute("CREATE DATABASE fuzz", "CREATE TABLE fuzz.t (a INT)");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void shouldSurviveAHostileServer() throws Exception {
    fuzz(Fuzz.time(false));
  }

  @Test
  @Tag("nightly")
  void shouldSurviveAHostileServerForLong() throws Exception {
    fuzz(Fuzz.time(true));
  }

  private void fuzz(Duration time) throws Exception {
    Fuzz fuzz = new Fuzz("servers");
    try (EndLog log = new EndLog();
        HostileRelay relay = new HostileRelay(server.port())) {
      try (ProxyUnderTest proxy =
          new ProxyUnderTest(
              directory,
              "127.0.0.1",
              relay.port(),
              ProxyUnderTest.noTls(),
              new PasswordCredentials("svc", "svcpw"),
              "accounts-refresh = 1s, max-login-failures = 0",
              Capability.STATEMENTS)) {
        Await.until("a good answer before", LONG, () -> isServed(proxy.port()));
        relay.setHostile(true);
        fuzz.run(time, random -> use(random, proxy.port()));
        relay.setHostile(false);
        Await.until(fuzz.seed() + ": a good answer", LONG, () -> isServed(proxy.port()));
        Await.until(fuzz.seed() + ": sessions gone", LONG, () -> proxy.sessions() == 0);
      }
      Await.until(fuzz.seed() + ": connections gone", LONG, () -> relay.open() == 0);
      log.assertCalm(fuzz.seed());
      assertThat(log.ends()).as(fuzz.seed()).isEqualTo(connections.get());
      assertThat(relay.spoilt()).isPositive();
      assertThat(log.reasons()).containsKeys("server_lost", "protocol_violation");
      LOGGER
          .atInfo()
          .addKeyValue("spoilt", relay.spoilt())
          .addKeyValue("reasons", log.reasons())
          .addKeyValue("details", log.details())
          .log("sessions of a hostile server");
    }
  }

  private boolean isServed(int port) {
    try (WireClient client = WireClient.open("127.0.0.1", port)) {
      connections.incrementAndGet();
      client.login("good", "goodpw");
      boolean right = "42".equals(client.query("SELECT 41 + 1").rows().get(0).get(0));
      client.quit();
      return right;
    } catch (RuntimeException | AssertionError e) {
      return false;
    }
  }

  /** A client that does nothing wrong and takes whatever comes. */
  private void use(Random random, int port) {
    try (WireClient client = WireClient.open("127.0.0.1", port)) {
      connections.incrementAndGet();
      // Somebody that is not known lets the accounts be loaded.
      client.login(random.nextInt(20) == 0 ? "nobody" : "good", "goodpw");
      List<byte[]> dialog = DIALOGS.get(random.nextInt(DIALOGS.size()));
      for (byte[] command : dialog) {
        client.send(command);
        client.timeout(Duration.ofMillis(1 + random.nextInt(30)));
        try {
          while (random.nextInt(100) != 0) {
            client.read();
          }
        } catch (UncheckedIOException | AssertionError e) {
          // Nothing more came in time, or not a whole packet.
        }
      }
    } catch (RuntimeException | AssertionError e) {
      // It was told that the server is bad, or it saw that itself.
    }
  }
}
