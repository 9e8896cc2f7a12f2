package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The relay copies the log of real MySQL sources, old and new, with and without GTIDs. */
@RequiresServer({"mysql-9.7", "mysql-5.6"})
class MySqlLinkIT {
  private static final List<MySqlServer> SERVERS = new ArrayList<>();

  @TempDir Path data;

  @BeforeAll
  static void startSources() {
    BlockingGuard.install();
    source("mysql-9.7", true);
    source("mysql-9.7", false);
    source("mysql-5.6", true);
    source("mysql-5.6", false);
  }

  @AfterAll
  static void stopSources() {
    SERVERS.forEach(MySqlServer::close);
  }

  private static void source(String installation, boolean gtid) {
    MySqlServer.Builder builder =
        MySqlServer.builder(installation)
            .serverId(SERVERS.size() + 1)
            .binlog("m-bin")
            .option("sync-binlog", "1");
    MySqlServer source = (gtid ? builder.gtid() : builder.withoutGtid()).start();
    SERVERS.add(source);
    RelayHarness.createUser(source);
    source.execute(
        "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGBLOB)");
  }

  static Stream<MySqlServer> sources() {
    return SERVERS.stream();
  }

  private static boolean isNew(MySqlServer source) {
    return source.installation().isAtLeast(8, 0);
  }

  private static void write(MySqlServer source) {
    source.execute(
        "INSERT INTO d.t (v) VALUES ('one'), (REPEAT('x', 20000))",
        "BEGIN",
        "INSERT INTO d.t (v) VALUES ('two')",
        "UPDATE d.t SET v = CONCAT(v, 'y') WHERE id % 2 = 0",
        "COMMIT",
        "FLUSH LOGS",
        "CREATE TABLE IF NOT EXISTS d.u (id INT)",
        "INSERT INTO d.t (v) VALUES (REPEAT('z', 600000))");
    if (isNew(source)) {
      source.execute(
          "SET binlog_transaction_compression = ON",
          "INSERT INTO d.t (v) VALUES (REPEAT('c', 30000))",
          "SET binlog_transaction_compression = OFF");
    }
  }

