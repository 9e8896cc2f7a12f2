package io.sluice.connection;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.router.RouterFactory;
import io.sluice.api.server.ServerRole;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceSpec;
import io.sluice.monitors.mariadb.MariaDbMonitorFactory;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.readwrite.ReadWriteRouterFactory;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;

/** The engine in front of one real server: one service, one listener. */
final class Through implements AutoCloseable {

  /** Which router carries what passes. */
  enum By {
    CONNECTION,
    READWRITE
  }

  /** The service's own account, which must be on the server. */
  static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");

  static {
    BlockingGuard.install();
  }

  private final Engine engine;
  private final Service service;

  /**
   * Starts it.
   *
   * @param serverOptions of the protocol, towards the server
   */
  Through(Path directory, DatabaseServer server, By by, String serverOptions) {
    boolean monitored = by == By.READWRITE;
    engine =
        new Engine(
            EngineSettings.defaults(directory).withThreads(2),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    ConfiguredServer configured =
        engine.addServer(
            "db1",
            server.host(),
            server.port(),
            protocol,
            parse(
                protocol.serverSettings(),
                (server instanceof MariaDbServer ? "tls = disable\n" : "tls = require\n")
                    + serverOptions));
    if (monitored) {
      engine.addMonitor(
          "main",
          new MariaDbMonitorFactory(),
          parse(new MariaDbMonitorFactory().settings(), "probe-timeout = 30s"),
          List.of(configured),
          SERVICE,
          Duration.ofSeconds(1));
    }
    RouterFactory router = monitored ? new ReadWriteRouterFactory() : new ConnectionRouterFactory();
    service =
        engine.addService(
            new ServiceSpec(
                "app",
                router,
                Settings.defaults(router.settings()),
                List.of(configured),
                monitored,
                SERVICE,
                List.of(),
                List.of(
                    new ListenerSpec(
                        "main",
                        "127.0.0.1",
                        0,
                        protocol,
                        Settings.defaults(protocol.settings())))));
    engine.start();
    if (monitored) {
      Await.until(
          "the monitor has seen the master",
          Duration.ofSeconds(60),
          () -> configured.state().is(ServerRole.WRITER));
    }
  }

  /** The accounts that the engine and the clients use. */
  static void accounts(DatabaseServer server) {
    server.createUser(SERVICE.user(), SERVICE.password(), "ALL ON *.*");
    server.createUser("app", "apppw", "ALL ON *.*");
  }

  private static Settings parse(SettingsSpec spec, String options) {
    Problems problems = new Problems();
    Settings settings = spec.parse(ConfigFactory.parseString(options).root(), "options", problems);
    Assertions.assertThat(problems.all()).isEmpty();
    return settings;
  }

  int port() {
    return service.listeners().get(0).info().port();
  }

  int sessions() {
    return engine.sessions().countClients();
  }

  @Override
  public void close() {
    engine.close();
  }
}
