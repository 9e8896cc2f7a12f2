package io.sluice.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MariaDbServerIT {
  @Test
  void shouldKeepDataOverCleanAndUncleanStops() {
    Path data;
    try (MariaDbServer server =
        MariaDbServer.builder()
            .binlog("m1-bin")
            .option("innodb_flush_log_at_trx_commit", "1")
            .start()) {
      data = server.dataDir();
      int port = server.port();
      server.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY)");
      server.execute("INSERT INTO d.t VALUES (1)");
      server.restart();
      server.execute("INSERT INTO d.t VALUES (2)");
      server.kill9();
      assertThat(server.isRunning()).isFalse();
      server.start();
      assertThat(server.port()).isEqualTo(port);
      assertThat(server.queryString("SELECT GROUP_CONCAT(a) FROM d.t")).isEqualTo("1,2");
      assertThat(server.version()).startsWith("11.4");
      assertThat(server.binlogFiles()).hasSize(3).first().isEqualTo("m1-bin.000001");
      assertThat(server.closedBinlogFiles()).hasSize(2);
      assertThat(server.client("mariadb")).isPresent();
    }
    assertThat(Files.exists(data)).isFalse();
  }

  @Test
  void shouldReportTheLogWhenTheServerCannotStart() {
    assertThatThrownBy(() -> MariaDbServer.builder().option("no-such-option", "1").start())
        .hasMessageContaining("unknown variable 'no-such-option=1'");
  }

  @Test
  void shouldKeepTheErrorNumber() {
    try (MariaDbServer server = MariaDbServer.builder().start()) {
      server.createUser("u", "pw", "SELECT ON mysql.*");
      assertThatThrownBy(() -> server.sql("u", "wrong").queryString("SELECT 1"))
          .isInstanceOfSatisfying(SqlFailure.class, e -> assertThat(e.errorCode()).isEqualTo(1045));
      assertThat(server.sql("u", "pw").queryString("SELECT 1")).isEqualTo("1");
    }
  }
}
