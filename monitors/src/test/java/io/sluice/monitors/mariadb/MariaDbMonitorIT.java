package io.sluice.monitors.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.monitor.MonitorRuntime;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monitor and real servers. */
class MariaDbMonitorIT {

  @TempDir Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<ConfiguredServer> configured = new ArrayList<>();
  private Engine engine;

  @BeforeAll
  static void guard() {
    BlockingGuard.install();
  }

  @AfterEach
  void close() throws Exception {
    if (engine != null) {
      engine.close();
    }
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void shouldFollowMasterAndReplicaThroughTheirLives() {
    MariaDbServer master = server(1);
    MariaDbServer replica = server(2);
    follow(replica, master);
    MonitorRuntime monitor = start(master, replica);

    awaitRole(0, ServerRole.WRITER);
    awaitRole(1, ServerRole.READER);
    assertThat(state(0).labels()).containsExactly("Master", "Running");
    assertThat(state(1).labels()).containsExactly("Slave", "Running");
    assertThat(state(1).lag()).isNotNull();
    assertThat(monitor.monitor().diagnostics().toString()).contains("server_id=2");

    master.kill9();
    Await.until("the master is down", () -> state(0).status() == ServerStatus.DOWN);
    assertThat(state(0).message()).isNotEmpty();
    // Not at once if it was asked just when it had lost a master that was still up.
    awaitRole(1, ServerRole.READER);

    master.start();
    awaitRole(0, ServerRole.WRITER);

    master.execute("SET GLOBAL read_only = 1");
    Await.until("nobody is the master", () -> !state(0).is(ServerRole.WRITER));
    assertThat(state(1).is(ServerRole.WRITER)).isFalse();
  }

  @Test
  void shouldRecogniseAReplicaWhoseSourceIsNotMonitored() {
    MariaDbServer master = server(1);
    MariaDbServer between = server(2);
    MariaDbServer replica = server(3);
    follow(between, master);
    follow(replica, between);
    start(master, replica);
    awaitRole(0, ServerRole.WRITER);
    awaitRole(1, ServerRole.READER);

    replica.execute("STOP SLAVE IO_THREAD");
    Await.until("it is no reader", () -> !state(1).is(ServerRole.READER));
    assertThat(state(1).message()).contains("IO stopped");
    replica.execute("START SLAVE");
    awaitRole(1, ServerRole.READER);

    between.kill9();
    Await.until("it is connecting, so no reader", () -> !state(1).is(ServerRole.READER));
  }

  @Test
  void shouldCallAServerDownThatDoesNotAnswer() throws Exception {
    ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.add(silent);
    engine = engine();
    add("silent", "127.0.0.1", silent.getLocalPort());
    monitor("500ms");
    Await.until("it is down", () -> state(0).status() == ServerStatus.DOWN);
    assertThat(state(0).message()).contains("within 500 ms");
  }

  @Test
  void shouldTellThatTheLoginIsRefused() {
    MariaDbServer server = MariaDbServer.builder().serverId(1).start();
    open.add(server);
    engine = engine();
    add("db1", server.host(), server.port());
    monitor();
    Await.until("it is down", () -> state(0).status() == ServerStatus.DOWN);
    assertThat(state(0).message()).contains("1045");
  }

  private MonitorRuntime start(MariaDbServer... servers) {
    engine = engine();
    for (int i = 0; i < servers.length; i++) {
      add("db" + (i + 1), servers[i].host(), servers[i].port());
    }
    return monitor();
  }

  private Engine engine() {
    return new Engine(
        EngineSettings.defaults(directory).withThreads(1),
        Clock.systemUTC(),
        new SimpleMeterRegistry());
  }

  private void add(String name, String host, int port) {
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    configured.add(
        engine.addServer(
            name,
            host,
            port,
            protocol,
            Settings.defaults(protocol.serverSettings())
                .with(ServerSettings.TLS, TlsMode.DISABLE)));
  }

  /** With more patience than any machine needs: only what happens to servers shall count. */
  private MonitorRuntime monitor() {
    return monitor("30s");
  }

  private MonitorRuntime monitor(String timeout) {
    MariaDbMonitorFactory factory = new MariaDbMonitorFactory();
    Settings settings =
        factory
            .settings()
            .parse(
                ConfigFactory.parseString("probe-timeout = " + timeout).root(), "", new Problems());
    MonitorRuntime monitor =
        engine.addMonitor(
            "main",
            factory,
            settings,
            configured,
            new PasswordCredentials("monitor", "secret"),
            Duration.ofMillis(100));
    engine.start();
    return monitor;
  }

  private MariaDbServer server(int id) {
    MariaDbServer server =
        MariaDbServer.builder()
            .serverId(id)
            .binlog("b" + id)
            .option("log_slave_updates")
            .option("slave_net_timeout", "4")
            .start();
    open.add(server);
    if (id == 1) {
      server.createUser("repl", "secret", "REPLICATION SLAVE ON *.*");
      server.createUser("monitor", "secret", "REPLICA MONITOR ON *.*");
    }
    return server;
  }

  private static void follow(MariaDbServer replica, MariaDbServer source) {
    Replication.start(
        replica, Replication.Source.of(source, "repl", "secret"), Replication.Gtid.SLAVE_POS);
    Replication.awaitCaughtUp(source, replica);
  }

  private void awaitRole(int server, ServerRole role) {
    Await.until("server " + server + " is " + role, () -> state(server).is(role));
  }

  private ServerState state(int server) {
    return configured.get(server).state();
  }
}
