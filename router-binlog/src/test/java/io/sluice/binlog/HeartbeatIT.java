package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.scripted.BinlogEvent;
import io.sluice.testkit.scripted.EventTypes;
import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.server.MariaDbServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica hears while its master has nothing to say: the same from master and relay. */
class HeartbeatIT {
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final int COUNT = 5;

  @TempDir static Path data;

  private static MariaDbServer master;
  private static RelayHarness relay;

  /** Where the master's log ends. */
  private record End(String file, long position) {
    static End now() {
      RelayHarness.awaitAtRest(master);
      List<String> row = master.queryRow("SHOW MASTER STATUS");
      return new End(row.get(0), Long.parseLong(row.get(1)));
    }

    boolean isIn(BinlogEvent event) {
      return event.type() == EventTypes.HEARTBEAT
          && event.logPos() == position
          && new String(event.body(false), StandardCharsets.UTF_8).startsWith(file);
    }
  }

  @BeforeAll
  static void startAll() {
    BlockingGuard.install();
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT)");
    relay = RelayHarness.start(data, master);
    relay.awaitStored(master);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  private static ScriptedReplica dump(int port, long serverId, Duration heartbeat) {
    return ScriptedReplica.connect(
            "127.0.0.1", port, RelayHarness.USER, RelayHarness.PASSWORD, serverId)
        .handshake(heartbeat, 4)
        .registerSlave()
        .dumpGtid("", false, 2);
  }

  private static BinlogEvent awaitHeartbeat(ScriptedReplica replica, End end) {
    return replica.awaitEvent("a heartbeat at " + end, end::isIn);
  }

  private static void insert() {
    master.execute("INSERT INTO d.t VALUES ()");
  }

  @Test
  void shouldSayEveryPeriodWhereTheLogEnds() {
    insert();
    End end = End.now();
    long start = System.nanoTime();
    try (ScriptedReplica replica = dump(relay.port(), 21, PERIOD)) {
      BinlogEvent first = awaitHeartbeat(replica, end);
      List<BinlogEvent> next = new ArrayList<>();
      Duration quickest = Duration.ofDays(1);
      while (next.size() < COUNT
          || (quickest.compareTo(PERIOD.multipliedBy(5)) > 0 && next.size() < COUNT * 10)) {
        long before = System.nanoTime();
        next.add(replica.awaitEvent("another heartbeat", event -> true));
        Duration pause = Duration.ofNanos(System.nanoTime() - before);
        quickest = pause.compareTo(quickest) < 0 ? pause : quickest;
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertThat(next).as("nothing else comes, always the same").containsOnly(first);
      // What waits in the socket while the test does not run is read at once: so from the start.
      assertThat(taken).isGreaterThanOrEqualTo(PERIOD.multipliedBy(next.size()));
      assertThat(quickest).isLessThan(PERIOD.multipliedBy(5));
      assertThat(first.timestamp()).isZero();
      assertThat(first.serverId()).isEqualTo(1);
      assertThat(first.crcMatches()).isTrue();
      assertThat(new String(first.body(true), StandardCharsets.UTF_8)).isEqualTo(end.file());
    }
  }

  @Test
  void shouldNameTheNewFileAfterARotation() {
    insert();
    try (ScriptedReplica replica = dump(relay.port(), 22, PERIOD)) {
      End before = End.now();
      awaitHeartbeat(replica, before);
      master.execute("FLUSH BINARY LOGS");
      End after = End.now();
      assertThat(after.file()).isNotEqualTo(before.file());
      BinlogEvent heartbeat = awaitHeartbeat(replica, after);
      assertThat(replica.awaitEvent("another heartbeat", event -> true)).isEqualTo(heartbeat);
    }
  }

  @Test
  void shouldStaySilentWithoutAPeriod() {
    try (ScriptedReplica silent = dump(relay.port(), 23, Duration.ZERO);
        ScriptedReplica other = dump(relay.port(), 24, PERIOD)) {
      End end = End.now();
      for (int i = 0; i < COUNT; i++) {
        awaitHeartbeat(other, end);
      }
      insert();
      silent.awaitGtid(String.valueOf(master.queryString("SELECT @@global.gtid_binlog_pos")));
      assertThat(silent.events())
          .isNotEmpty()
          .noneMatch(event -> event.type() == EventTypes.HEARTBEAT);
    }
  }

  @Test
  void shouldSayWhatTheMasterSays() {
    compare(25);
    master.execute("SET GLOBAL binlog_checksum=NONE");
    try {
      BinlogEvent plain = compare(27);
      assertThat(plain.length()).isEqualTo(BinlogEvent.HEADER + End.now().file().length());
    } finally {
      master.execute("SET GLOBAL binlog_checksum=CRC32");
    }
    compare(29);
  }

  private static BinlogEvent compare(long serverId) {
    insert();
    End end = End.now();
    try (ScriptedReplica behind = dump(relay.port(), serverId, PERIOD);
        ScriptedReplica direct = dump(master.port(), serverId + 1, PERIOD)) {
      BinlogEvent wanted = awaitHeartbeat(direct, end);
      assertThat(awaitHeartbeat(behind, end).bytes()).isEqualTo(wanted.bytes());
      return wanted;
    }
  }
}
