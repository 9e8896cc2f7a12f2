package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.net.ProxyNetworks;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.testkit.server.MariaDbServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client behind a balancer, the proxy, and a server that wants to know the client. */
class ProxyProtocolIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().option("proxy-protocol-networks", "127.0.0.1").start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.execute(
        "CREATE USER app@'10.1.%' IDENTIFIED BY 'apppw'",
        "CREATE USER app@'2001:db8::%' IDENTIFIED BY 'apppw'",
        "CREATE USER near@'127.0.0.1' IDENTIFIED BY 'nearpw'");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest proxy(ProxyProtocol out, String... networks) {
    return new ProxyUnderTest(
        directory,
        server.host(),
        server.port(),
        ProxyUnderTest.noTls(),
        SERVICE,
        new ProxyUnderTest.Forwarding(ProxyNetworks.of(List.of(networks)), out),
        "");
  }

  private static String login(int port, String user) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + port + "/", user, user + "pw");
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery("SELECT CONCAT(USER(), ' ', CURRENT_USER())")) {
      rows.next();
      return rows.getString(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyProtocol.class,
      names = {"V1", "V2"})
  void shouldTellTheServerTheClientThatTheBalancerNamed(ProxyProtocol version) throws Exception {
    try (ProxyUnderTest proxy = proxy(version, "127.0.0.0/8");
        Balancer four = new Balancer(proxy.port(), "PROXY TCP4 10.1.2.3 192.0.2.1 4000 3306\r\n");
        Balancer six =
            new Balancer(proxy.port(), "PROXY TCP6 2001:db8::5 2001:db8::1 4000 3306\r\n");
        Balancer itself = new Balancer(proxy.port(), "PROXY UNKNOWN\r\n")) {
      assertThat(login(four.port(), "app")).isEqualTo("app@10.1.2.3 app@10.1.%");
      assertThat(login(six.port(), "app")).isEqualTo("app@2001:db8::5 app@2001:db8::%");
      assertThat(login(itself.port(), "near")).isEqualTo("near@127.0.0.1 near@127.0.0.1");
      assertThat(login(proxy.port(), "near"))
          .as("without a header")
          .isEqualTo("near@127.0.0.1 near@127.0.0.1");
      assertThatThrownBy(() -> login(itself.port(), "app"))
          .hasMessageContaining("'app'@'127.0.0.1'");
      assertThatThrownBy(() -> login(four.port(), "near"))
          .hasMessageContaining("'near'@'10.1.2.3'");
    }
  }

  @Test
  void shouldRefuseAHeaderOfAStranger() throws Exception {
    try (ProxyUnderTest proxy = proxy(ProxyProtocol.V1, "10.0.0.0/8");
        Balancer balancer =
            new Balancer(proxy.port(), "PROXY TCP4 10.1.2.3 192.0.2.1 4000 3306\r\n")) {
      assertThatThrownBy(() -> login(balancer.port(), "app"))
          .isInstanceOf(SQLException.class)
          .hasMessageNotContaining("Access denied");
      assertThat(login(proxy.port(), "near")).startsWith("near@127.0.0.1");
    }
  }

  /** Passes connections on, each behind a header. */
  private static final class Balancer implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final byte[] header;

    Balancer(int target, String header) throws IOException {
      this.target = target;
      this.header = header.getBytes(StandardCharsets.US_ASCII);
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      start(this::accept);
    }

    int port() {
      return listening.getLocalPort();
    }

    private static void start(Runnable work) {
      Thread thread = new Thread(work, "balancer");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        while (!listening.isClosed()) {
          Socket client = listening.accept();
          Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
          behind.getOutputStream().write(header);
          start(() -> copy(client, behind));
          start(() -> copy(behind, client));
        }
      } catch (IOException e) {
        assertThat(listening.isClosed()).as("balancer: " + e).isTrue();
      }
    }

    private static void copy(Socket from, Socket to) {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        in.transferTo(out);
      } catch (IOException e) {
        assertThat(e).as("one of the two has hung up").isNotNull();
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }
}
