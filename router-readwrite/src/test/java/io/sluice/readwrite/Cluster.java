package io.sluice.readwrite;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.module.ModuleFactory;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerStatus;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.core.service.FilterRuntime;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceSpec;
import io.sluice.filters.querylog.QueryLogFilterFactory;
import io.sluice.monitors.mariadb.MariaDbMonitorFactory;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** A master, two replicas, a monitor, and a read-write split service with a query log. */
final class Cluster implements AutoCloseable {

  private static final PasswordCredentials MAINTENANCE =
      new PasswordCredentials("maintenance", "m-secret");

  final MariaDbServer master;
  final List<MariaDbServer> replicas = new ArrayList<>();
  final List<ConfiguredServer> configured = new ArrayList<>();
  private final Engine engine;
  private final Service service;
  private final FilterRuntime log;

  Cluster(Path directory, String routerOptions) {
    master = server(1);
    master.execute("CREATE DATABASE app", "CREATE DATABASE other");
    master.createUser("repl", "r-secret", "REPLICATION SLAVE ON *.*");
    master.createUser("maintenance", "m-secret", "ALL PRIVILEGES ON *.*");
    master.createUser("app", "a-secret", "ALL PRIVILEGES ON *.*");
    for (int id = 2; id <= 3; id++) {
      MariaDbServer replica = server(id);
      replicas.add(replica);
      follow(replica);
    }
    engine =
        new Engine(
            EngineSettings.defaults(directory)
                .withThreads(2)
                .withConnectTimeout(Duration.ofSeconds(30)),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    List<MariaDbServer> all = new ArrayList<>(List.of(master));
    all.addAll(replicas);
    for (int i = 0; i < all.size(); i++) {
      configured.add(
          engine.addServer(
              "db" + (i + 1),
              all.get(i).host(),
              all.get(i).port(),
              protocol,
              Settings.defaults(protocol.serverSettings())
                  .with(ServerSettings.TLS, TlsMode.DISABLE)));
    }
    engine.addMonitor(
        "main",
        new MariaDbMonitorFactory(),
        parse(new MariaDbMonitorFactory(), "probe-timeout = 30s"),
        configured,
        MAINTENANCE,
        Duration.ofMillis(200));
    QueryLogFilterFactory queryLog = new QueryLogFilterFactory();
    log =
        engine.addFilter(
            "qlog", queryLog, parse(queryLog, "file = \"" + directory.resolve("q.log") + "\""));
    ReadWriteRouterFactory router = new ReadWriteRouterFactory();
    service =
        engine.addService(
            new ServiceSpec(
                "app",
                router,
                parse(router, routerOptions),
                configured,
                true,
                MAINTENANCE,
                List.of(log),
                List.of(
                    new ListenerSpec(
                        "main",
                        "127.0.0.1",
                        0,
                        protocol,
                        Settings.defaults(protocol.settings())))));
    engine.start();
    awaitRoles();
  }

  private static MariaDbServer server(int id) {
    return MariaDbServer.builder()
        .serverId(id)
        .binlog("b" + id)
        .option("log_slave_updates")
        .start();
  }

  /** Points a replica at the master. */
  void follow(MariaDbServer replica) {
    Replication.start(
        replica, Replication.Source.of(master, "repl", "r-secret"), Replication.Gtid.SLAVE_POS);
    Replication.awaitCaughtUp(master, replica);
  }

  void awaitRoles() {
    Await.until("the monitor has found the master", () -> is(0, ServerRole.WRITER));
    for (int i = 1; i < configured.size(); i++) {
      int number = i;
      Await.until("the monitor has found replica " + i, () -> is(number, ServerRole.READER));
    }
  }

  boolean is(int server, ServerRole role) {
    return configured.get(server).state().is(role);
  }

  void awaitStatus(int server, ServerStatus status) {
    Await.until(
        "server " + server + " is " + status,
        () -> configured.get(server).state().status() == status);
  }

  private static Settings parse(ModuleFactory factory, String options) {
    Problems problems = new Problems();
    Settings settings =
        factory.settings().parse(ConfigFactory.parseString(options).root(), "options", problems);
    Assertions.assertThat(problems.all()).isEmpty();
    return settings;
  }

  /** Waits until the replicas have everything that the master has. */
  void awaitCaughtUp() {
    Replication.awaitCaughtUp(master, replicas.toArray(MariaDbServer[]::new));
  }

  int port() {
    return service.listeners().get(0).info().port();
  }

  int sessions() {
    return engine.sessions().countClients();
  }

  Connection connect(String... options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + port() + "/app?" + String.join("&", options),
        "app",
        "a-secret");
  }

  Map<String, Object> diagnostics() {
    return service.routerInstance().diagnostics();
  }

  Map<String, Object> logDiagnostics() {
    return log.filter().diagnostics();
  }

  /** A number of the router's diagnostics about one server. */
  long number(Server server, String key) {
    @SuppressWarnings("unchecked") // rows are maps by the contract of diagnostics
    List<Map<String, Object>> rows = (List<Map<String, Object>>) diagnostics().get("servers");
    for (Map<String, Object> row : rows) {
      if (server.name().equals(row.get("server"))) {
        return ((Number) row.get(key)).longValue();
      }
    }
    throw new IllegalArgumentException(server.name());
  }

  @Override
  public void close() {
    engine.close();
    replicas.forEach(MariaDbServer::close);
    master.close();
  }
}
