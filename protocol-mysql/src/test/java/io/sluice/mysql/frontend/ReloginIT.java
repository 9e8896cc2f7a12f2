package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.ComChangeUser;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver that changes the user of its connection, through the engine to a real server. */
class ReloginIT {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"sslMode=DISABLED", "sslMode=REQUIRED"})
  void shouldBeAnotherUserWithNothingLeftOfTheFirst(String tls) throws SQLException {
    try (MariaDbServer server = server();
        ProxyUnderTest proxy =
            new ProxyUnderTest(directory, server, new PasswordCredentials("svc", "svcpw"), "");
        Connection connection = proxy.mySql("one", "onepw", tls)) {
      connection.createStatement().execute("SET @left = 5");
      connection.createStatement().execute("CREATE TEMPORARY TABLE test.t (a INT)");

      connection.unwrap(JdbcConnection.class).changeUser("two", "twopw");

      assertThat(value(connection, "SELECT CURRENT_USER()")).isEqualTo("two@%");
      assertThat(value(connection, "SELECT @left")).isNull();
      assertThatThrownBy(() -> value(connection, "SELECT * FROM test.t"))
          .hasMessageContaining("doesn't exist");
      Await.until(
          "the first user's connection has ended",
          () ->
              "0"
                  .equals(
                      server.queryString(
                          "SELECT COUNT(*) FROM information_schema.processlist"
                              + " WHERE user = 'one'")));
      assertThat(proxy.sessions()).isEqualTo(1);
    }
  }

  @Test
  void shouldStayTheFirstUserAfterAWrongPassword() {
    try (MariaDbServer server = server();
        ProxyUnderTest proxy =
            new ProxyUnderTest(directory, server, new PasswordCredentials("svc", "svcpw"), "");
        WireClient client = WireClient.connect("127.0.0.1", proxy.port(), "one", "onepw")) {
      client.query("SET @left = 5");
      ComChangeUser request =
          new ComChangeUser("two", new byte[0], null, 45, "mysql_native_password", Map.of());
      client.command(
          Peer.bytes(
              out -> request.encode(out, new Capabilities(WireClient.DEFAULT_CAPABILITIES))));
      byte[] asked = client.read().payload();
      byte[] nonce = Arrays.copyOfRange(asked, asked.length - 21, asked.length - 1);

      client.write(2, Scramble.nativeResponse(Scramble.sha1("wrong".getBytes(UTF_8)), nonce));

      client.expectError(1045);
      assertThat(client.query("SELECT CURRENT_USER(), @left").rows())
          .as("as with a server, variables are gone")
          .hasToString("[[one@%, null]]");
    }
  }

  private static MariaDbServer server() {
    MariaDbServer server = MariaDbServer.builder().start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("one", "onepw", "ALL ON test.*");
    server.createUser("two", "twopw", "ALL ON test.*");
    server.execute("CREATE DATABASE IF NOT EXISTS test");
    return server;
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
