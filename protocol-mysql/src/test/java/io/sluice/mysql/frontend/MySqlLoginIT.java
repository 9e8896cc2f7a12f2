package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mysql.cj.jdbc.JdbcConnection;
import com.typesafe.config.ConfigUtil;
import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.mysql.constant.Privilege;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.wire.WireClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of MySQL 9.7 log in with accounts of a MySQL 9.7, through the engine. */
@RequiresServer("mysql-9.7")
class MySqlLoginIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");
  private static final Settings SECURE =
      Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.REQUIRE);

  /** How MySQL names itself in its certificates. */
  private static final String ISSUER = "/CN=MySQL_Server_%2$s_Auto_Generated_%1$s_Certificate";

  private static MySqlServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server =
        MySqlServer.builder("mysql-9.7")
            .serverId(1)
            .gtid()
            .option("mandatory-roles", "everybody")
            .start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("app", "apppw", "ALL ON *.*");
    server.createUserWith("sha256_password", "sha", "shapw", "ALL ON *.*");
    server.createUser("two", "newpw");
    server.createUser("locked", "lockedpw");
    server.createUser("expired", "expiredpw");
    server.createUser("aged", "agedpw");
    server.createUser("tlsonly", "pw");
    server.createUser("by_role", "pw", "REPLICATION CLIENT ON *.*");
    server.execute(
        "ALTER USER two IDENTIFIED BY 'newpw'",
        "ALTER USER two IDENTIFIED BY 'newerpw' RETAIN CURRENT PASSWORD",
        "ALTER USER locked ACCOUNT LOCK",
        "ALTER USER expired PASSWORD EXPIRE",
        "ALTER USER aged PASSWORD EXPIRE INTERVAL 1 DAY",
        "UPDATE mysql.user SET password_last_changed = '2020-01-01' WHERE User = 'aged'",
        "FLUSH PRIVILEGES",
        "ALTER USER tlsonly REQUIRE SSL",
        "CREATE USER nopw",
        "CREATE USER elsewhere@'10.9.9.9' IDENTIFIED BY 'pw'",
        "CREATE ROLE inner_role, outer_role, everybody",
        "GRANT BINLOG_ADMIN, SYSTEM_VARIABLES_ADMIN ON *.* TO inner_role",
        "GRANT REPLICATION SLAVE ON *.* TO outer_role",
        "GRANT RELOAD ON *.* TO everybody",
        "GRANT inner_role TO outer_role",
        "GRANT outer_role TO by_role",
        "SET DEFAULT ROLE outer_role TO by_role");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest proxy() {
    return new ProxyUnderTest(directory, server, SECURE, SERVICE, "");
  }

  /** What the command line client of MySQL 9.7 prints. */
  private static String mysql(int port, String user, String password, String... options)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("--no-defaults", "--host=127.0.0.1", "--port=" + port, "--user=" + user));
    if (!password.isEmpty()) {
      arguments.add("--password=" + password);
    }
    arguments.addAll(List.of(options));
    arguments.add("--execute=SELECT CURRENT_USER(), 'done'");
    Process process =
        server
            .installation()
            .command(server.client("mysql").orElseThrow(), arguments)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.replaceAll("(?m)^mysql: \\[Warning\\] Using a password.*\\n", "");
  }

  @ParameterizedTest
  @CsvSource({"app,apppw", "sha,shapw", "two,newpw", "two,newerpw", "tlsonly,pw", "nopw,''"})
  void shouldLetTheClientInWithItsDefaults(String user, String password) throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertThat(mysql(proxy.port(), user, password)).contains(user + "@%\tdone");
      assertThat(mysql(proxy.port(), user, password, "--ssl-mode=REQUIRED"))
          .contains(user + "@%\tdone");
    }
  }

  /** Each line is also what the server itself answers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app | wrong | ERROR 1045 (28000): Access denied for user 'app'@'HOST' (using password:"
            + " YES)",
        "app | '' | ERROR 1045 (28000): Access denied for user 'app'@'HOST' (using password: NO)",
        "sha | wrong | ERROR 1045 (28000): Access denied for user 'sha'@'HOST' (using password:"
            + " YES)",
        "sha | '' | ERROR 1045 (28000): Access denied for user 'sha'@'HOST' (using password: NO)",
        "two | other | ERROR 1045 (28000): Access denied for user 'two'@'HOST' (using password:"
            + " YES)",
        "nopw | x | ERROR 1045 (28000): Access denied for user 'nopw'@'HOST' (using password: YES)",
        "nobody | x | ERROR 1045 (28000): Access denied for user 'nobody'@'HOST'"
            + " (using password: YES)",
        "nobody | '' | ERROR 1045 (28000): Access denied for user 'nobody'@'HOST'"
            + " (using password: NO)",
        "elsewhere | pw | ERROR 1045 (28000): Access denied for user 'elsewhere'@'HOST'"
            + " (using password: YES)",
        "locked | lockedpw | ERROR 3118 (HY000): Access denied for user 'locked'@'HOST'."
            + " Account is locked.",
        "locked | wrong | ERROR 1045 (28000): Access denied for user 'locked'@'HOST'"
            + " (using password: YES)",
        "expired | expiredpw | Please use --connect-expired-password option or invoke mysql in"
            + " interactive mode.",
        "aged | agedpw | Please use --connect-expired-password option or invoke mysql in"
            + " interactive mode.",
      })
  void shouldRefuseInTheWordsOfTheServer(String user, String password, String words)
      throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      String real = mysql(server.port(), user, password).strip();
      String ours = mysql(proxy.port(), user, password).strip();

      assertThat(real).matches(pattern(words));
      assertThat(ours).matches(pattern(words));
    }
  }

  /** The server looks up the name of the address, the proxy does not. */
  private static String pattern(String words) {
    return words
        .lines()
        .map(java.util.regex.Pattern::quote)
        .findFirst()
        .orElseThrow()
        .replace("HOST", "\\E(localhost|127\\.0\\.0\\.1)\\Q");
  }

  @Test
  void shouldExchangeThePasswordUnderTheKeyOnce() throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertThat(mysql(proxy.port(), "app", "apppw", "--ssl-mode=DISABLED"))
          .startsWith("ERROR 2061 (HY000)");
      assertThat(
              mysql(proxy.port(), "app", "wrong", "--ssl-mode=DISABLED", "--get-server-public-key"))
          .startsWith("ERROR 1045 (28000)");
      assertThat(
              mysql(proxy.port(), "app", "apppw", "--ssl-mode=DISABLED", "--get-server-public-key"))
          .contains("app@%\tdone");
      assertThat(mysql(proxy.port(), "app", "apppw", "--ssl-mode=DISABLED"))
          .as("from the cache")
          .contains("app@%\tdone");
      assertThat(mysql(proxy.port(), "app", "wrong", "--ssl-mode=DISABLED"))
          .startsWith("ERROR 2061 (HY000)");
      assertThat(
              mysql(proxy.port(), "two", "newpw", "--ssl-mode=DISABLED", "--get-server-public-key"))
          .contains("two@%\tdone");
      assertThat(
              mysql(proxy.port(), "sha", "shapw", "--ssl-mode=DISABLED", "--get-server-public-key"))
          .contains("sha@%\tdone");
      assertThat(
              mysql(
                  proxy.port(), "tlsonly", "pw", "--ssl-mode=DISABLED", "--get-server-public-key"))
          .startsWith("ERROR 1045 (28000)");
    }
  }

  /**
   * The real server keeps the hash; the listed account checks the clear password by a copy of it.
   */
  @Test
  void shouldTakeClearPasswordsOverTlsOnly() throws Exception {
    String options =
        "server-version = 9.7.0, users = [{ name = app, plugin = mysql_clear_password, auth-string"
            + " = "
            + ConfigUtil.quoteString(
                server.queryString(
                    "SELECT authentication_string FROM mysql.user WHERE User = 'app'"))
            + " }]";
    String[] clear = {"--enable-cleartext-plugin"};
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server, SECURE, null, options)) {
      assertThat(mysql(proxy.port(), "app", "apppw", clear)).contains("app@%\tdone");
      assertThat(mysql(proxy.port(), "app", "wrong", clear)).startsWith("ERROR 1045 (28000)");
      assertThat(mysql(proxy.port(), "app", "apppw"))
          .as("its own default is not to send it")
          .contains("mysql_clear_password");
      assertThat(
              mysql(
                  proxy.port(), "app", "apppw", "--enable-cleartext-plugin", "--ssl-mode=DISABLED"))
          .startsWith("ERROR 1045 (28000)");
      for (Connection connection :
          List.of(
              proxy.mySql("app", "apppw", "sslMode=REQUIRED"),
              proxy.mariaDb("app", "apppw", "sslMode=trust"))) {
        try (connection) {
          assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
        }
      }
      assertThatThrownBy(() -> proxy.mySql("app", "apppw", "sslMode=DISABLED"))
          .isInstanceOf(SQLException.class);
    }
  }

  /** The files of its data directory, on all sides: the proxy is a client of the server too. */
  @Test
  void shouldUseTheCertificatesThatMySqlMakes() throws Exception {
    server.execute(
        "CREATE USER IF NOT EXISTS x509 IDENTIFIED BY 'x509pw' REQUIRE X509",
        "CREATE USER IF NOT EXISTS named IDENTIFIED BY 'namedpw' REQUIRE ISSUER '"
            + ISSUER.formatted("CA", server.version().replaceAll("-.*", ""))
            + "' AND SUBJECT '"
            + ISSUER.formatted("Client", server.version().replaceAll("-.*", ""))
            + "'");
    Settings toServer =
        SECURE
            .with(ServerSettings.TLS, TlsMode.VERIFY_CA)
            .with(ServerSettings.TLS_CA_FILE, pem("ca"))
            .with(ServerSettings.TLS_CERTIFICATE_FILE, pem("client-cert"))
            .with(ServerSettings.TLS_KEY_FILE, pem("client-key"));
    String listener =
        "tls { certificate = \"%s\", key = \"%s\", client-ca = \"%s\" }"
            .formatted(pem("server-cert"), pem("server-key"), pem("ca"));
    String[] shown = {
      "--ssl-mode=VERIFY_CA",
      "--ssl-ca=" + pem("ca"),
      "--ssl-cert=" + pem("client-cert"),
      "--ssl-key=" + pem("client-key")
    };
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(directory, server, toServer, SERVICE, listener)) {
      for (int port : new int[] {server.port(), proxy.port()}) {
        assertThat(mysql(port, "x509", "x509pw", shown)).contains("x509@%\tdone");
        assertThat(mysql(port, "named", "namedpw", shown)).contains("named@%\tdone");
        assertThat(mysql(port, "app", "apppw", shown)).contains("app@%\tdone");
        assertThat(mysql(port, "app", "apppw")).as("its own defaults").contains("app@%\tdone");
        assertThat(mysql(port, "x509", "x509pw")).startsWith("ERROR 1045 (28000)");
        assertThat(mysql(port, "named", "namedpw")).startsWith("ERROR 1045 (28000)");
      }
    }
  }

  private static String pem(String name) {
    return server.dataDir().resolve(name + ".pem").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "sha"})
  void shouldLetBothDriversIn(String user) throws SQLException {
    String password = user + "pw";
    try (ProxyUnderTest proxy = proxy()) {
      for (String options :
          new String[] {"sslMode=REQUIRED", "sslMode=DISABLED&allowPublicKeyRetrieval=true"}) {
        try (Connection connection = proxy.mySql(user, password, options)) {
          assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo(user + "@%");
          assertThat(first(connection, "SELECT REPEAT('x', 1000000)")).hasSize(1_000_000);
          assertThat(connection.getMetaData().getDatabaseProductVersion())
              .isEqualTo(server.version());
        }
        assertThatThrownBy(() -> proxy.mySql(user, "wrong", options))
            .hasMessageContaining("Access denied for user '" + user + "'@");
      }
      if (user.equals("app")) {
        for (String options : new String[] {"sslMode=trust", "allowPublicKeyRetrieval=true"}) {
          try (Connection connection = proxy.mariaDb(user, password, options)) {
            assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo(user + "@%");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sslMode=REQUIRED", "sslMode=DISABLED&allowPublicKeyRetrieval=true"})
  void shouldLetADriverBecomeAnotherUser(String options) throws SQLException {
    try (ProxyUnderTest proxy = proxy();
        Connection connection = proxy.mySql("app", "apppw", options)) {
      JdbcConnection driver = connection.unwrap(JdbcConnection.class);
      for (String user : new String[] {"sha", "two", "app", "sha"}) {
        driver.changeUser(user, user.equals("two") ? "newerpw" : user + "pw");
        assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo(user + "@%");
      }
    }
  }

  /**
   * Exactly what the server has, byte for byte, and what it lets sessions do at their beginning.
   */
  @Test
  void shouldKeepAccountsAsTheServerHasThem() throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertThat(mysql(proxy.port(), "nopw", "")).contains("done");
      Path cache = directory.resolve("listeners/svc-main/accounts.json");
      Await.until("cache written", () -> Files.exists(cache));
      JsonNode accounts = new ObjectMapper().readTree(cache.toFile()).path("accounts");

      for (List<String> row :
          server.queryRows(
              "SELECT User, Host, plugin, HEX(authentication_string),"
                  + " HEX(COALESCE(User_attributes->>'$.additional_password', ''))"
                  + " FROM mysql.user")) {
        JsonNode account = account(accounts, row.get(0), row.get(1));
        JsonNode method = account.path("methods").path(0);
        assertThat(method.path("plugin").asText()).isEqualTo(row.get(2));
        assertThat(hex(method.path("text"))).isEqualTo(row.get(3));
        assertThat(hex(method.path("additional"))).isEqualTo(row.get(4));
      }
      assertThat(privileges(account(accounts, "by_role", "%")))
          .containsExactlyInAnyOrder(
              Privilege.REPLICATION_CLIENT,
              Privilege.REPLICATION_SLAVE,
              Privilege.BINLOG_ADMIN,
              Privilege.SYSTEM_VARIABLES_ADMIN,
              Privilege.RELOAD);
      try (Connection direct = server.sql("by_role", "pw").connect()) {
        assertThat(first(direct, "SELECT CURRENT_ROLE()"))
            .isEqualTo("`everybody`@`%`,`outer_role`@`%`");
      }
      Set<Privilege> root = privileges(account(accounts, "root", "localhost"));
      List<String> dynamic =
          server.queryRows("SELECT PRIV FROM mysql.global_grants WHERE USER = 'root'").stream()
              .map(row -> row.get(0))
              .toList();
      assertThat(dynamic)
          .as("each of the server's privileges is known")
          .hasSizeGreaterThan(30)
          .allSatisfy(name -> assertThat(root).extracting(Privilege::mySqlName).contains(name));
    }
  }

  private static JsonNode account(JsonNode accounts, String user, String host) {
    for (JsonNode account : accounts) {
      if (account.path("user").asText().equals(user)
          && account.path("host").asText().equals(host)) {
        return account;
      }
    }
    throw new AssertionError("account: " + user + "@" + host + " (expected: in the cache)");
  }

  private static String hex(JsonNode text) {
    return HexFormat.of()
        .withUpperCase()
        .formatHex(text.asText("").getBytes(StandardCharsets.UTF_8));
  }

  private static Set<Privilege> privileges(JsonNode account) {
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    account.path("privileges").forEach(name -> privileges.add(Privilege.valueOf(name.asText())));
    return privileges;
  }

  @Test
  void shouldSayWhatOfTheAccountsItMayNotRead() throws Exception {
    server.createUser("less", "lesspw", "SELECT ON mysql.user");
    PasswordCredentials less = new PasswordCredentials("less", "lesspw");
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server, SECURE, less, "")) {
      assertThat(mysql(proxy.port(), "app", "apppw")).contains("done");
      assertThat(proxy.diagnostics().get("accounts").toString())
          .containsPattern(
              "1142 .* for table '(db|tables_priv|columns_priv|procs_priv|default_roles)'")
          .contains("GRANT SELECT ON mysql.* TO 'less'");
    }
  }

  /** The cache of the accounts is enough; only the statement then finds no server. */
  @Test
  void shouldCheckLoginsAfterARestartWithoutTheServer() throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertThat(mysql(proxy.port(), "app", "apppw")).contains("done");
      Await.until(
          "cache written",
          () -> Files.exists(directory.resolve("listeners/svc-main/accounts.json")));
    }
    server.stop();
    try (ProxyUnderTest proxy = proxy()) {
      String key = "--get-server-public-key";
      assertThat(mysql(proxy.port(), "app", "wrong")).startsWith("ERROR 1045");
      assertThat(mysql(proxy.port(), "sha", "wrong")).startsWith("ERROR 1045");
      for (String user : new String[] {"app", "sha"}) {
        assertThat(mysql(proxy.port(), user, user + "pw")).doesNotContain("ERROR 1045", "done");
        assertThat(mysql(proxy.port(), user, user + "pw", "--ssl-mode=DISABLED", key))
            .doesNotContain("ERROR 1045", "ERROR 2061", "done");
      }
      try (WireClient client = WireClient.open("127.0.0.1", proxy.port())) {
        assertThat(client.greeting().version()).startsWith("9.7.");
        assertThat(client.greeting().plugin()).isEqualTo("caching_sha2_password");
      }
    } finally {
      server.start();
    }
  }

  /** TLS is what a 9.7 replica asks for if nobody says otherwise; it does not verify by default. */
  @Test
  void shouldServeReplicasWithTheirDefaultsAndWithoutTls() {
    server.createUser("repl", "replpw", "REPLICATION SLAVE ON *.*");
    try (ProxyUnderTest proxy = proxy();
        MySqlServer replica = MySqlServer.builder("mysql-9.7").serverId(2).start()) {
      String source =
          "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT="
              + proxy.port()
              + ", SOURCE_USER='repl', SOURCE_PASSWORD='replpw', SOURCE_AUTO_POSITION=1";
      for (String options :
          new String[] {
            "", ", SOURCE_SSL=0, GET_SOURCE_PUBLIC_KEY=1", ", SOURCE_SSL=0, GET_SOURCE_PUBLIC_KEY=0"
          }) {
        replica.execute(source + options, "START REPLICA");
        Await.until(
            "the replica streams" + options,
            Duration.ofSeconds(60),
            () ->
                replica
                    .sql()
                    .queryMaps("SHOW REPLICA STATUS")
                    .get(0)
                    .get("Replica_IO_State")
                    .startsWith("Waiting for source to send"),
            () -> replica.sql().queryMaps("SHOW REPLICA STATUS").toString());
        assertThat(replica.sql().queryMaps("SHOW REPLICA STATUS").get(0))
            .containsEntry("Replica_IO_Running", "Yes")
            .containsEntry("Source_SSL_Allowed", options.isEmpty() ? "Yes" : "No");
        replica.execute("STOP REPLICA");
      }
    }
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
