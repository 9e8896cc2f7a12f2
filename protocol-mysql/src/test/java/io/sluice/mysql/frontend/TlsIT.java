package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.tls.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, versions and ciphers of TLS on both sides, with a real client and server. */
class TlsIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");
  private static final TestAuthority OURS = TestAuthority.make("ours");

  /** Of the same name, so that clients show what it issued, and with other keys. */
  private static final TestAuthority OTHER = TestAuthority.make("ours");

  @TempDir static Path files;

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() throws IOException {
    Files.writeString(files.resolve("ca.pem"), OURS.pem());
    OURS.issue("CN=server").write(files, "server");
    OURS.issue("CN=client,O=Sluice").write(files, "client");
    OTHER.issue("CN=client,O=Sluice").write(files, "stranger");
    server =
        MariaDbServer.builder()
            .tls()
            .option("ssl-ca", files.resolve("ca.pem").toString())
            .option("ssl-cert", files.resolve("server-cert.pem").toString())
            .option("ssl-key", files.resolve("server-key.pem").toString())
            .start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("app", "apppw", "ALL ON *.*");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static String file(String name) {
    return files.resolve(name).toString();
  }

  private ProxyUnderTest proxy(Settings settings, String tls) {
    return new ProxyUnderTest(directory, server, settings, SERVICE, "tls { " + tls + " }");
  }

  /** Verified against the authority of the test. */
  private static Settings verified() {
    return ProxyUnderTest.noTls()
        .with(ServerSettings.TLS, TlsMode.VERIFY)
        .with(ServerSettings.TLS_CA_FILE, file("ca.pem"));
  }

  private static String client(ProxyUnderTest proxy, String... options) throws Exception {
    ServerInstallation installation = ServerInstallation.embedded();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--host=127.0.0.1",
                "--port=" + proxy.port(),
                "--user=app",
                "--password=apppw",
                "--execute=\\s"));
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

  private static String certificate(String name) {
    return "--ssl-cert=" + file(name + "-cert.pem");
  }

  private static String key(String name) {
    return "--ssl-key=" + file(name + "-key.pem");
  }

  /** Listener with a certificate of an authority, which then says who its clients may be. */
  private static String ours(String more) {
    return "certificate = \"%s\", key = \"%s\", client-ca = \"%s\", %s"
        .formatted(file("server-cert.pem"), file("server-key.pem"), file("ca.pem"), more);
  }

  @Test
  void shouldTakeClientCertificatesOfItsAuthorityOnly() throws Exception {
    try (ProxyUnderTest proxy = proxy(verified(), ours(""))) {
      assertThat(client(proxy, "--ssl-ca=" + file("ca.pem"), "--ssl-verify-server-cert"))
          .as("certificates are wished for, not demanded")
          .contains("Cipher in use");
      assertThat(client(proxy, certificate("client"), key("client"))).contains("Cipher in use");
      assertThat(client(proxy, certificate("stranger"), key("stranger")))
          .contains("ERROR 20")
          .doesNotContain("Cipher in use");
      assertThat(client(proxy, "--skip-ssl")).contains("Not in use");
    }
  }

  @Test
  void shouldDemandClientCertificates() throws Exception {
    try (ProxyUnderTest proxy =
        proxy(verified(), ours("mode = required, require-client-certificate = true"))) {
      assertThat(client(proxy, certificate("client"), key("client"))).contains("Cipher in use");
      assertThat(client(proxy)).contains("ERROR 20").doesNotContain("Cipher in use");
      assertThat(client(proxy, "--skip-ssl")).contains("ERROR 3159");
    }
  }

  @Test
  void shouldAgreeOnVersionsAndCiphersOfItsListsOnBothSides() throws Exception {
    Settings server =
        verified()
            .with(ServerSettings.TLS_VERSIONS, List.of("TLSv1.2"))
            .with(ServerSettings.TLS_CIPHERS, List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    try (ProxyUnderTest proxy =
            proxy(server, ours("versions = [TLSv1.3], ciphers = [TLS_CHACHA20_POLY1305_SHA256]"));
        Connection connection =
            proxy.mariaDb(
                "app", "apppw", "sslMode=verify-full", "serverSslCert=" + file("ca.pem"));
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT GROUP_CONCAT(variable_value ORDER BY variable_name) FROM"
                        + " information_schema.session_status WHERE variable_name IN"
                        + " ('ssl_cipher', 'ssl_version')")) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("ECDHE-RSA-AES256-GCM-SHA384,TLSv1.2");
      assertThat(client(proxy)).contains("CHACHA20-POLY1305");
      assertThat(client(proxy, "--tls-version=TLSv1.2")).contains("ERROR 20");
    }
  }

  /** The server knows nobody without a certificate of its authority. */
  @Test
  void shouldShowItsOwnCertificateToServers() throws Exception {
    server.execute("CREATE USER x509@'%' IDENTIFIED BY 'x' REQUIRE SUBJECT '/O=Sluice/CN=client'");
    String user = "users = [{ name = x509, password = x, grants = [ALL] }]";
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(
            directory,
            server,
            verified()
                .with(ServerSettings.TLS_CERTIFICATE_FILE, file("client-cert.pem"))
                .with(ServerSettings.TLS_KEY_FILE, file("client-key.pem")),
            null,
            user)) {
      assertThat(currentUser(proxy, "x509", "x")).isEqualTo("x509@%");
    }
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server, verified(), null, user)) {
      assertThatThrownBy(() -> currentUser(proxy, "x509", "x"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Access denied");
    }
  }

  private static String currentUser(ProxyUnderTest proxy, String user, String password)
      throws SQLException {
    try (Connection connection = proxy.mariaDb(user, password);
        ResultSet rows = connection.createStatement().executeQuery("SELECT CURRENT_USER()")) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** A server's default; what stops the login must say how to go on. */
  @Test
  void shouldSayWhatHelpsWhenAServerIsNotVerified() {
    String users = "users = [{ name = app, password = apppw, grants = [ALL] }]";
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(
            directory, server, Settings.defaults(ServerSettings.SPEC), null, users)) {
      assertThatThrownBy(() -> currentUser(proxy, "app", "apppw"))
          .hasMessageContaining("tls-ca-file")
          .hasMessageContaining("tls = require")
          .hasMessageContaining("tls = disable");
    }
  }

  @Test
  void shouldUseNewFilesForNewConnectionsAndDropNoSession() throws Exception {
    Path live = Files.createDirectory(directory.resolve("live"));
    OURS.issue("CN=first").write(live, "live");
    Path ca = Files.writeString(live.resolve("ca.pem"), OURS.pem());
    String listener =
        "certificate = \"%s\", key = \"%s\", reload-interval = 100ms"
            .formatted(live.resolve("live-cert.pem"), live.resolve("live-key.pem"));
    try (ProxyUnderTest proxy =
        proxy(
            verified()
                .with(ServerSettings.TLS_CA_FILE, ca.toString())
                .with(ServerSettings.TLS_RELOAD_INTERVAL, Duration.ofMillis(100)),
            listener)) {
      try (Connection old = proxy.mariaDb("app", "apppw", "sslMode=trust")) {
        assertThat(old.isValid(10)).isTrue();

        OTHER.issue("CN=second").write(live, "live");
        awaitDiagnostics(proxy, "tls_certificate", "CN=second");
        Files.writeString(live.resolve("live-key.pem"), "garbage");
        awaitDiagnostics(proxy, "tls_files_problem", "no private key (expected: PEM)");

        assertThatThrownBy(
                () ->
                    proxy.mariaDb(
                        "app", "apppw", "sslMode=verify-full", "serverSslCert=" + file("ca.pem")))
            .as("the certificate is another authority's, and is still there")
            .isInstanceOf(SQLException.class);
        assertThat(client(proxy)).contains("Cipher in use");
        assertThat(old.isValid(10)).as("a session of before").isTrue();
      }
      Files.writeString(ca, OTHER.pem());
      Await.until(
          "new connections to the server are checked against the new authority",
          () -> {
            try {
              currentUser(proxy, "app", "apppw");
              return false;
            } catch (SQLException e) {
              return e.getMessage().contains("tls-ca-file");
            }
          });
    }
  }

  private static void awaitDiagnostics(ProxyUnderTest proxy, String key, String value) {
    Await.until(
        key + " is " + value,
        Duration.ofSeconds(60),
        () -> value.equals(proxy.diagnostics().get(key)),
        () -> String.valueOf(proxy.diagnostics()));
  }
}
