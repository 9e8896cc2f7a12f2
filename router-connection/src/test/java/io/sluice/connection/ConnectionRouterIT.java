package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.server.Server;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceSpec;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.wire.WireClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is not there, and one that goes. */
class ConnectionRouterIT {

  @TempDir Path directory;

  @Test
  void shouldPassOverADeadServerAndEndWithALostOne() {
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    ConnectionRouterFactory router = new ConnectionRouterFactory();
    Problems problems = new Problems();
    Settings plain =
        protocol
            .serverSettings()
            .parse(ConfigFactory.parseString("tls = disable").root(), "options", problems);
    try (MariaDbServer real = MariaDbServer.builder().start();
        Engine engine =
            new Engine(
                EngineSettings.defaults(directory).withThreads(2),
                Clock.systemUTC(),
                new SimpleMeterRegistry())) {
      Through.accounts(real);
      List<Server> servers =
          List.of(
              engine.addServer("dead", "127.0.0.1", Ports.free(), protocol, plain),
              engine.addServer("db1", real.host(), real.port(), protocol, plain));
      Service service =
          engine.addService(
              new ServiceSpec(
                  "app",
                  router,
                  Settings.defaults(router.settings()),
                  servers,
                  false,
                  Through.SERVICE,
                  List.of(),
                  List.of(
                      new ListenerSpec(
                          "main",
                          "127.0.0.1",
                          0,
                          protocol,
                          Settings.defaults(protocol.settings())))));
      engine.start();
      int port = service.listeners().get(0).info().port();
      for (int i = 0; i < 4; i++) {
        try (WireClient client = WireClient.connect("127.0.0.1", port, "app", "apppw")) {
          assertThat(client.query("SELECT " + i).value()).isEqualTo(String.valueOf(i));
        }
      }
      Map<String, Object> seen = service.routerInstance().diagnostics();
      assertThat((Long) seen.get("retries")).as(seen.toString()).isBetween(1L, 4L);

      try (WireClient client = WireClient.connect("127.0.0.1", port, "app", "apppw")) {
        client.query("SELECT 1");
        real.kill9();
        client.expectError(2013);
        client.expectClosed();
      }
      try (WireClient client = WireClient.connect("127.0.0.1", port, "app", "apppw")) {
        assertThatThrownBy(() -> client.query("SELECT 1"))
            .hasMessageContaining("2013")
            .hasMessageContaining("cannot connect");
      }
    }
  }
}
