package io.sluice.binlog;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.binlog.control.ControlNote;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.control.RelayControl;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.SyncPolicy;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceSpec;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.mysql.account.StaticAccounts;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.mysql.frontend.ListenerSettings;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication.Source;
import io.sluice.testkit.server.SqlClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A relay in this process: the real engine and the real protocol around one binlog service. */
final class RelayHarness implements AutoCloseable {
  static final String USER = "repl";
  static final String PASSWORD = "repl-pw";
  static final long SERVER_ID = 4711;

  /** Where the in-use flag of a file stands. */
  private static final int IN_USE = 21;

  private final Engine engine;
  private final Service service;
  private final int port;

  private RelayHarness(Engine engine, Service service, int port) {
    this.engine = engine;
    this.service = service;
    this.port = port;
  }

  /** An account of the listener's own, for masters that have none. */
  static Settings staticUser() {
    Settings user =
        Settings.defaults(StaticAccounts.SPEC)
            .with(StaticAccounts.NAME, USER)
            .with(StaticAccounts.PASSWORD, PASSWORD)
            .with(
                StaticAccounts.GRANTS,
                List.of("REPLICATION SLAVE", "BINLOG MONITOR", "SLAVE MONITOR"));
    return Settings.defaults(new MySqlProtocolFactory().settings())
        .with(ListenerSettings.USERS, List.of(user));
  }

  static Settings options() {
    return Settings.defaults(BinlogSettings.SPEC)
        .with(BinlogSettings.SERVER_ID, SERVER_ID)
        .with(BinlogSettings.SYNC, SyncPolicy.NONE)
        .with(BinlogSettings.HEARTBEAT_PERIOD, Duration.ofSeconds(2))
        .with(BinlogSettings.RECONNECT_MIN, Duration.ofMillis(100))
        .with(BinlogSettings.RECONNECT_MAX, Duration.ofMillis(500))
        .with(BinlogSettings.TAIL_SIZE, 4L << 20)
        .with(BinlogSettings.CACHE_SIZE, 4L << 20);
  }

  /** Accounts come from the master, so they are the same there and here. */
  static void createUser(MariaDbServer master) {
    master.createUser(
        USER,
        PASSWORD,
        "REPLICATION SLAVE ON *.*",
        "BINLOG MONITOR ON *.*",
        "SLAVE MONITOR ON *.*",
        "REPLICATION MASTER ADMIN ON *.*",
        "SELECT ON mysql.*");
  }

  /** The same for MySQL. */
  static void createUser(MySqlServer master) {
    master.createUser(
        USER,
        PASSWORD,
        "REPLICATION SLAVE ON *.*",
        "REPLICATION CLIENT ON *.*",
        "SELECT ON mysql.*");
  }

  static RelayHarness start(Path data, DatabaseServer master) {
    return start(data, master.host(), master.port(), options());
  }

  static RelayHarness start(Path data, String host, int masterPort, Settings options) {
    return start(
        data,
        host,
        masterPort,
        0,
        options,
        Settings.defaults(new MySqlProtocolFactory().settings()));
  }

