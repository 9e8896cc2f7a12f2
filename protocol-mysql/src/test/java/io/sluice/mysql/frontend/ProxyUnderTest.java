package io.sluice.mysql.frontend;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.Capability;
import io.sluice.api.router.RouterFactory;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.net.ProxyNetworks;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceSpec;
import io.sluice.core.session.ClientLimits;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.DatabaseServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** The engine with one server, one service that passes everything through, and one listener. */
final class ProxyUnderTest implements AutoCloseable {

  static {
    BlockingGuard.install();
  }

  private final Engine engine;
  private final Service service;

  ProxyUnderTest(
      Path directory,
      DatabaseServer server,
      @Nullable PasswordCredentials credentials,
      String options,
      Capability... prepare) {
    this(directory, server, noTls(), credentials, options, prepare);
  }

  /** For servers that have no TLS, as those of the test kit unless it is asked for. */
  static Settings noTls() {
    return Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.DISABLE);
  }

  ProxyUnderTest(
      Path directory,
      DatabaseServer server,
      Settings serverSettings,
      @Nullable PasswordCredentials credentials,
      String options,
      Capability... prepare) {
    this(directory, server.host(), server.port(), serverSettings, credentials, options, prepare);
  }

  ProxyUnderTest(
      Path directory,
      String host,
      int port,
      Settings serverSettings,
      @Nullable PasswordCredentials credentials,
      String options,
      Capability... prepare) {
    this(directory, host, port, serverSettings, credentials, Forwarding.NONE, options, prepare);
  }

  /** Whose PROXY headers are taken, and what is sent to the server. */
  record Forwarding(
      ProxyNetworks in, ProxyProtocol out, ClientLimits limits, int serverConnections) {
    Forwarding(ProxyNetworks in, ProxyProtocol out) {
      this(in, out, ClientLimits.NONE, 0);
    }

    static final Forwarding NONE = new Forwarding(ProxyNetworks.NONE, ProxyProtocol.NONE);
  }

  ProxyUnderTest(
      Path directory,
      String host,
      int port,
      Settings serverSettings,
      @Nullable PasswordCredentials credentials,
      Forwarding forwarding,
      String options,
      Capability... prepare) {
    this(
        directory,
        host,
        port,
        serverSettings,
        credentials,
        forwarding,
        options,
        new PassThroughRouter(Set.of(prepare)));
  }

  /** With another router. */
  ProxyUnderTest(
      Path directory,
      String host,
      int port,
      Settings serverSettings,
      @Nullable PasswordCredentials credentials,
      Forwarding forwarding,
      String options,
      RouterFactory router) {
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    Problems problems = new Problems();
    Settings settings =
        protocol.settings().parse(ConfigFactory.parseString(options).root(), "options", problems);
    Assertions.assertThat(problems.all()).isEmpty();
    engine =
        new Engine(
            EngineSettings.defaults(directory).withThreads(2),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    ConfiguredServer configured = engine.addServer("db1", host, port, protocol, serverSettings);
    configured.proxyProtocol(forwarding.out());
    configured.limit(forwarding.serverConnections());
    service =
        engine.addService(
            new ServiceSpec(
                "svc",
                router,
                Settings.defaults(router.settings()),
                List.of(configured),
                false,
                credentials,
                List.of(),
                List.of(
                    new ListenerSpec(
                        "main",
                        "127.0.0.1",
                        0,
                        protocol,
                        settings,
                        forwarding.in(),
                        forwarding.limits()))));
    engine.start();
  }

  int port() {
    return service.listeners().get(0).info().port();
  }

  /** Calls a command of the listener. */
  Map<String, Object> call(String command, Map<String, String> arguments) {
    return service.listeners().get(0).clientProtocol().commands().stream()
        .filter(known -> known.name().equals(command))
        .findFirst()
        .orElseThrow()
        .action()
        .apply(arguments);
  }

  Map<String, Object> diagnostics() {
    return service.listeners().get(0).clientProtocol().diagnostics();
  }

  int sessions() {
    return engine.sessions().countClients();
  }

  /** Through MariaDB's driver. */
  Connection mariaDb(String user, String password, String... options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + port() + "/?" + String.join("&", options), user, password);
  }

  /** Through MySQL's driver. */
  Connection mySql(String user, String password, String... options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mysql://127.0.0.1:" + port() + "/?" + String.join("&", options), user, password);
  }

  @Override
  public void close() {
    engine.close();
  }
}
