package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same damage in a file of a real master and in the relay's copy of it: a replica gets the same
 * packets and the same error from both.
 */
class DamagedFileIT {
  private static final int FIRST = 4;
  private static final int LENGTH = 9;
  private static final List<String> KNOWN =
      List.of("SET @mariadb_slave_capability=4", "SET @master_binlog_checksum='CRC32'");

  @TempDir static Path data;

  private static MariaDbServer master;
  private static String damaged;
  private static byte[] intact;
  private static int victim;

  private enum Damage {
    PAYLOAD,
    TYPE,
    LENGTH_ZERO,
    LENGTH_SHORT,
    LENGTH_BEYOND_THE_FILE,
    LENGTH_IMPOSSIBLE,
    LENGTH_ONE_MORE,
    CUT_IN_THE_BODY,
    CUT_IN_THE_HEADER;

    byte[] apply(byte[] file, int at) {
      byte[] copy = file.clone();
      ByteBuffer view = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
      switch (this) {
        case PAYLOAD -> copy[at + 25] ^= 1;
        case TYPE -> copy[at + 4] = (byte) 200;
        case LENGTH_ZERO -> view.putInt(at + LENGTH, 0);
        case LENGTH_SHORT -> view.putInt(at + LENGTH, 18);
        case LENGTH_BEYOND_THE_FILE -> view.putInt(at + LENGTH, 5_000_000);
        case LENGTH_IMPOSSIBLE -> view.putInt(at + LENGTH, Integer.MAX_VALUE);
        case LENGTH_ONE_MORE -> view.putInt(at + LENGTH, view.getInt(at + LENGTH) + 1);
        case CUT_IN_THE_BODY -> copy = Arrays.copyOf(copy, at + 30);
        case CUT_IN_THE_HEADER -> copy = Arrays.copyOf(copy, at + 10);
      }
      return copy;
    }
  }

  @BeforeAll
  static void startMaster() throws Exception {
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "INSERT INTO d.t (v) VALUES ('three')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('four')");
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      relay.awaitStored(master);
    }
    damaged = master.binlogFiles().get(1);
    intact = Files.readAllBytes(master.binlogPath(damaged));
    victim = lastQuery(intact);
  }

  private static int lastQuery(byte[] file) {
    ByteBuffer view = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int found = 0;
    for (int at = FIRST; at < file.length; at += view.getInt(at + LENGTH)) {
      found = file[at + 4] == 2 ? at : found;
    }
    return found;
  }

  @AfterAll
  static void stopMaster() {
    master.close();
  }

  private static Path copyOf(String name) throws Exception {
    return LiveFolder.at(data).named(name).get(0);
  }

  private static void put(byte[] bytes) throws Exception {
    Files.write(master.binlogPath(damaged), bytes);
    Files.write(copyOf(damaged), bytes);
  }

  private static void compare(RelayHarness relay, String file, long position) {
    byte[] dump = DumpStream.dump(file, position, 3, 7);
    List<String> wanted = DumpStream.read(master.port(), KNOWN, dump);
    List<String> got = DumpStream.read(relay.port(), KNOWN, dump);
    assertThat(got).as(file + " " + position).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource({"OFF", "ON"})
  void shouldTellOfDamageAsTheMasterDoes(String verify) throws Exception {
    master.execute("SET GLOBAL master_verify_checksum=" + verify);
    List<String> met = new ArrayList<>();
    for (Damage damage : Damage.values()) {
      put(damage.apply(intact, victim));
      try (RelayHarness relay = RelayHarness.start(data, master)) {
        relay.awaitSameEnd(master);
        // Until it has asked the master again it believes what it was told before.
        String asked = "SELECT @@global.master_verify_checksum";
        String wanted = String.valueOf(master.queryString(asked));
        Await.until("the setting", () -> wanted.equals(relay.sql().queryString(asked)));
        compare(relay, master.binlogFiles().get(0), FIRST);
        compare(relay, damaged, FIRST);
        met.add(damage.name());
      } finally {
        put(intact);
      }
    }
    assertThat(met).hasSize(Damage.values().length);
  }

  /** A master's index still names the file; the relay finds that its number is missing. */
  @Test
  void shouldNotJumpOverAFileThatIsGone() throws Exception {
    Path copy = copyOf(damaged);
    Path aside = data.resolve("aside");
    Files.move(copy, aside);
    try (RelayHarness relay = RelayHarness.start(data, master)) {
      relay.awaitStored(master);
      List<String> files = master.binlogFiles();
      assertThat(endOfDump(relay, files.get(0)))
          .startsWith(
              "ERR 1236 HY000 could not find next log; the first event 'm-bin.000001' at 4");
      assertThat(endOfDump(relay, damaged)).startsWith("ERR 1236 HY000 Could not find first log");
      assertThat(endOfDump(relay, files.get(2))).doesNotContain("ERR");
    } finally {
      Files.move(aside, copy);
    }
  }

  private static String endOfDump(RelayHarness relay, String file) {
    List<String> packets = DumpStream.read(relay.port(), KNOWN, DumpStream.dump(file, FIRST, 3, 7));
    return packets.get(packets.size() - 1);
  }

  @Test
  void shouldStopARealReplicaWithTheSameNumber() throws Exception {
    put(Damage.LENGTH_ZERO.apply(intact, victim));
    try (RelayHarness relay = RelayHarness.start(data, master);
        MariaDbServer one = MariaDbServer.builder().serverId(41).binlog("r-bin").start();
        MariaDbServer two = MariaDbServer.builder().serverId(42).binlog("r-bin").start()) {
      relay.awaitStored(master);
      String first = master.binlogFiles().get(0);
      Replication.start(
          one, Replication.Source.of(master, RelayHarness.USER, RelayHarness.PASSWORD), first, 4);
      Replication.start(two, relay.source(), first, 4);
      String wanted = Replication.awaitIoError(one, 1236).get("Last_IO_Error");
      assertThat(Replication.awaitIoError(two, 1236).get("Last_IO_Error")).isEqualTo(wanted);
    } finally {
      put(intact);
    }
  }
}
