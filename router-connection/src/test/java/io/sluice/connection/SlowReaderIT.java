package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the proxy holds of a long result for a client that takes its time. */
class SlowReaderIT {

  private static final long LIMIT = 1024 * 1024;
  private static final int ROW = 1_000_000;

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().start();
    Through.accounts(server);
    server.execute("CREATE DATABASE d");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static String rows(int count) {
    return "SELECT REPEAT('x', " + ROW + ") FROM seq_1_to_" + count;
  }

  @ParameterizedTest
  @EnumSource
  void shouldHoldLessThanOneMegabyteOfAResult(Through.By by) throws Exception {
    int count = by == Through.By.CONNECTION ? 2200 : 200;
    try (Through proxy = new Through(directory, server, by, "");
        BufferWatch buffers = new BufferWatch();
        WireClient client = WireClient.open("127.0.0.1", proxy.port())) {
      client.timeout(Duration.ofSeconds(120));
      client.login("app", "apppw", "d", WireClient.DEFAULT_CAPABILITIES);
      client.sendQuery(rows(count));
      assertThat(buffers.settled()).as("the client does not read").isBetween(1000L, LIMIT);
      assertThat(client.read().payload()).containsExactly(1);
      client.read();
      client.expectEof();
      long bytes = 0;
      for (int i = 0; i < count; i++) {
        bytes += client.read().length();
        if (i == count / 2) {
          assertThat(buffers.settled()).as("the client pauses").isBetween(1000L, LIMIT);
        }
      }
      client.expectEof();
      assertThat(bytes).isEqualTo((ROW + 4L) * count);
      assertThat(buffers.most()).as("the most at any time").isLessThan(LIMIT);
      assertThat(client.query("SELECT 'in step'").value()).isEqualTo("in step");
    }
  }

  @Test
  void shouldHoldLessThanOneMegabyteWithTls() throws Exception {
    int count = 200;
    try (Through proxy = new Through(directory, server, Through.By.CONNECTION, "");
        BufferWatch buffers = new BufferWatch();
        Connection connection =
            DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + proxy.port() + "/d?sslMode=trust", "app", "apppw");
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(1);
      long bytes = 0;
      try (ResultSet result = statement.executeQuery(rows(count))) {
        assertThat(buffers.settled()).as("the client does not read").isBetween(1000L, LIMIT);
        while (result.next()) {
          bytes += result.getBytes(1).length;
        }
      }
      assertThat(bytes).isEqualTo((long) ROW * count);
      assertThat(buffers.most()).as("the most at any time").isLessThan(LIMIT);
    }
  }
}
