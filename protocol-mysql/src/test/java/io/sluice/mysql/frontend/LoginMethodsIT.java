package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The methods of MariaDB 11.8 that sign, and accounts with several methods: a real server, its
 * command line client and its driver.
 */
@RequiresServer({"mariadb-11.8", "mariadb-10.11"})
class LoginMethodsIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");

  /** The server signed its certificate itself and must prove it. */
  private static final Settings VERIFIED =
      Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.VERIFY);

  private static final String MAPPED =
      "user-mapping = [{ name = ed, user = be, password = bepw },"
          + " { name = ps, user = be, password = bepw }, { name = ed0, user = be, password = bepw }"
          + " ]";

  private static ServerInstallation installation;
  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    installation = ServerInstallation.find("mariadb-11.8").orElseThrow();
    server =
        MariaDbServer.builder()
            .installation(installation)
            .serverId(1)
            .binlog("m-bin")
            .tls()
            .option("plugin-load-add", "auth_ed25519;auth_parsec")
            .start();
    server.execute(
        "CREATE USER svc@'%' IDENTIFIED VIA parsec USING PASSWORD('svcpw')",
        "GRANT SELECT ON mysql.* TO svc@'%'",
        "CREATE USER ed@'%' IDENTIFIED VIA ed25519 USING PASSWORD('edpw')",
        "CREATE USER ps@'%' IDENTIFIED VIA parsec USING PASSWORD('pspw')",
        "CREATE USER ed0@'%' IDENTIFIED VIA ed25519 USING PASSWORD('')",
        "CREATE USER ps0@'%' IDENTIFIED VIA parsec USING PASSWORD('')",
        "CREATE USER be@'%' IDENTIFIED BY 'bepw'",
        "GRANT REPLICATION SLAVE ON *.* TO be@'%'",
        "CREATE DATABASE of_be",
        "GRANT SELECT ON of_be.* TO be@'%'",
        // Not parsec before the native one: over TLS a MariaDB 11.8.9 then closes the connection of
        // a client whose password was that of the latter.
        "CREATE USER many@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('one') OR ed25519"
            + " USING PASSWORD('two') OR parsec USING PASSWORD('three')",
        "CREATE USER more@'%' IDENTIFIED VIA ed25519 USING PASSWORD('one') OR mysql_native_password"
            + " USING PASSWORD('two')");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest proxy(Settings towardsServer, String options) {
    return new ProxyUnderTest(directory, server, towardsServer, SERVICE, options);
  }

  /** Both outputs of the command line client. */
  private static String client(int port, String user, String password, String... options)
      throws Exception {
    return client(installation, port, user, password, options);
  }

  private static String client(
      ServerInstallation installation, int port, String user, String password, String... options)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--plugin-dir="
                    + installation.base().resolve("usr/lib/x86_64-linux-gnu/libmariadb3/plugin"),
                "--host=127.0.0.1",
                "--port=" + port,
                "--user=" + user,
                "--password=" + password,
                "--execute=SELECT CURRENT_USER()"));
    arguments.addAll(List.of(options));
    Process process =
        installation
            .command(installation.tool("mariadb").orElseThrow(), arguments)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** The proxy in the client's role; the service's own user is one that signs too. */
  @ParameterizedTest
  @CsvSource({
    "ed, edpw, true",
    "ed, edpw, false",
    "ps, pspw, true",
    "ps, pspw, false",
    "ed0, '', false",
    "ps0, '', false",
    "many, one, true",
    "many, two, true",
    "many, three, true",
    "many, three, false",
    "more, two, true",
  })
  void shouldLogInToTheServer(String user, String password, boolean verified) throws SQLException {
    String options =
        "users = [{ name = c, password = c }, { name = d, password = d }],"
            + " user-mapping = [{ name = c, user = "
            + user
            + ", password = \""
            + password
            + "\" }, { name = d, user = "
            + user
            + ", password = wrong }]";
    try (ProxyUnderTest proxy = proxy(verified ? VERIFIED : ProxyUnderTest.noTls(), options)) {
      try (Connection connection = proxy.mariaDb("c", "c")) {
        assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo(user + "@%");
        assertThat(first(connection, "SHOW STATUS LIKE 'Ssl_cipher'", 2).isEmpty())
            .isEqualTo(!verified);
      }
      assertThatThrownBy(() -> query(proxy, "d", "d"))
          .hasStackTraceContaining("Access denied for user '" + user + "'@");
    }
  }

  /** The accounts come with them: nothing could be loaded if the service's user did not get in. */
  @Test
  void shouldLoadAccountsAsAUserThatSigns() throws SQLException {
    for (Settings settings : List.of(VERIFIED, ProxyUnderTest.noTls())) {
      try (ProxyUnderTest proxy = proxy(settings, "")) {
        assertThat(query(proxy, "be", "bepw")).isEqualTo("be@%");
        assertThat(proxy.diagnostics().get("accounts").toString())
            .contains("source=server db1", "last_problem=}");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"ed, edpw", "ps, pspw"})
  void shouldCheckClientsThatSign(String user, String password) throws Exception {
    try (ProxyUnderTest proxy = proxy(ProxyUnderTest.noTls(), MAPPED)) {
      for (String tls : List.of("sslMode=disable", "sslMode=trust", "sslMode=verify-full")) {
        assertThat(query(proxy, user, password, tls)).as(tls).isEqualTo("be@%");
        assertThatThrownBy(() -> query(proxy, user, "wrong", tls))
            .hasMessageContaining("Access denied for user '" + user + "'@'127.0.0.1' (using pass");
      }
      assertThatThrownBy(() -> query(proxy, user, "", "sslMode=disable"))
          .hasMessageContaining("Access denied");
      for (String tls : List.of("--skip-ssl", "--ssl", "--ssl-verify-server-cert")) {
        assertThat(client(proxy.port(), user, password, tls)).as(tls).contains("be@%");
        assertThat(client(proxy.port(), user, "wrong", tls)).contains("ERROR 1045 (28000)");
      }
      assertThat(client(proxy.port(), user, password, "--database=of_be"))
          .as("a database of the user on the server")
          .contains("be@%");
      assertThat(client(proxy.port(), user, password, "--database=mysql"))
          .contains("Access denied for user 'be'@'%' to database 'mysql'");
    }
  }

  @Test
  void shouldCheckOlderClientsThatSign() throws Exception {
    try (ProxyUnderTest proxy = proxy(ProxyUnderTest.noTls(), MAPPED)) {
      for (String tls : List.of("--skip-ssl", "--ssl")) {
        assertThat(client(older(), proxy.port(), "ed", "edpw", tls)).as(tls).contains("be@%");
        assertThat(client(older(), proxy.port(), "ed", "wrong", tls))
            .contains("ERROR 1045 (28000)");
      }
    }
  }

  /** It verifies the listener's certificate, on loopback too: by what is proved at the login. */
  @Test
  void shouldConvinceAReplicaThatSigns() {
    try (ProxyUnderTest proxy = proxy(ProxyUnderTest.noTls(), MAPPED);
        MariaDbServer replica =
            MariaDbServer.builder()
                .installation(installation)
                .serverId(2)
                .option("plugin-load-add", "auth_ed25519;auth_parsec")
                .start()) {
      replica.execute(
          "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT="
              + proxy.port()
              + ", MASTER_USER='ed', MASTER_PASSWORD='edpw', MASTER_CONNECT_RETRY=1,"
              + " MASTER_USE_GTID=slave_pos",
          "START SLAVE");
      server.execute("CREATE DATABASE replicated");
      Replication.awaitCaughtUp(server, replica);

      assertThat(replica.queryMap("SHOW SLAVE STATUS"))
          .containsEntry("Master_SSL_Verify_Server_Cert", "Yes")
          .containsEntry("Slave_IO_Running", "Yes");
    }
  }

  @Test
  void shouldLogInToAnOlderServer() throws Exception {
    try (MariaDbServer master =
        MariaDbServer.builder()
            .installation(older())
            .option("plugin-load-add", "auth_ed25519")
            .start()) {
      master.execute(
          "CREATE USER svc@'%' IDENTIFIED VIA ed25519 USING PASSWORD('svcpw')",
          "GRANT SELECT ON mysql.* TO svc@'%'",
          "CREATE USER more@'%' IDENTIFIED VIA ed25519 USING PASSWORD('one') OR"
              + " mysql_native_password USING PASSWORD('two')");
      String options = "user-mapping = [{ name = svc, password = svcpw }]";
      try (ProxyUnderTest proxy = new ProxyUnderTest(directory, master, SERVICE, options)) {
        assertThat(query(proxy, "svc", "svcpw")).isEqualTo("svc@%");
        assertThat(client(older(), proxy.port(), "more", "two")).contains("more@%");
        assertThat(client(older(), proxy.port(), "more", "three")).contains("ERROR 1045");
      }
    }
  }

  private static ServerInstallation older() {
    return ServerInstallation.find("mariadb-10.11").orElseThrow();
  }

  /** That of an empty password is a key like any other. */
  @Test
  void shouldTakeSignaturesUnderAnEmptyPasswordAsTheServerDoes() throws Exception {
    try (ProxyUnderTest proxy = proxy(ProxyUnderTest.noTls(), MAPPED)) {
      for (String password : List.of("", "x")) {
        String real = client(server.port(), "ed0", password, "--skip-ssl");
        String ours = client(proxy.port(), "ed0", password, "--skip-ssl");
        assertThat(real.contains("ERROR")).isEqualTo(ours.contains("ERROR"));
        assertThat(ours.contains("be@%")).isEqualTo(password.isEmpty());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"ed, edpw", "ps, pspw"})
  void shouldSayThatASignatureOpensNoServer(String user, String password) throws Exception {
    try (ProxyUnderTest proxy = proxy(ProxyUnderTest.noTls(), "")) {
      assertThatThrownBy(() -> query(proxy, user, password))
          .hasStackTraceContaining("'" + user + "'")
          .hasStackTraceContaining("user-mapping");
      assertThat(client(proxy.port(), user, password)).contains("user-mapping");
    }
  }

  /** Over TLS the password itself may be asked for; then it is good for every method. */
  @ParameterizedTest
  @CsvSource({"ed, edpw", "ps, pspw"})
  void shouldAskForThePasswordOverTlsIfToldTo(String user, String password) throws Exception {
    try (ProxyUnderTest proxy = proxy(VERIFIED, "ask-for-password = true")) {
      assertThat(query(proxy, user, password, "sslMode=trust")).isEqualTo(user + "@%");
      assertThat(client(proxy.port(), user, password, "--disable-ssl-verify-server-cert"))
          .contains(user + "@%");
      assertThatThrownBy(() -> query(proxy, user, "wrong", "sslMode=trust"))
          .hasMessageContaining("Access denied");
      assertThatThrownBy(() -> query(proxy, user, password, "sslMode=verify-full"))
          .as("a password is for servers only that somebody vouches for")
          .hasMessageContaining("Self signed certificate");
      assertThatThrownBy(() -> query(proxy, user, password, "sslMode=disable"))
          .hasStackTraceContaining("user-mapping");
    }
  }

  /** What the configuration knows needs no proof that could be passed on. */
  @ParameterizedTest
  @CsvSource({"ed, edpw, ed25519", "ps, pspw, parsec", "ed, edpw, mysql_native_password"})
  void shouldPassPasswordsOfTheConfigurationOn(String user, String password, String method)
      throws Exception {
    String options =
        String.format(
            "users = [{ name = %s, password = %s, plugin = %s }]", user, password, method);
    try (ProxyUnderTest proxy = proxy(VERIFIED, options)) {
      assertThat(query(proxy, user, password, "sslMode=verify-full")).isEqualTo(user + "@%");
      assertThat(client(proxy.port(), user, password)).contains(user + "@%");
      assertThatThrownBy(() -> query(proxy, user, "wrong")).hasMessageContaining("Access denied");
    }
  }

  /** The server asks for one method after the other until one is satisfied; so do we. */
  @ParameterizedTest
  @CsvSource({"one", "two", "three", "four"})
  void shouldTryAllMethodsOfAnAccount(String password) throws Exception {
    String mapped = "user-mapping = [{ name = many, user = be, password = bepw }]";
    try (ProxyUnderTest proxy = proxy(ProxyUnderTest.noTls(), mapped)) {
      String expected = password.equals("four") ? "ERROR 1045 (28000)" : "@%";
      for (String tls : List.of("--skip-ssl", "--ssl")) {
        assertThat(client(server.port(), "many", password, tls)).contains(expected);
        assertThat(client(proxy.port(), "many", password, tls)).contains(expected);
      }
      if (password.equals("four")) {
        assertThatThrownBy(() -> query(proxy, "many", password))
            .hasMessageContaining("Access denied");
      } else {
        assertThat(query(proxy, "many", password)).isEqualTo("be@%");
      }
    }
  }

  /** The server asks for the methods that sign first; it is answered in the one that was proved. */
  @Test
  void shouldPassOnWhatOneOfSeveralMethodsProved() throws Exception {
    for (Settings settings : List.of(VERIFIED, ProxyUnderTest.noTls())) {
      try (ProxyUnderTest proxy = proxy(settings, "")) {
        assertThat(query(proxy, "more", "two")).isEqualTo("more@%");
        assertThatThrownBy(() -> query(proxy, "more", "one"))
            .hasStackTraceContaining("user-mapping");
      }
    }
  }

  private static String query(ProxyUnderTest proxy, String user, String password, String... options)
      throws SQLException {
    try (Connection connection = proxy.mariaDb(user, password, options)) {
      return first(connection, "SELECT CURRENT_USER()");
    }
  }

  private static String first(Connection connection, String sql) throws SQLException {
    return first(connection, sql, 1);
  }

  private static String first(Connection connection, String sql, int column) throws SQLException {
    try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(column);
    }
  }
}
