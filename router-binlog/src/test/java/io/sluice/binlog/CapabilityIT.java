package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MariaDbServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real master and the relay behind it are asked for the same dump, with every capability,
 * checksum agreement and filter: the packets are the same, to the last byte and to the error at the
 * end.
 */
class CapabilityIT {
  private static final List<String> CHECKSUMS =
      List.of("", "SET @master_binlog_checksum='NONE'", "SET @master_binlog_checksum='CRC32'");

  @TempDir static Path data;

  private static MariaDbServer master;
  private static RelayHarness relay;
  private static List<String> files;

  @BeforeAll
  static void startAll() throws Exception {
    master = fill(MariaDbServer.builder().serverId(1).binlog("m-bin").start());
    relay = RelayHarness.start(data, master);
    relay.awaitSameEnd(master);
    files = master.binlogFiles();
  }

  static MariaDbServer fill(MariaDbServer server) throws Exception {
    RelayHarness.createUser(server);
    server.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT) ENGINE=InnoDB",
        "CREATE TABLE d.m (id INT) ENGINE=MyISAM",
        "SET SESSION binlog_format=STATEMENT",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "INSERT INTO d.t (v) VALUES (RAND()), (@a)",
        "INSERT INTO d.m VALUES (1)",
        "SET SESSION binlog_format=ROW",
        "INSERT INTO d.t (v) VALUES ('row')",
        "UPDATE d.t SET v = 'changed'",
        "INSERT INTO d.m VALUES (2), (3)",
        "SET SESSION skip_replication=1",
        "INSERT INTO d.t (v) VALUES ('marked')",
        "INSERT INTO d.m VALUES (4)",
        "SET SESSION skip_replication=0",
        "CREATE TEMPORARY TABLE d.tmp (a INT)",
        "DROP TEMPORARY TABLE d.tmp");
    commitTogether(server);
    server.execute(
        "FLUSH BINARY LOGS",
        "SET SESSION binlog_format=ROW",
        "INSERT INTO d.t (v) VALUES ('" + "g".repeat(700_000) + "')",
        "SET GLOBAL log_bin_compress=ON",
        "INSERT INTO d.t (v) VALUES ('" + "c".repeat(5_000) + "')",
        "SET SESSION binlog_format=STATEMENT",
        "INSERT INTO d.t (v) VALUES ('" + "s".repeat(5_000) + "')",
        "SET GLOBAL log_bin_compress=OFF",
        "SET GLOBAL binlog_checksum=NONE",
        "INSERT INTO d.t (v) VALUES ('no checksum')",
        "SET SESSION binlog_format=ROW",
        "INSERT INTO d.t (v) VALUES ('" + "n".repeat(600_000) + "')",
        "DELETE FROM d.t WHERE id = 1",
        "SET GLOBAL binlog_checksum=CRC32",
        "SET SESSION binlog_format=MIXED",
        "INSERT INTO d.t (v) VALUES ('before XA')",
        "XA START 'x'",
        "INSERT INTO d.t (v) VALUES ('in XA')",
        "XA END 'x'",
        "XA PREPARE 'x'",
        "XA COMMIT 'x'",
        "INSERT INTO d.t (v) VALUES ('behind XA')",
        "FLUSH BINARY LOGS");
    return server;
  }

  /** Two transactions in one group commit: their GTIDs carry a commit id. */
  private static void commitTogether(MariaDbServer server) throws Exception {
    server.execute(
        "SET GLOBAL binlog_commit_wait_count=2", "SET GLOBAL binlog_commit_wait_usec=2000000");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread =
          new Thread(
              () -> {
                try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                  statement.execute("INSERT INTO d.t (v) VALUES ('together')");
                } catch (java.sql.SQLException e) {
                  throw new AssertionError(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    server.execute("SET GLOBAL binlog_commit_wait_count=0");
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  private static void compare(String what, List<String> statements, byte... dump) {
    List<String> wanted = DumpStream.read(master.port(), statements, dump);
    List<String> got = DumpStream.read(relay.port(), statements, dump);
    // A master writes BINLOG_CHECKPOINT when it finds the time: also between the two.
    List<String> again = DumpStream.read(master.port(), statements, dump);
    for (int tries = 0; tries < 10 && !again.equals(wanted); tries++) {
      wanted = again;
      got = DumpStream.read(relay.port(), statements, dump);
      again = DumpStream.read(master.port(), statements, dump);
    }
    for (int i = 0; i < Math.min(wanted.size(), got.size()); i++) {
      assertThat(got.get(i)).as(what + ": packet " + i).isEqualTo(wanted.get(i));
    }
    assertThat(got).as(what).hasSameSizeAs(wanted);
  }

  @Test
  void shouldSendWhatTheMasterSendsForEveryCapability() {
    for (String file : files) {
      for (int capability = 0; capability <= 4; capability++) {
        for (String checksum : CHECKSUMS) {
          for (int annotate = 0; annotate < 2; annotate++) {
            for (int skip = 0; skip < 2; skip++) {
              List<String> statements = new ArrayList<>();
              statements.add("SET skip_replication=" + skip);
              if (capability > 0) {
                statements.add("SET @mariadb_slave_capability=" + capability);
              }
              if (!checksum.isEmpty()) {
                statements.add(checksum);
              }
              String what =
                  file
                      + " capability "
                      + capability
                      + " annotate "
                      + annotate
                      + " skip "
                      + skip
                      + " "
                      + checksum;
              compare(what, statements, DumpStream.dump(file, 4, 1 | annotate << 1, 0));
            }
          }
        }
      }
    }
  }

  @Test
  void shouldReadVariablesAsTheMasterDoes() {
    for (String capability : List.of("'4'", "'3x'", "3.7", "-1", "99", "NULL", "''")) {
      compare(
          "capability " + capability,
          List.of(
              "SET @master_binlog_checksum='CRC32'", "SET @mariadb_slave_capability=" + capability),
          DumpStream.dump(files.get(0), 4, 1, 7));
    }
    for (String checksum : List.of("'none'", "'n'", "NULL", "''", "'crc32'", "'x'", "0", "1")) {
      compare(
          "checksum " + checksum,
          List.of("SET @mariadb_slave_capability=4", "SET @master_binlog_checksum=" + checksum),
          DumpStream.dump(files.get(1), 4, 1, 7));
    }
  }

  @Test
  void shouldEndAsTheMasterDoesForBadRequests() {
    List<String> known =
        List.of("SET @mariadb_slave_capability=4", "SET @master_binlog_checksum='CRC32'");
    for (String state : List.of("nonsense", "0-1-1,0-1-2", "0-1-1,", "0-1", ",", "0-1-99999")) {
      List<String> statements = new ArrayList<>(known);
      statements.add("SET @slave_connect_state='" + state + "'");
      compare("state " + state, statements, DumpStream.dump("m-bin.000001", 77, 1, 7));
    }
    for (String until : List.of("nonsense", "0-1-1,0-1-2")) {
      List<String> statements = new ArrayList<>(known);
      statements.add("SET @slave_connect_state=''");
      statements.add("SET @slave_until_gtid='" + until + "'");
      compare("until " + until, statements, DumpStream.dump("", 4, 1, 7));
    }
    List<String> ignored = new ArrayList<>(known);
    ignored.add("SET @slave_connect_state=NULL");
    ignored.add("SET @slave_until_gtid='nonsense'");
    compare("until without a state", ignored, DumpStream.dump(files.get(2), 4, 1, 7));
    compare("no name", known, DumpStream.dump("", 4, 1, 7));
    compare("far position", known, DumpStream.dump(files.get(0), 999_999_999, 1, 7));
    compare("position 3", known, DumpStream.dump(files.get(0), 3, 1, 7));
    compare("unknown file", known, DumpStream.dump("m-bin.000099", 4, 1, 7));
    compare("no checksums", List.of(), DumpStream.dump(files.get(0), 4, 1, 7));
  }

  @Test
  void shouldPutTheSemiSyncHeaderInFrontOfEveryEvent() {
    List<String> statements =
        List.of(
            "SET @mariadb_slave_capability=0",
            "SET @master_binlog_checksum='CRC32'",
            "SET @rpl_semi_sync_slave=1");
    compare("semi-sync", statements, DumpStream.dump(files.get(0), 4, 1, 7));
    compare("semi-sync", statements, DumpStream.dump(files.get(1), 4, 1, 7));
  }
}
