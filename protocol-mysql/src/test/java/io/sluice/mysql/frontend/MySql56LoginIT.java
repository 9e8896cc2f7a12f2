package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts of a MySQL 5.6, which has no TLS here, no roles and hashes in a column of its own. */
@RequiresServer("mysql-5.6")
class MySql56LoginIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");

  private static MySqlServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MySqlServer.builder("mysql-5.6").start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("app", "apppw", "ALL ON *.*");
    server.createUser("other", "otherpw");
    server.createUser("expired", "expiredpw");
    server.createUser("tlsonly", "pw");
    server.execute(
        "ALTER USER 'expired'@'%' PASSWORD EXPIRE",
        "GRANT USAGE ON *.* TO 'tlsonly'@'%' REQUIRE SSL",
        "CREATE USER 'nopw'@'%'",
        "CREATE USER ''@'%' IDENTIFIED BY 'anonpw'");
    server.createUserWith("sha256_password", "sha", "shapw");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest proxy() {
    return new ProxyUnderTest(directory, server, SERVICE, "");
  }

  @Test
  void shouldGreetAsThatServer() {
    try (ProxyUnderTest proxy = proxy()) {
      WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw").close();
      try (WireClient real = WireClient.open("127.0.0.1", server.port());
          WireClient ours = WireClient.open("127.0.0.1", proxy.port())) {
        assertThat(ours.greeting().version()).isEqualTo(real.greeting().version());
        assertThat(ours.greeting().plugin()).isEqualTo("mysql_native_password");
        assertThat(ours.greeting().collation()).isEqualTo(real.greeting().collation());
      }
    }
  }

  @Test
  void shouldLetClientsInThroughToTheServer() throws SQLException {
    try (ProxyUnderTest proxy = proxy()) {
      for (String options : new String[] {"sslMode=disable", "sslMode=trust"}) {
        try (Connection connection = proxy.mariaDb("app", "apppw", options)) {
          assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
          assertThat(first(connection, "SELECT REPEAT('x', 1000000)")).hasSize(1_000_000);
        }
      }
      for (String options : new String[] {"sslMode=DISABLED", "sslMode=REQUIRED"}) {
        try (Connection connection = proxy.mySql("app", "apppw", options)) {
          assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("app@%");
          connection.unwrap(JdbcConnection.class).changeUser("other", "otherpw");
          assertThat(first(connection, "SELECT CURRENT_USER()")).isEqualTo("other@%");
        }
      }
      try (WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "nopw", "")) {
        assertThat(client.query("SELECT CURRENT_USER()").rows()).hasToString("[[nopw@%]]");
      }
    }
  }

  /** As the server itself: for one host named users come first. */
  @Test
  void shouldMatchAnonymousAccountsAsTheServer() {
    try (ProxyUnderTest proxy = proxy()) {
      for (int port : new int[] {server.port(), proxy.port()}) {
        try (WireClient client = WireClient.connect("127.0.0.1", port, "unheard", "anonpw")) {
          assertThat(client.query("SELECT CURRENT_USER()").rows()).hasToString("[[@%]]");
        }
        assertRefused(port, "unheard", "wrong", 1045);
      }
    }
  }

  @Test
  void shouldRefuseWhatTheServerRefuses() {
    try (ProxyUnderTest proxy = proxy()) {
      for (int port : new int[] {server.port(), proxy.port()}) {
        assertRefused(port, "app", "wrong", 1045);
        assertRefused(port, "app", "", 1045);
        assertRefused(port, "nopw", "x", 1045);
        assertRefused(port, "tlsonly", "pw", 1045);
        assertRefused(port, "expired", "expiredpw", 1862);
        assertRefused(port, "expired", "wrong", 1045);
      }
      assertThatThrownBy(() -> proxy.mySql("app", "wrong", "sslMode=DISABLED"))
          .hasMessageContaining("Access denied for user 'app'@'127.0.0.1' (using password: YES)");
    }
  }

  /** The server has neither TLS nor a key, but the proxy has both; its backend then cannot. */
  @Test
  void shouldCheckTheNewerMethodItself() {
    try (ProxyUnderTest proxy = proxy()) {
      for (String options :
          new String[] {"sslMode=REQUIRED", "sslMode=DISABLED&allowPublicKeyRetrieval=true"}) {
        assertThatThrownBy(() -> proxy.mySql("sha", "wrong", options))
            .hasMessageContaining("Access denied for user 'sha'@'127.0.0.1'");
        assertThatThrownBy(() -> proxy.mySql("sha", "shapw", options))
            .hasStackTraceContaining("the server asks for the password itself (sha256_password)");
      }
    }
  }

  private static void assertRefused(int port, String user, String password, int code) {
    assertThatThrownBy(() -> WireClient.connect("127.0.0.1", port, user, password).close())
        .as(user)
        .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
