package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.session.PasswordCredentials;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.wire.WireClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A listener without any TLS option, and clients and replicas with their own default settings.
 * Those of MariaDB 11.4 and later demand TLS with a certificate that they can verify.
 */
class TlsDefaultsIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");

  private static MariaDbServer master;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    master.createUser("svc", "svcpw", "SELECT ON mysql.*");
    master.createUser("app", "apppw", "ALL ON *.*");
    master.createUser("repl", "replpw", "REPLICATION SLAVE ON *.*");
    master.execute("CREATE USER nopw@'%'", "CREATE DATABASE d", "CREATE TABLE d.t (id INT)");
  }

  @AfterAll
  static void stopServer() {
    master.close();
  }

  private ProxyUnderTest proxy() {
    return new ProxyUnderTest(directory, master, SERVICE, "");
  }

  /** Runs the command line client; both outputs. */
  private static String client(
      ServerInstallation installation, ProxyUnderTest proxy, String user, String... options)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--host=127.0.0.1",
                "--port=" + proxy.port(),
                "--user=" + user,
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

  /** On loopback it does not look at the certificate; that it does elsewhere, replicas show. */
  @ParameterizedTest
  @ValueSource(strings = {"mysql_native_password", "client_ed25519", "caching_sha2_password"})
  void shouldConvinceTheCommandLineClient(String firstMethod) throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertThat(
              client(
                  ServerInstallation.embedded(),
                  proxy,
                  "app",
                  "--password=apppw",
                  "--default-auth=" + firstMethod))
          .contains("Current user:\t\tapp@", "Cipher in use")
          .doesNotContain("ERROR");
    }
  }

  /** A password that everybody knows proves nothing. */
  @Test
  void shouldConvinceNobodyWithAnEmptyPassword() throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertThat(client(ServerInstallation.embedded(), proxy, "nopw"))
          .as("the client's default lets it pass")
          .contains("Current user:\t\tnopw@", "Cipher in use", "cert is UNKNOWN");
      assertThatThrownBy(() -> proxy.mariaDb("nopw", "", "sslMode=verify-full"))
          .hasMessageContaining("Self signed certificate");
    }
  }

  /** That method has no form of the password that both sides could make the proof of. */
  @Test
  void shouldConvinceNobodyWithTheOtherMethod() {
    String options =
        "server-version = 11.8.3-MariaDB,"
            + " users = [{ name = app, password = apppw, plugin = caching_sha2_password }]";
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, master, null, options)) {
      assertThatThrownBy(() -> proxy.mariaDb("app", "apppw", "sslMode=verify-full"))
          .hasMessageContaining("Self signed certificate");
    }
  }

  /** What is shown is the listener's certificate; the proof must be for it and not for another. */
  @Test
  void shouldConvinceADriverThatVerifies() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        Connection connection = proxy.mariaDb("app", "apppw", "sslMode=verify-full");
        ResultSet rows = connection.createStatement().executeQuery("SELECT CURRENT_USER()")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("app@%");
    }
  }

  @Test
  void shouldLeaveClientsWithoutTlsAsTheyAre() {
    try (ProxyUnderTest proxy = proxy();
        WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw")) {
      assertThat(client.query("SELECT 1").rows()).hasSize(1);
    }
  }

  @Test
  void shouldConvinceAReplica() {
    try (ProxyUnderTest proxy = proxy();
        MariaDbServer replica = MariaDbServer.builder().serverId(2).start()) {
      replicate(proxy, replica);

      assertThat(replica.queryMap("SHOW SLAVE STATUS"))
          .containsEntry("Master_SSL_Verify_Server_Cert", "Yes")
          .containsEntry("Master_SSL_Allowed", "Yes")
          .containsEntry("Slave_IO_Running", "Yes");
    }
  }

  @RequiresServer("mariadb-10.11")
  @Test
  void shouldServeOlderReplicasAndClientsAsBefore() throws Exception {
    ServerInstallation older = ServerInstallation.find("mariadb-10.11").orElseThrow();
    try (ProxyUnderTest proxy = proxy();
        MariaDbServer replica = MariaDbServer.builder().installation(older).serverId(3).start()) {
      replicate(proxy, replica);
      assertThat(client(older, proxy, "app", "--password=apppw"))
          .contains("Current user:\t\tapp@", "Cipher in use");
      assertThat(client(older, proxy, "app", "--password=apppw", "--skip-ssl"))
          .contains("Current user:\t\tapp@", "Not in use");
    }
  }

  @RequiresServer("mariadb-11.8")
  @Test
  void shouldConvinceNewerReplicasAndClients() throws Exception {
    ServerInstallation newer = ServerInstallation.find("mariadb-11.8").orElseThrow();
    try (ProxyUnderTest proxy = proxy();
        MariaDbServer replica = MariaDbServer.builder().installation(newer).serverId(4).start()) {
      replicate(proxy, replica);
      assertThat(replica.queryMap("SHOW SLAVE STATUS"))
          .containsEntry("Master_SSL_Verify_Server_Cert", "Yes")
          .containsEntry("Slave_IO_Running", "Yes");
      assertThat(client(newer, proxy, "app", "--password=apppw"))
          .contains("Current user:\t\tapp@", "Cipher in use");
    }
  }

  private static void replicate(ProxyUnderTest proxy, MariaDbServer replica) {
    replica.execute(
        "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT="
            + proxy.port()
            + ", MASTER_USER='repl', MASTER_PASSWORD='replpw', MASTER_CONNECT_RETRY=1,"
            + " MASTER_USE_GTID=slave_pos",
        "START SLAVE");
    master.execute("INSERT INTO d.t VALUES (1)");
    Replication.awaitCaughtUp(master, replica);
  }
}
