package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.scripted.BinlogEvent;
import io.sluice.testkit.scripted.EventTypes;
import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same requests to a master and to the relay that is fed by it: the streams must be equal to
 * the byte, artificial events and errors included.
 */
class DumpDifferentialIT {
  @TempDir static Path data;

  private static MariaDbServer master;
  private static RelayHarness relay;

  /** A request in GTID mode. */
  private record State(
      String name,
      String position,
      boolean strict,
      boolean ignoreDuplicates,
      @Nullable String until,
      boolean before) {
    State(String name, String position) {
      this(name, position, false, false, null, false);
    }

    State strictly() {
      return new State(name, position, true, ignoreDuplicates, until, before);
    }

    State ignoringDuplicates() {
      return new State(name, position, strict, true, until, before);
    }

    State until(String gtids) {
      return new State(name, position, strict, ignoreDuplicates, gtids, before);
    }

    State untilBefore(String gtids) {
      return new State(name, position, strict, ignoreDuplicates, gtids, true);
    }
  }

  @BeforeAll
  static void startAll() throws Exception {
    BlockingGuard.install();
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    fill(master);
    // It comes from a thread of its own, some time after the file has begun.
    Await.until(
        "the last checkpoint of the master",
        () -> {
          List<List<String>> rows = master.queryRows("SHOW BINLOG EVENTS IN 'm-bin.000004'");
          return "m-bin.000004".equals(rows.get(rows.size() - 1).get(5));
        });
    relay = RelayHarness.start(data, master);
    relay.awaitStored(master);
    Await.until(
        "the relay has all bytes",
        () ->
            relay
                .sql()
                .queryRow("SHOW MASTER STATUS")
                .equals(master.queryRow("SHOW MASTER STATUS")));
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  private static void fill(MariaDbServer server) {
    RelayHarness.createUser(server);
    server.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT)",
        "INSERT INTO d.t (v) VALUES ('purged')",
        "FLUSH BINARY LOGS",
        "SET SESSION gtid_domain_id=1",
        "INSERT INTO d.t (v) VALUES ('a')",
        "SET SESSION gtid_domain_id=0",
        "SET SESSION server_id=2",
        "INSERT INTO d.t (v) VALUES ('b')",
        "SET SESSION server_id=1",
        "INSERT INTO d.t (v) VALUES ('c')",
        "SET SESSION gtid_domain_id=2",
        "SET SESSION gtid_seq_no=100",
        "INSERT INTO d.t (v) VALUES ('d')",
        "FLUSH BINARY LOGS");
    List<String> big = new ArrayList<>();
    big.add("SET SESSION binlog_format=ROW");
    for (int i = 0; i < 40; i++) {
      big.add("SET SESSION gtid_domain_id=" + i % 2);
      big.add("SET SESSION server_id=" + (i % 8 < 6 ? 1 : 2));
      if (i == 20) {
        big.add("SET SESSION gtid_seq_no=50");
      }
      big.add("INSERT INTO d.t (v) VALUES (REPEAT('x', 9000))");
      if (i == 13) {
        big.add("CREATE TABLE d.u (id INT)");
      }
    }
    server.execute(big.toArray(new String[0]));
    server.execute(
        "FLUSH BINARY LOGS",
        "SET SESSION gtid_domain_id=1",
        "INSERT INTO d.t (v) VALUES ('end 1')",
        "SET SESSION gtid_domain_id=0",
        "INSERT INTO d.t (v) VALUES ('end 0')");
  }

  private static List<String> stream(State state, boolean direct) {
    try (ScriptedReplica replica = connect(direct)) {
      replica.handshake(Duration.ZERO, 4);
      replica.query("SET @slave_connect_state='" + state.position + "'");
      replica.query("SET @slave_gtid_strict_mode=" + (state.strict ? 1 : 0));
      replica.query("SET @slave_gtid_ignore_duplicates=" + (state.ignoreDuplicates ? 1 : 0));
      if (state.until != null) {
        replica.query("SET @slave_until_gtid='" + state.until + "'");
        replica.query("SET @slave_gtid_until_before_gtids=" + (state.before ? 1 : 0));
      }
      replica.registerSlave();
      replica.dump("", 4, ScriptedReplica.NON_BLOCKING | ScriptedReplica.ANNOTATE);
      return read(replica);
    }
  }

  private static List<String> read(ScriptedReplica replica) {
    List<String> rows = new ArrayList<>();
    for (BinlogEvent event : replica.readToEnd()) {
      String what =
          event.type() == EventTypes.ROTATE
              ? event.rotateFile(true) + ":" + event.rotatePosition()
              : event.type() == EventTypes.GTID ? event.gtid() : "";
      String bytes =
          event.type() == EventTypes.GTID_LIST && event.isArtificial()
              ? list(event.body(event.crcMatches()))
              : HexFormat.of().formatHex(event.bytes());
      rows.add(
          String.format(
              "%d %s ts=%s end=%d flags=%x %s",
              event.type(),
              what,
              event.timestamp() == 0 ? "0" : "now",
              event.logPos(),
              event.flags(),
              bytes.length() > 700 ? bytes.substring(0, 80) + "#" + bytes.hashCode() : bytes));
    }
    WireError error = replica.error();
    rows.add(error == null ? "EOF" : "ERR " + error.code() + " " + error.text());
    return rows;
  }

  /** An artificial list; a master puts the domains of one in the order of a hash table. */
  private static String list(byte[] body) {
    ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    int word = in.getInt();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < (word & 0x0fffffff); i++) {
      ids.add(in.getInt() + "-" + in.getInt() + "-" + in.getLong());
    }
    ids.sort(Comparator.comparing(id -> id.substring(0, id.indexOf('-'))));
    return (word >>> 28) + " " + ids;
  }

  private static ScriptedReplica connect(boolean direct) {
    return ScriptedReplica.connect(
        direct ? master.host() : "127.0.0.1",
        direct ? master.port() : relay.port(),
        RelayHarness.USER,
        RelayHarness.PASSWORD,
        direct ? 51 : 52);
  }

  static Stream<State> states() {
    String end = String.valueOf(master.queryString("SELECT @@global.gtid_binlog_pos"));
    String middle = "0-1-19,1-1-12,2-1-100";
    return Stream.of(
        new State("from the beginning", ""),
        new State("from the beginning, strict", "").strictly(),
        new State("only UNTIL nothing", "").until(""),
        new State("UNTIL a standalone group", "").until("0-1-5"),
        new State("UNTIL a transaction", "").until("0-1-7"),
        new State("end of a file", "0-1-7"),
        new State("in the first file", "0-1-5"),
        new State("UNTIL where it starts", "0-1-7").until("0-1-7"),
        new State("UNTIL in front of the start", "0-1-7").until("0-1-3"),
        new State("UNTIL in a domain that it lacks", "0-1-7").until("1-1-1"),
        new State("UNTIL in two domains that it lacks", "0-1-7").until("1-1-1,2-1-100"),
        new State("a domain that nobody knows", "0-1-7,7-1-5"),
        new State("end of a file in three domains", "0-1-9,1-1-1,2-1-100"),
        new State("the same and an unknown one", "0-1-9,1-1-1,2-1-100,7-1-5"),
        new State("some domains done, some not", "0-1-9,1-1-1,2-1-100").until("0-1-3,1-1-2"),
        new State("another server's id", "0-2-8,1-1-1,2-1-100"),
        new State("near the start of a large file", "0-1-12,1-1-3,2-1-100"),
        new State("one id in front of an index entry", "0-2-13,1-1-4,2-1-100"),
        new State("at an index entry", "0-2-13,1-2-5,2-1-100"),
        new State("at an index entry, one unknown", "0-2-13,1-2-5,2-1-100,9-1-3"),
        new State("at an index entry in one domain", "0-1-14,1-2-5,2-1-100"),
        new State("behind an index entry", "0-1-14,1-1-6,2-1-100"),
        new State("far in the file", middle),
        new State("far in the file, UNTIL over", middle).until("0-1-5"),
        new State("far in the file, UNTIL nothing", middle).until(""),
        new State("far in the file, UNTIL in part", middle).until("0-1-54,1-1-4"),
        new State("far in the file, UNTIL missing id", middle).until("0-1-45,1-1-14"),
        new State("domains far apart", "0-1-56,1-1-12,2-1-100"),
        new State("UNTIL before", "0-1-56,1-1-19,2-1-100").untilBefore("0-1-58"),
        new State("UNTIL before the start", "0-1-56,1-1-19,2-1-100").untilBefore("0-1-56"),
        new State("UNTIL before, three domains", "0-1-8,1-1-1,2-1-100")
            .untilBefore("0-1-9,1-1-4,2-1-100"),
        new State("end", end),
        new State("end, strict", end).strictly(),
        new State("hole", "0-1-30,1-1-10,2-1-100"),
        new State("hole, strict", "0-1-30,1-1-10,2-1-100").strictly(),
        new State("hole, strict, first event", "0-1-30,1-1-12,2-1-100").strictly(),
        new State("ahead", "0-1-61,1-1-23,2-1-100"),
        new State("ahead, ignoring duplicates", "0-1-61,1-1-23,2-1-100").ignoringDuplicates(),
        new State("ahead, UNTIL in the log", "0-1-61,1-1-23,2-1-100").until("0-1-60"),
        new State("ahead, UNTIL ahead too", "0-1-61,1-1-23,2-1-100").until("0-1-62"),
        new State("ahead, UNTIL in another domain", "0-1-61,1-1-23,2-1-100").until("1-1-2"),
        new State("diverged", "0-9-3,1-1-10,2-1-100"),
        new State("diverged, ignoring duplicates", "0-9-3,1-1-10,2-1-100").ignoringDuplicates(),
        new State("ahead of another server's number", "0-9-300,1-1-10,2-1-100"),
        new State("duplicate domain", "0-1-3,0-2-8"),
        new State("not a position", "0-1-x"));
  }

  static Stream<Arguments> positions() {
    List<Arguments> all = new ArrayList<>();
    for (String file : List.of("", "m-bin.000001", "m-bin.000003")) {
      for (long at : List.of(4L, 0L, 3L, 99_999_999L)) {
        all.add(Arguments.of(file, at));
      }
    }
    for (String file : List.of("m-bin.000002", "m-bin.000004")) {
      long end =
          Long.parseLong(
              String.valueOf(
                  master.queryRows("SHOW BINARY LOGS").stream()
                      .filter(row -> file.equals(row.get(0)))
                      .findFirst()
                      .orElseThrow()
                      .get(1)));
      for (long back : List.of(0L, 1L, 10L, 18L, 19L, 20L, 22L, 30L, -1L)) {
        all.add(Arguments.of(file, end - back));
      }
    }
    for (long at :
        List.of(
            5L, 6L, 9L, 13L, 14L, 20L, 30L, 100L, 200L, 256L, 257L, 300L, 386L, 1000L, 10000L)) {
      all.add(Arguments.of("m-bin.000003", at));
    }
    all.add(Arguments.of("m-bin.000009", 4L));
    all.add(Arguments.of("other.000001", 4L));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("positions")
  void shouldAnswerFilePositionsAsTheMaster(String file, long position) {
    assertThat(stream(file, position, false)).isEqualTo(stream(file, position, true));
  }

  /** Where the bytes inside an event look like one: a master sends them, the relay does not. */
  @Test
  void shouldNotSendWhatIsNoEvent() {
    List<String> direct = stream("m-bin.000003", 12, true);
    List<String> relayed = stream("m-bin.000003", 12, false);
    assertThat(direct.get(direct.size() - 1)).startsWith("ERR 1236");
    assertThat(direct).hasSize(4);
    assertThat(relayed.subList(0, 2)).isEqualTo(direct.subList(0, 2));
    assertThat(relayed.get(2))
        .isEqualTo(
            "ERR 1236 bogus data in log event; the first event 'm-bin.000003' at 12, the last event"
                + " read from 'm-bin.000003' at 12, the last byte read from 'm-bin.000003' at 31.");
  }

  private static List<String> stream(String file, long position, boolean direct) {
    try (ScriptedReplica replica = connect(direct)) {
      replica.handshake(Duration.ZERO, 4).registerSlave();
      replica.dump(file, position, ScriptedReplica.NON_BLOCKING | ScriptedReplica.ANNOTATE);
      return read(replica);
    }
  }

  @ParameterizedTest
  @MethodSource("states")
  void shouldStreamAsTheMaster(State state) throws Exception {
    List<String> expected = stream(state, true);
    assertThat(stream(state, false)).isEqualTo(expected);
  }
}
