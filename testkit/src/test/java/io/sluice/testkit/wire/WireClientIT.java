package io.sluice.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testkit.server.MariaDbServer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WireClientIT {
  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.builder().start();
    server.createUser("u", "secret", "ALL ON *.*");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void shouldLogInAndQuery() {
    try (WireClient client = WireClient.connect(server.host(), server.port(), "u", "secret")) {
      WireResult result = client.query("SELECT 1 AS a, NULL AS b UNION ALL SELECT 2, 'x'");
      assertThat(result.columns()).containsExactly("a", "b");
      assertThat(result.rows()).containsExactly(Arrays.asList("1", null), Arrays.asList("2", "x"));
      assertThat(client.query("SELECT REPEAT('y', 20000000)").value()).hasSize(20_000_000);
      assertThatThrownBy(() -> client.query("SELEC"))
          .isInstanceOfSatisfying(
              WireError.class,
              e -> {
                assertThat(e.code()).isEqualTo(1064);
                assertThat(e.sqlState()).isEqualTo("42000");
              });
      client.command((byte) 0x0e);
      client.expectOk();
    }
  }

  @Test
  void shouldSeeAWrongPassword() {
    assertThatThrownBy(() -> WireClient.connect(server.host(), server.port(), "u", "wrong"))
        .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.code()).isEqualTo(1045));
  }

  @Test
  void shouldSeeTheServerEndABadLogin() {
    try (WireClient client = WireClient.open(server.host(), server.port())) {
      assertThat(client.greeting().version()).contains("MariaDB");
      client.write(1, new byte[] {1, 2, 3});
      client.expectError(1043);
      client.expectClosed();
    }
  }
}
