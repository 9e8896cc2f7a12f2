package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.session.PasswordCredentials;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is not let in, and what administrators can do about it. */
class LoginRefusalIT {

  private static final PasswordCredentials SERVICE = new PasswordCredentials("svc", "svcpw");

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("app", "apppw");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static void assertRefused(ProxyUnderTest proxy, String password, int code) {
    assertThatThrownBy(() -> WireClient.connect("127.0.0.1", proxy.port(), "app", password).close())
        .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void shouldBlockAHostUntilItIsFreed() {
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(
            directory, server, SERVICE, "max-login-failures = 3, login-block-time = 1h")) {
      WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw").close();
      assertRefused(proxy, "wrong", 1045);
      assertRefused(proxy, "wrong", 1045);
      WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw").close();
      for (int i = 0; i < 3; i++) {
        assertRefused(proxy, "wrong", 1045);
      }

      assertRefused(proxy, "apppw", 1129);

      Map<?, ?> logins = (Map<?, ?>) proxy.diagnostics().get("logins");
      assertThat((Map<?, ?>) logins.get("blocked_hosts")).hasSize(1);
      assertThat(proxy.call("unblock-hosts", Map.of("host", "127.0.0.1")))
          .containsEntry("unblocked", List.of("127.0.0.1"));
      WireClient.connect("127.0.0.1", proxy.port(), "app", "apppw").close();
    }
  }

  @Test
  void shouldNotGreetAHostThatNoAccountIsFor() {
    String options = "users = [{ name = app, password = apppw, hosts = [\"10.%\"] }]";
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server, null, options);
        WireClient client = WireClient.open("127.0.0.1", proxy.port())) {
      assertThatThrownBy(client::greeting)
          .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.code()).isEqualTo(1130))
          .hasMessageContaining("Host '127.0.0.1' is not allowed to connect");
    }
  }

  @Test
  void shouldLoadAccountsWhenAnAdministratorSaysSo() {
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(directory, server, SERVICE, "accounts-refresh = 1h")) {
      proxy.call("reload-accounts", Map.of());
      server.createUser("fresh", "freshpw");
      Object before = ((Map<?, ?>) proxy.diagnostics().get("accounts")).get("accounts");

      Map<String, Object> after = proxy.call("reload-accounts", Map.of());

      assertThat(after).containsEntry("last_problem", "");
      assertThat(after.get("accounts")).isNotEqualTo(before);
    }
  }

  /** Right after the change, without any other load in between. */
  @Test
  void shouldNeverRefuseWhatTheServerTakes() {
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(directory, server, SERVICE, "accounts-refresh = 1h")) {
      for (int i = 0; i < 8; i++) {
        server.createUser("now" + i, "pw" + i);
        WireClient.connect("127.0.0.1", proxy.port(), "now" + i, "pw" + i).close();
      }
    }
  }
}