  private void assertSame(RelayHarness relay, MySqlServer source) throws Exception {
    relay.awaitEnd(source);
    relay.assertSameFiles(data, source, source.binlogFiles());
    assertThat(String.valueOf(relay.link().get("gtid")).replace("\n", ""))
        .isEqualTo(source.gtidExecuted());
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("sources")
  void shouldHaveTheFilesOfTheSource(MySqlServer source) throws Exception {
    write(source);
    try (RelayHarness relay = RelayHarness.start(data, source)) {
      relay.awaitState("streaming");
      assertSame(relay, source);
      write(source);
      assertSame(relay, source);
      Await.until(
          "heartbeats come",
          Duration.ofSeconds(60),
          () -> ((Number) relay.link().get("received_heartbeats")).longValue() > 1);
      assertThat(relay.link()).containsEntry("last_error", "").containsEntry("connects", 1L);
    }
    write(source);
    try (RelayHarness relay = RelayHarness.start(data, source)) {
      relay.awaitState("streaming");
      assertSame(relay, source);
      assertThat(relay.link()).containsEntry("last_error", "").containsEntry("connects", 1L);
    }
  }

  /** There a source changes its FORMAT_DESCRIPTION on the way and leaves the old checksum in it. */
  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("sources")
  void shouldResumeInAFileWithoutChecksums(MySqlServer source) throws Exception {
    source.execute("SET GLOBAL binlog_checksum = NONE");
    try (RelayHarness relay = RelayHarness.start(data, source)) {
      relay.awaitState("streaming");
      source.execute("INSERT INTO d.t (v) VALUES ('in front')");
      assertSame(relay, source);
    }
    source.execute("INSERT INTO d.t (v) VALUES ('behind')");
    try (RelayHarness relay = RelayHarness.start(data, source)) {
      relay.awaitState("streaming");
      assertSame(relay, source);
      assertThat(relay.link()).containsEntry("last_error", "").containsEntry("connects", 1L);
    }
    source.execute(
        "INSERT INTO d.t (v) VALUES ('last')",
        "SET GLOBAL binlog_checksum = CRC32",
        "INSERT INTO d.t (v) VALUES ('next file')");
    try (RelayHarness relay = RelayHarness.start(data, source)) {
      relay.awaitState("streaming");
      assertSame(relay, source);
      assertThat(relay.link()).containsEntry("last_error", "").containsEntry("connects", 1L);
    }
  }

  @Test
  void shouldFollowTheSourceIntoGtidModeAndBack() throws Exception {
    MySqlServer source = SERVERS.get(1);
    try (RelayHarness relay = RelayHarness.start(data, source)) {
      for (String mode : List.of("OFF_PERMISSIVE", "ON_PERMISSIVE", "ON")) {
        if (mode.equals("ON_PERMISSIVE")) {
          source.execute("SET GLOBAL enforce_gtid_consistency = ON");
        }
        source.execute("SET GLOBAL gtid_mode = " + mode);
        write(source);
        assertSame(relay, source);
      }
      for (String mode : List.of("ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF")) {
        source.execute("SET GLOBAL gtid_mode = " + mode);
        write(source);
      }
      source.execute("SET GLOBAL enforce_gtid_consistency = OFF");
      assertSame(relay, source);
      assertThat(relay.link()).containsEntry("last_error", "").containsEntry("connects", 1L);
    }
    // A source without GTID mode sends no log with GTIDs to those who come anew.
    source.execute("PURGE BINARY LOGS TO '" + source.binlogEnd().file() + "'");
  }

  /** Another relay is a source like any other. */
  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("sources")
  void shouldFollowARelay(MySqlServer source) throws Exception {
    Path chained = data.resolve("chained");
    Settings options = RelayHarness.options().with(BinlogSettings.SERVER_ID, 4712L);
    try (RelayHarness relay = RelayHarness.start(data.resolve("near"), source)) {
      relay.awaitState("streaming");
      write(source);
      relay.awaitEnd(source);
      for (int round = 0; round < 2; round++) {
        try (RelayHarness far = RelayHarness.start(chained, "127.0.0.1", relay.port(), options)) {
          far.awaitState("streaming");
          write(source);
          far.awaitEnd(source);
          far.assertSameFiles(chained, source, source.binlogFiles());
          assertThat(far.link()).containsEntry("last_error", "");
        }
      }
    }
  }

  @Test
  void shouldBeginAtTheFileThatHoldsAGtidSetOrAtTheLatest() throws Exception {
    MySqlServer source = SERVERS.get(0);
    String before = source.gtidExecuted();
    source.execute("INSERT INTO d.t (v) VALUES ('in the same file')");
    String file = source.binlogEnd().file();
    write(source);
    write(source);
    for (String start : List.of(before, "latest")) {
      Path directory = data.resolve(start.equals("latest") ? "latest" : "gtid");
      Settings options = RelayHarness.options().with(BinlogSettings.START, start);
      try (RelayHarness relay =
          RelayHarness.start(directory, source.host(), source.port(), options)) {
        relay.awaitEnd(source);
        String first = start.equals("latest") ? source.binlogEnd().file() : file;
        assertThat(relay.storeDetails()).containsEntry("oldest_file", first);
        assertThat(String.valueOf(relay.link().get("gtid")).replace("\n", ""))
            .isEqualTo(source.gtidExecuted());
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("sources")
  void shouldGoOnBehindARestartAndACrashOfTheSource(MySqlServer source) throws Exception {
    try (RelayHarness relay = RelayHarness.start(data, source)) {
      relay.awaitState("streaming");
      write(source);
      source.restart();
      write(source);
      assertSame(relay, source);
      source.kill9();
      source.start();
      write(source);
      assertSame(relay, source);
      assertThat(relay.link()).containsEntry("state", "streaming");
    }
  }
}
