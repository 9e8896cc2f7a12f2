package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigUtil;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins through the engine, with accounts of a real server and with listed ones. */
class LoginIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("app", "apppw", "ALL ON *.*");
    server.createUser("locked", "lockedpw");
    server.execute(
        "ALTER USER 'locked'@'%' ACCOUNT LOCK",
        "CREATE USER nopw@'%'",
        "CREATE USER elsewhere@'10.9.9.9' IDENTIFIED BY 'pw'",
        "CREATE USER tlsonly@'%' IDENTIFIED BY 'pw' REQUIRE SSL");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest loaded(String options) {
    return new ProxyUnderTest(directory, server, SERVICE, options);
  }

  @Test
  void shouldLetClientsInWithTheAccountsOfTheServer() throws SQLException {
    try (ProxyUnderTest proxy = loaded("")) {
      try (WireClient first = WireClient.open("127.0.0.1", proxy.port())) {
        assertThat(first.greeting().version()).isEqualTo(realVersion());
      }
      try (Connection connection = proxy.mariaDb("app", "apppw")) {
        assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
      }
      try (Connection connection = proxy.mySql("app", "apppw", "sslMode=DISABLED")) {
        assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
      }
      try (WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw")) {
        assertThat(client.greeting().version()).isEqualTo(realVersion());
        assertThat(client.query("SELECT 41 + 1").rows()).hasSize(1);
      }
      try (WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "nopw", "")) {
        assertThat(client.query("SELECT 1").rows()).hasSize(1);
      }
    }
  }

  private static String realVersion() {
    try (WireClient client = WireClient.open("127.0.0.1", server.port())) {
      return client.greeting().version();
    }
  }

  @Test
  void shouldRefuseWhatTheServerRefuses() {
    try (ProxyUnderTest proxy = loaded("")) {
      assertRefused(proxy, "app", "wrong", 1045);
      assertRefused(proxy, "app", "", 1045);
      assertRefused(proxy, "nopw", "x", 1045);
      assertRefused(proxy, "nobody", "x", 1045);
      assertRefused(proxy, "elsewhere", "pw", 1045);
      assertRefused(proxy, "locked", "lockedpw", 4151);
      assertRefused(proxy, "locked", "wrong", 1045);
      assertRefused(proxy, "tlsonly", "pw", 1045);
      assertThatThrownBy(() -> proxy.mariaDb("app", "wrong"))
          .hasMessageContaining("Access denied for user 'app'@'127.0.0.1' (using password: YES)");
      assertThatThrownBy(() -> proxy.mySql("app", "wrong", "sslMode=DISABLED"))
          .hasMessageContaining("Access denied for user 'app'@'127.0.0.1' (using password: YES)");
    }
  }

  private static void assertRefused(ProxyUnderTest proxy, String user, String password, int code) {
    assertThatThrownBy(() -> WireClient.connect("127.0.0.1", proxy.port(), user, password).close())
        .as(user)
        .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void shouldLearnOfNewAccountsAndPasswordsAtALogin() {
    try (ProxyUnderTest proxy = loaded("")) {
      WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw").close();
      String user = "late" + Math.abs(new Random().nextInt());

      server.createUser(user, "one");
      Await.until("new account", () -> logsIn(proxy, user, "one"));
      server.execute("ALTER USER '" + user + "'@'%' IDENTIFIED BY 'two'");
      Await.until("new password", () -> logsIn(proxy, user, "two"));

      assertThat(logsIn(proxy, user, "one")).isFalse();
    }
  }

  private static boolean logsIn(ProxyUnderTest proxy, String user, String password) {
    try (WireClient client = WireClient.connect("127.0.0.1", proxy.port(), user, password)) {
      return client.query("SELECT 1").rows().size() == 1;
    } catch (WireError e) {
      assertThat(e.code()).isEqualTo(1045);
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ListenerSettings.TlsMode.class,
      names = {"PREFERRED", "REQUIRED"})
  void shouldEncryptWithACertificateOfItsOwn(ListenerSettings.TlsMode mode) throws Exception {
    try (ProxyUnderTest proxy =
        loaded("tls { mode = " + mode.name().toLowerCase(java.util.Locale.ROOT) + " }")) {
      try (Connection connection = proxy.mariaDb("app", "apppw", "sslMode=trust")) {
        assertThat(first(connection, "SELECT REPEAT('x', 1000000)")).hasSize(1_000_000);
      }
      try (Connection connection = proxy.mySql("app", "apppw", "sslMode=REQUIRED")) {
        assertThat(first(connection, "SELECT REPEAT('x', 1000000)")).hasSize(1_000_000);
      }
      assertThatThrownBy(() -> proxy.mySql("app", "wrong", "sslMode=REQUIRED"))
          .hasMessageContaining("Access denied");
      if (mode == ListenerSettings.TlsMode.REQUIRED) {
        assertRefused(proxy, "app", "apppw", 3159);
      } else {
        WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw").close();
      }
    }
    Path key = LiveFolder.at(directory).named(ListenerTls.KEY_FILE).get(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  /** The account on the server is a native one; the listener's has another method. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTakeListedAccountsWithTheFullExchange(boolean tls) throws SQLException {
    String stored =
        StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, "apppw", new SecureRandom())
            .text();
    // Connector/J reads this exchange in another way when the version begins with 5.5.5.
    String options =
        "server-version = 8.4.3, users = [{ name = app, plugin = caching_sha2_password, auth-string"
            + " = "
            + ConfigUtil.quoteString(stored)
            + " }], tls { mode = preferred }";
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server, null, options)) {
      String[] mySql =
          tls
              ? new String[] {"sslMode=REQUIRED"}
              : new String[] {"sslMode=DISABLED", "allowPublicKeyRetrieval=true"};
      for (int i = 0; i < 2; i++) {
        try (Connection connection = proxy.mySql("app", "apppw", mySql)) {
          assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
        }
      }
      assertThatThrownBy(() -> proxy.mySql("app", "wrong", mySql))
          .hasMessageContaining("Access denied");
      String[] mariaDb =
          tls ? new String[] {"sslMode=trust"} : new String[] {"allowPublicKeyRetrieval=true"};
      try (Connection connection = proxy.mariaDb("app", "apppw", mariaDb)) {
        assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
      }
      assertRefused(proxy, "svc", "svcpw", 1045);
    }
  }

  @Test
  void shouldTakeListedAccountsOfBothMethods() throws SQLException {
    String options =
        "users = [{ name = app, password = apppw, hosts = [\"127.0.0.0/255.0.0.0\"] },"
            + " { name = nopw, password = \"\", plugin = caching_sha2_password }]";
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server, null, options)) {
      try (Connection connection = proxy.mySql("app", "apppw", "sslMode=DISABLED")) {
        assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
      }
      try (Connection connection = proxy.mariaDb("nopw", "")) {
        assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("nopw@%");
      }
    }
  }

  @Test
  void shouldKnowAccountsWhileTheServerIsDownAfterARestart() throws Exception {
    try (MariaDbServer master = MariaDbServer.builder().start()) {
      master.createUser("svc", "svcpw", "SELECT ON mysql.*");
      master.createUser("repl", "replpw", "REPLICATION SLAVE ON *.*");
      String version;
      try (ProxyUnderTest proxy = new ProxyUnderTest(directory, master, SERVICE, "")) {
        try (WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "repl", "replpw")) {
          assertThat(client.query("SELECT 1").rows()).hasSize(1);
        }
        try (WireClient client = WireClient.open("127.0.0.1", proxy.port())) {
          version = client.greeting().version();
        }
        Await.until("cache written", () -> cacheFile() != null);
      }
      master.stop();

      try (ProxyUnderTest proxy = new ProxyUnderTest(directory, master, SERVICE, "")) {
        try (WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "repl", "replpw")) {
          assertThat(client.greeting().version()).isEqualTo(version).contains("MariaDB");
        }
        assertRefused(proxy, "repl", "wrong", 1045);
      }
      String cache = Files.readString(cacheFile());
      assertThat(cache).contains("REPLICATION_SLAVE").doesNotContain("replpw", "svcpw");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cacheFile())))
          .isEqualTo("rw-------");
    }
  }

  private Path cacheFile() throws Exception {
    return LiveFolder.at(directory).named("accounts.json").stream().findFirst().orElse(null);
  }

  @Test
  void shouldSayWhatTheServiceUserLacks() {
    server.createUser("weak", "weakpw");
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(directory, server, new PasswordCredentials("weak", "weakpw"), "")) {
      assertRefused(proxy, "app", "apppw", 1045);

      Map<?, ?> accounts = (Map<?, ?>) proxy.diagnostics().get("accounts");
      assertThat(accounts.get("last_problem").toString())
          .contains("server db1", "GRANT SELECT ON mysql.*", "'weak'")
          .doesNotContain("weakpw");
    }
  }

  /** Which accounts are locked stands in another table than the rest. */
  @Test
  void shouldTakeNoAccountsWithoutTheirLocks() {
    server.createUser("less", "lesspw", "SELECT ON mysql.user");
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(directory, server, new PasswordCredentials("less", "lesspw"), "")) {
      assertRefused(proxy, "locked", "lockedpw", 1045);

      Map<?, ?> accounts = (Map<?, ?>) proxy.diagnostics().get("accounts");
      assertThat(accounts.get("last_problem").toString())
          .contains("server db1", "global_priv", "GRANT SELECT ON mysql.*", "'less'");
    }
  }

  @Test
  void shouldNotLetBadClientsDisturbOthers() throws Exception {
    try (ProxyUnderTest proxy = loaded("");
        Connection good = proxy.mariaDb("app", "apppw")) {
      Random random = new Random();
      for (int i = 0; i < 30; i++) {
        byte[] garbage = new byte[random.nextInt(5000) + 1];
        random.nextBytes(garbage);
        try (WireClient bad =
            i % 2 == 0
                ? WireClient.open("127.0.0.1", proxy.port())
                : WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw")) {
          bad.greeting();
          bad.send(garbage);
        } catch (RuntimeException | AssertionError e) {
          // Being thrown out is what is expected; what counts is below.
        }
        assertThat(first(good, "SELECT " + i)).isEqualTo(String.valueOf(i));
      }
      Await.until("bad sessions gone", () -> proxy.sessions() == 1);
    }
  }

  @Test
  void shouldStreamLargeRequestsAndAnswers() throws SQLException {
    try (ProxyUnderTest proxy = loaded("")) {
      for (Connection connection :
          List.of(
              proxy.mariaDb("app", "apppw", "maxAllowedPacket=100000000"),
              proxy.mySql("app", "apppw", "sslMode=DISABLED", "useServerPrepStmts=true"))) {
        try (connection;
            var statement = connection.prepareStatement("SELECT LENGTH(?), ?")) {
          byte[] large = new byte[20_000_000];
          statement.setBytes(1, large);
          statement.setBytes(2, large);
          try (ResultSet rows = statement.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isEqualTo(large.length);
            assertThat(rows.getBytes(2)).hasSize(large.length);
          }
        }
      }
    }
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
