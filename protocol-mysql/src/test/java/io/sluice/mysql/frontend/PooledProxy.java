package io.sluice.mysql.frontend;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.server.PoolInfo;
import io.sluice.core.server.PoolLimits;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceSpec;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.wire.WireClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** The engine with one server whose connections are kept, on one event loop. */
final class PooledProxy implements AutoCloseable {

  static {
    BlockingGuard.install();
  }

  private static final Duration LONG = Duration.ofMinutes(30);

  final Engine engine;
  private final Service service;
  private final ConfiguredServer configured;

  PooledProxy(Path directory, DatabaseServer server, Settings serverSettings, Duration keepAlive) {
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    engine =
        new Engine(
            EngineSettings.defaults(directory).withThreads(1),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    configured =
        engine
            .addServer("db1", server.host(), server.port(), protocol, serverSettings)
            .pool(new PoolLimits(8, LONG, LONG));
    PassThroughRouter router = new PassThroughRouter(Set.of());
    service =
        engine.addService(
            new ServiceSpec(
                "svc",
                router,
                Settings.defaults(router.settings()),
                List.of(configured),
                false,
                new PasswordCredentials("svc", "svcpw"),
                List.of(),
                List.of(
                    new ListenerSpec(
                        "main", "127.0.0.1", 0, protocol, Settings.defaults(protocol.settings()))),
                keepAlive));
    engine.start();
  }

  int port() {
    return service.listeners().get(0).info().port();
  }

  PoolInfo pool() {
    return configured.info().pool();
  }

  WireClient login(String user, String password) {
    return WireClient.connect("127.0.0.1", port(), user, password);
  }

  WireClient login(String user, String password, String database, long capabilities) {
    WireClient client = WireClient.open("127.0.0.1", port());
    client.login(user, password, database, capabilities);
    return client;
  }

  /** Says good-bye, and waits until the connection to the server is reset, or is gone. */
  void quit(WireClient client) {
    client.quit();
    awaitNoSession();
  }

  void awaitNoSession() {
    await("the session is over", () -> engine.sessions().countClients() == 0);
  }

  void await(String what, Callable<Boolean> condition) {
    Await.until(what, Duration.ofSeconds(60), condition, () -> pool().toString());
  }

  @Override
  public void close() {
    engine.close();
  }
}