  static RelayHarness start(
      Path data, String host, int masterPort, int port, Settings options, Settings listener) {
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    Engine engine =
        new Engine(
            EngineSettings.defaults(data).withThreads(2),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    try {
      ConfiguredServer server =
          engine.addServer(
              "db1",
              host,
              masterPort,
              protocol,
              Settings.defaults(protocol.serverSettings())
                  .with(ServerSettings.TLS, TlsMode.DISABLE)
                  .with(ServerSettings.GET_SERVER_PUBLIC_KEY, true));
      Service service =
          engine.addService(
              new ServiceSpec(
                  "relay",
                  new BinlogRouterFactory(),
                  options,
                  List.of(server),
                  false,
                  new PasswordCredentials(USER, PASSWORD),
                  List.of(),
                  List.of(new ListenerSpec("relay", "127.0.0.1", port, protocol, listener))));
      engine.start();
      int bound = service.listeners().get(0).info().port();
      return new RelayHarness(engine, service, bound);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  Source source() {
    return new Source("127.0.0.1", port, USER, PASSWORD);
  }

  SqlClient sql() {
    return SqlClient.at("127.0.0.1", port, USER, PASSWORD);
  }

  Map<String, Object> diagnostics() {
    return service.routerInstance().diagnostics();
  }

  @SuppressWarnings("unchecked") // diagnostics() nests maps of this type
  Map<String, Object> link() {
    return (Map<String, Object>) diagnostics().get("link");
  }

  @SuppressWarnings("unchecked") // diagnostics() nests maps of this type
  Map<String, Object> storeDetails() {
    return (Map<String, Object>) diagnostics().get("store");
  }

  @SuppressWarnings("unchecked") // diagnostics() has a table there
  List<Map<String, Object>> replicas() {
    return (List<Map<String, Object>>) diagnostics().get("replicas");
  }

  Map<String, Object> command(String name) {
    return command(name, Map.of());
  }

  Map<String, Object> command(String name, Map<String, String> arguments) {
    return service.routerInstance().commands().stream()
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow()
        .action()
        .apply(arguments);
  }

  void awaitState(String state) {
    Await.until(
        "link is " + state,
        Duration.ofSeconds(60),
        () -> state.equals(link().get("state")),
        () -> String.valueOf(link()));
  }

  /** Waits until everything that the master has committed is stored. */
  void awaitStored(MariaDbServer master) {
    String gtid = master.queryString("SELECT @@global.gtid_binlog_pos");
    Await.until(
        "relay has " + gtid,
        Duration.ofSeconds(60),
        () -> String.valueOf(gtid).equals(link().get("gtid")),
        () -> String.valueOf(link()));
  }

  /**
   * A master writes BINLOG_CHECKPOINT some time after it has begun a file; then its log is at rest.
   */
  static void awaitAtRest(MariaDbServer master) {
    Await.until(
        "the checkpoint of the current file",
        Duration.ofSeconds(60),
        () -> {
          String file = String.valueOf(master.queryRow("SHOW MASTER STATUS").get(0));
          return master.queryRows("SHOW BINLOG EVENTS IN '" + file + "'").stream()
              .anyMatch(row -> "Binlog_checkpoint".equals(row.get(2)) && file.equals(row.get(5)));
        },
        () -> String.valueOf(master.queryRow("SHOW MASTER STATUS")));
  }

  /** Until the log of a master at rest is here to its last byte. */
  void awaitSameEnd(MariaDbServer master) {
    awaitAtRest(master);
    Await.until(
        "relay stands where the master stands",
        Duration.ofSeconds(60),
        () -> {
          java.util.List<String> end = master.queryRow("SHOW MASTER STATUS");
          return String.valueOf(link().get("file")).equals(end.get(0))
              && String.valueOf(link().get("position")).equals(end.get(1));
        },
        () -> String.valueOf(link()));
  }

  /** Until the whole log of a master at rest is here. */
  void awaitEnd(MySqlServer master) {
    Await.until(
        "relay stands where the source stands",
        Duration.ofSeconds(60),
        () -> {
          DatabaseServer.BinlogEnd end = master.binlogEnd();
          return end.file().equals(link().get("file"))
              && String.valueOf(end.position()).equals(String.valueOf(link().get("position")));
        },
        () -> master.binlogEnd() + ", " + link());
  }

  /** Fails unless the stored files are the master's, but for the in-use flag of the last one. */
  void assertSameFiles(Path data, DatabaseServer master, List<String> names)
      throws java.io.IOException {
    for (String name : names) {
      byte[] wanted = java.nio.file.Files.readAllBytes(master.binlogPath(name));
      byte[] stored = java.nio.file.Files.readAllBytes(storedFile(data, name));
      wanted[IN_USE] &= (byte) 0xfe;
      stored[IN_USE] &= (byte) 0xfe;
      org.assertj.core.api.Assertions.assertThat(stored).as(name).isEqualTo(wanted);
    }
  }

  Path storedFile(Path data, String name) {
    return LiveFolder.at(data).named(name).stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not stored"));
  }

  /** The orders of administrators, below SQL and commands. */
  RelayControl control() {
    return ((BinlogRouter) service.routerInstance()).control();
  }

  /** The log. */
  BinlogStore store() {
    return ((BinlogRouter) service.routerInstance()).store();
  }

  /** Follows another server, as an administrator would. */
  void changeMaster(MasterChange.Builder change) throws Exception {
    done(control().stopSlave());
    done(control().changeMaster(change.build()));
    done(control().startSlave());
  }

  static List<ControlNote> done(CompletableFuture<List<ControlNote>> order) throws Exception {
    return order.get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    engine.stop(Duration.ofSeconds(1));
  }
}
