package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same dumps from real MySQL sources and from a relay that has their files: the streams must be
 * equal packet by packet, heartbeats over skipped groups and errors included.
 */
@RequiresServer({"mysql-9.7", "mysql-5.6"})
class MySqlDumpDifferentialIT {
  private static final String FOREIGN = "aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb";
  private static final String UNKNOWN = "cccccccc-1111-2222-3333-dddddddddddd";
  private static final int NON_BLOCKING = 0x01;
  private static final int HEARTBEAT_V2 = 0x02;
  private static final List<String> REPLICA =
      List.of("SET @master_binlog_checksum='CRC32', @source_binlog_checksum='CRC32'");

  @TempDir static Path data;

  private static MySqlSourceAndRelay of97;
  private static MySqlSourceAndRelay of56;

  @BeforeAll
  static void startAll() throws Exception {
    of97 = new MySqlSourceAndRelay(fill97(), data.resolve("r97"));
    of56 = new MySqlSourceAndRelay(fill56(), data.resolve("r56"));
  }

  @AfterAll
  static void stopAll() {
    of97.close();
    of56.close();
  }

  private static MySqlServer fill97() {
    MySqlServer server =
        MySqlServer.builder("mysql-9.7")
            .binlog("m-bin")
            .option("binlog-rows-query-log-events", "ON")
            .start();
    MySqlSourceAndRelay.createUser(server);
    server.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT, j JSON)",
        "INSERT INTO d.t (v) VALUES ('purged')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('one')",
        "SET gtid_next='AUTOMATIC:blue'",
        "INSERT INTO d.t (v) VALUES ('blue one')",
        "INSERT INTO d.t (v) VALUES ('blue two')",
        "SET gtid_next='" + FOREIGN + ":5'",
        "INSERT INTO d.t (v) VALUES ('foreign 5')",
        "SET gtid_next='" + FOREIGN + ":7'",
        "BEGIN",
        "COMMIT",
        "SET gtid_next='" + FOREIGN + ":red:2'",
        "INSERT INTO d.t (v) VALUES ('foreign red')",
        "SET gtid_next='AUTOMATIC'",
        "FLUSH BINARY LOGS",
        "SET binlog_transaction_compression=ON",
        "INSERT INTO d.t (v) VALUES (REPEAT('c', 3000))",
        "SET binlog_transaction_compression=OFF",
        "SET binlog_row_value_options='PARTIAL_JSON'",
        "INSERT INTO d.t (v, j) VALUES ('json', '{\"a\": 1, \"b\": \"" + "x".repeat(200) + "\"}')",
        "UPDATE d.t SET j = JSON_SET(j, '$.a', 2)",
        "XA START 'x'",
        "INSERT INTO d.t (v) VALUES ('in XA')",
        "XA END 'x'",
        "XA PREPARE 'x'",
        "XA COMMIT 'x'",
        "XA START 'y'",
        "INSERT INTO d.t (v) VALUES ('one phase')",
        "XA END 'y'",
        "XA COMMIT 'y' ONE PHASE",
        "SET SESSION binlog_format=STATEMENT",
        "INSERT INTO d.t (v) VALUES ('statement')",
        "CREATE TABLE d.u (id INT)",
        "SET SESSION binlog_format=ROW",
        "INSERT INTO d.t (v) VALUES ('" + "g".repeat(700_000) + "')",
        "SET GLOBAL binlog_checksum=NONE",
        "INSERT INTO d.t (v) VALUES ('no checksum')",
        "INSERT INTO d.t (v) VALUES ('no checksum, again')",
        "SET GLOBAL binlog_checksum=CRC32",
        "INSERT INTO d.t (v) VALUES ('checksum again')",
        "PURGE BINARY LOGS TO 'm-bin.000002'");
    server.restart();
    server.execute("INSERT INTO d.t (v) VALUES ('after the restart')", "DROP TABLE d.u");
    return server;
  }

  private static MySqlServer fill56() {
    MySqlServer server = MySqlServer.builder("mysql-5.6").binlog("m-bin").gtid().start();
    MySqlSourceAndRelay.createUser(server);
    server.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT)",
        "INSERT INTO d.t (v) VALUES ('purged')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('one')",
        "SET gtid_next='" + FOREIGN + ":5'",
        "INSERT INTO d.t (v) VALUES ('foreign 5')",
        "SET gtid_next='" + FOREIGN + ":7'",
        "BEGIN",
        "COMMIT",
        "SET gtid_next='AUTOMATIC'",
        "SET SESSION binlog_format=ROW",
        "INSERT INTO d.t (v) VALUES ('row'), ('row')",
        "UPDATE d.t SET v = 'changed'",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('" + "g".repeat(700_000) + "')",
        "XA START 'x'",
        "INSERT INTO d.t (v) VALUES ('in XA')",
        "XA END 'x'",
        "XA COMMIT 'x' ONE PHASE",
        "SET GLOBAL binlog_checksum=NONE",
        "INSERT INTO d.t (v) VALUES ('no checksum')",
        "SET GLOBAL binlog_checksum=CRC32",
        "INSERT INTO d.t (v) VALUES ('checksum again')",
        "PURGE BINARY LOGS TO 'm-bin.000002'");
    server.restart();
    server.execute("INSERT INTO d.t (v) VALUES ('after the restart')", "CREATE TABLE d.u (id INT)");
    return server;
  }

  /** What replicas may have, by name. */
  private static Map<String, String> sets(MySqlSourceAndRelay pair) {
    String own = pair.source.serverUuid();
    String all = pair.source.gtidExecuted();
    Map<String, String> sets = new TreeMap<>();
    sets.put("nothing", "");
    sets.put("all", all);
    sets.put("purged", pair.source.gtidPurged());
    sets.put("an unknown server's", UNKNOWN + ":1-9");
    sets.put("all and an unknown server's", all + "," + UNKNOWN + ":1-9");
    sets.put("own ones", own + ":1-1000000");
    sets.put("not the first", own + ":2-8");
    sets.put("foreign", FOREIGN + ":5");
    sets.put("half of the purged", own + ":1-2");
    for (int end = 3; end < 22; end++) {
      sets.put("up to " + end, own + ":1-" + end);
      sets.put("up to " + end + ", foreign", own + ":1-" + end + "," + FOREIGN + ":5-7");
      sets.put("up to " + end + ", hole", own + ":1-" + (end - 1) + ":" + (end + 1));
    }
    if (all.contains("blue")) {
      sets.put("blue", own + ":1-5:blue:1-2");
      sets.put("blue two", own + ":1-5:blue:2");
      sets.put("too blue", own + ":1-5:blue:1-9");
      sets.put("green", own + ":1-5:green:1");
      sets.put("red", own + ":1-8," + FOREIGN + ":red:1-9");
      sets.put("all that has no tag", own + ":1-100," + FOREIGN + ":1-100");
    }
    return sets;
  }

  private static void compareSets(MySqlSourceAndRelay pair, int... flags) throws Exception {
    List<String> statements = new ArrayList<>(REPLICA);
    statements.add(
        "SET @master_heartbeat_period=30000000000, @source_heartbeat_period=30000000000");
    for (Map.Entry<String, String> set : sets(pair).entrySet()) {
      for (int flag : flags) {
        pair.compare(
            set.getKey() + " flags " + flag,
            statements,
            DumpStream.dumpGtid("", 4, flag, 7, MySqlSourceAndRelay.encoded(set.getValue())));
      }
    }
    pair.check();
  }

  @Test
  void shouldSendWhatASetLacksAs97() throws Exception {
    assertThat(of97.files).hasSizeGreaterThan(4);
    compareSets(of97, NON_BLOCKING, NON_BLOCKING | HEARTBEAT_V2);
  }

  @Test
  void shouldSendWhatASetLacksAs56() throws Exception {
    assertThat(of56.files).hasSizeGreaterThan(4);
    compareSets(of56, NON_BLOCKING);
  }

  private static void comparePositions(MySqlSourceAndRelay pair) throws Exception {
    for (String file : pair.files) {
      List<String> ends = new ArrayList<>();
      pair.source
          .queryRows("SHOW BINLOG EVENTS IN '" + file + "'")
          .forEach(row -> ends.add(row.get(4)));
      for (String end : ends) {
        pair.compare(
            file + ":" + end,
            REPLICA,
            DumpStream.dump(file, Long.parseLong(end), NON_BLOCKING | HEARTBEAT_V2, 7));
      }
      for (long at : List.of(0L, 3L, 4L, 99_999_999L)) {
        pair.compare(file + ":" + at, REPLICA, DumpStream.dump(file, at, NON_BLOCKING, 7));
      }
    }
    for (String file : List.of("", "m-bin.000001", "m-bin.000099", "./" + pair.files.get(0))) {
      for (long at : List.of(3L, 4L, 99_999_999L)) {
        pair.compare("'" + file + "':" + at, REPLICA, DumpStream.dump(file, at, NON_BLOCKING, 0));
      }
    }
    pair.check();
  }

  @Test
  void shouldAnswerFilePositionsAs97() throws Exception {
    comparePositions(of97);
  }

  @Test
  void shouldAnswerFilePositionsAs56() throws Exception {
    comparePositions(of56);
  }

  /**
   * Between two events. A source takes the bytes there for an event, and sends it if it looks like
   * one; the relay does not.
   */
  private static void compareInside(MySqlSourceAndRelay pair) throws Exception {
    int refused = 0;
    for (String file : List.of(pair.files.get(0), pair.files.get(pair.files.size() - 1))) {
      List<Long> ends = new ArrayList<>();
      pair.source
          .queryRows("SHOW BINLOG EVENTS IN '" + file + "'")
          .forEach(row -> ends.add(Long.parseLong(String.valueOf(row.get(4)))));
      for (long end : ends.subList(0, Math.min(12, ends.size()))) {
        for (long at : List.of(end - 1, end - 9, end - 14, end - 18, end - 19, end - 22)) {
          byte[] dump = DumpStream.dump(file, at, NON_BLOCKING, 7);
          List<String> direct = pair.direct(REPLICA, dump);
          List<String> relayed = pair.relayed(REPLICA, dump);
          String what = file + ":" + at;
          if (direct.size() == 3 && direct.get(2).startsWith("ERR")) {
            refused++;
            assertThat(named(relayed.get(2), pair)).isEqualTo(named(direct.get(2), pair));
          } else {
            assertThat(relayed.get(2)).as(what).startsWith("ERR 1236");
          }
          assertThat(relayed).as(what).hasSize(3);
          assertThat(relayed.subList(0, 2)).as(what).isEqualTo(direct.subList(0, 2));
        }
      }
    }
    assertThat(refused).isGreaterThan(20);
  }

  /** How much 5.6 has read of an event that is cut depends on the length which that claims. */
  private static String named(String error, MySqlSourceAndRelay pair) {
    return pair == of56 ? error.substring(0, error.indexOf(", the last byte read")) : error;
  }

  @Test
  void shouldRefuseWhatIsNoEventAs97() throws Exception {
    compareInside(of97);
  }

  @Test
  void shouldRefuseWhatIsNoEventAs56() throws Exception {
    compareInside(of56);
  }

  /**
   * The tools name a file and say which ids they do not want. Without a heartbeat period a source
   * of 5.6 sends a heartbeat for each event that it skips; the relay sends those that move a
   * replica.
   */
  private static void compareTools(MySqlSourceAndRelay pair) throws Exception {
    List<String> tool =
        List.of(
            "SET @master_binlog_checksum='NONE', @source_binlog_checksum='NONE'",
            "SET @master_heartbeat_period=30000000000");
    String own = pair.source.serverUuid();
    for (String file : pair.files) {
      for (String set :
          List.of("", own + ":1-3", own + ":5-12", pair.source.gtidExecuted(), UNKNOWN + ":1")) {
        for (long at : List.of(4L, 3L, 99_999_999L)) {
          pair.compare(
              file + ":" + at + " without " + set,
              tool,
              DumpStream.dumpGtid(file, at, NON_BLOCKING, 0, MySqlSourceAndRelay.encoded(set)));
        }
      }
    }
    pair.check();
  }

  @Test
  void shouldServeToolsAs97() throws Exception {
    compareTools(of97);
  }

  @Test
  void shouldServeToolsAs56() throws Exception {
    compareTools(of56);
  }

  private static void compareVariables(MySqlSourceAndRelay pair, String word) throws Exception {
    String file = pair.files.get(0);
    for (String value : List.of("'NONE'", "'none'", "'crc32'", "'n'", "'x'", "''", "0", "1")) {
      pair.compare(
          "checksum " + value,
          List.of("SET @" + word + "_binlog_checksum=" + value),
          DumpStream.dump(file, 4, NON_BLOCKING, 7));
    }
    for (String none : pair.files) {
      pair.compare("no checksums " + none, List.of(), DumpStream.dump(none, 4, NON_BLOCKING, 7));
    }
    pair.check();
  }

  @Test
  void shouldReadVariablesAs97() throws Exception {
    compareVariables(of97, "master");
    compareVariables(of97, "source");
  }

  @Test
  void shouldReadVariablesAs56() throws Exception {
    compareVariables(of56, "master");
  }
}
