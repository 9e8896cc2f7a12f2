package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.event.SyntheticMySqlLog;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.MySqlTsid;
import io.sluice.binlog.gtid.ServerFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs of MySQL sources in the store: bytes, states, recovery, and what no file has. */
class MySqlStoreTest {
  private static final String UUID = "12345678-1234-5678-1234-567812345678";
  private static final MySqlTsid SERVER =
      new MySqlTsid(0x1234567812345678L, 0x1234567812345678L, "");

  @TempDir Path directory;

  static Stream<String> logs() {
    return Samples.mySqlVersions().stream()
        .flatMap(version -> Samples.logs(version).stream())
        .filter(log -> Samples.executed(log) != null);
  }

  private static String name(String file) {
    return file.substring(file.indexOf('/') + 1);
  }

  private Path put(String name, byte[] bytes) throws IOException {
    Files.createDirectories(directory.resolve("0001"));
    return Files.write(directory.resolve("0001").resolve(name), bytes);
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldStoreRealLogsByteForByteAndKnowTheirState(String log) throws Exception {
    Random random = new Random(log.hashCode());
    List<String> files = Samples.filesOf(log);
    String last = files.get(files.size() - 1);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.family()).isNull();
      tester.resume();
      for (String file : files) {
        byte[] bytes = Samples.cleared(file);
        tester.store.writer().startFile(name(file));
        tester.drip(bytes, 4, bytes.length, random, 5000);
      }
      tester.awaitVisible(name(last), Samples.bytes(last).length);
      assertThat(tester.failures).isEmpty();
      assertThat(tester.store.family()).isEqualTo(ServerFamily.MYSQL);
      assertThat(tester.store.executedState()).hasToString(Samples.executed(log));
      assertThat(tester.store.purgedState().isEmpty()).isTrue();
    }
    for (String file : files) {
      byte[] stored = StoreTester.read(directory, name(file));
      stored[21] &= (byte) 0xfe;
      assertThat(stored).isEqualTo(Samples.cleared(file));
    }
    // Opened again, all is known from the bytes; sidecars tell the same as a walk.
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().droppedAnything()).isFalse();
      assertThat(tester.store.recovery().problems()).isEmpty();
      Watermark end = tester.store.watermark();
      assertThat(end.state()).hasToString(Samples.executed(log));
      assertThat(end.offset()).isEqualTo(Samples.bytes(last).length);
      for (String file : files.subList(0, files.size() - 1)) {
        Path sidecar = Sidecar.path(directory.resolve("0001").resolve(name(file)));
        StoreTester.await(() -> Files.exists(sidecar));
        Sidecar kept = Sidecar.decode(Files.readAllBytes(sidecar));
        assertThat(kept.encode()).isEqualTo(Files.readAllBytes(sidecar));
        assertThat(kept.end()).isEqualTo(stateAtEnd(tester, name(file)));
        assertThat(kept.end().family()).isEqualTo(ServerFamily.MYSQL);
      }
    }
  }

  private static GtidState stateAtEnd(StoreTester tester, String name) {
    long size = tester.store.inventory().visibleEnd(new BinlogFileId(1, name));
    return get(tester.store.gtidAt(name, size)).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldKnowTheStateAtEachEvent(String log) throws Exception {
    List<String> files = Samples.filesOf(log);
    String file = files.get(files.size() - 1);
    byte[] bytes = Samples.cleared(file);
    Map<Long, String> expected = new HashMap<>();
    FileFollower follower = new FileFollower();
    follower.startFile();
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    for (Samples.Line line : Samples.listing(file)) {
      follower.onEvent(buf, (int) line.position(), line.size(), line.size());
      expected.put(line.position() + line.size(), follower.stateWithOpenGroup().toString());
    }
    put(name(file), bytes);
    try (StoreTester tester = new StoreTester(directory)) {
      for (long at = 128; at <= bytes.length; at += bytes.length > 20_000 ? 97 : 1) {
        String got = get(tester.store.gtidAt(name(file), at)).map(Object::toString).orElse(null);
        assertThat(got).as("at %d", at).isEqualTo(expected.get(at));
      }
      for (Map.Entry<Long, String> place : expected.entrySet()) {
        if (place.getKey() > 127) {
          assertThat(get(tester.store.gtidAt(name(file), place.getKey())))
              .map(Object::toString)
              .contains(place.getValue());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql-9.7/killed.000001",
        "mysql-9.7/tagged.000002",
        "mysql-9.7/xasplit.000001",
        "mysql-9.7/nochecksum.000001",
        "mysql-9.7/compressed.000001",
        "mysql-5.6/old.000001",
        "mysql-5.6/old.000003"
      })
  void shouldCutATornTailWhereverItIs(String file) throws Exception {
    byte[] bytes = Samples.bytes(file);
    FileFollower follower = new FileFollower();
    follower.startFile();
    TreeMap<Long, GtidState> boundaries = new TreeMap<>();
    ByteBuf whole = Unpooled.wrappedBuffer(bytes);
    for (Samples.Line line : Samples.listing(file)) {
      if (follower.onEvent(whole, (int) line.position(), line.size(), line.size())) {
        boundaries.put(line.position() + line.size(), follower.state());
      }
    }
    assertThat(boundaries).hasSizeGreaterThan(2);
    int step = bytes.length > 1000 ? 5 : 1;
    for (int cut = 0; cut <= bytes.length; cut += step) {
      Map.Entry<Long, GtidState> boundary = boundaries.floorEntry((long) cut);
      Path path = put("bin.000001", Arrays.copyOf(bytes, cut));
      StoreRecovery recovery =
          new StoreRecovery(
              StoreRecoveryTest.LAZY, new FileCatalog(StoreRecoveryTest.LAZY, directory));
      RecoveredTail tail = recovery.run(directory);
      if (boundary == null) {
        assertThat(tail).isNull();
        assertThat(path).doesNotExist();
      } else {
        assertThat(tail.safeEnd()).as("cut at %d", cut).isEqualTo(boundary.getKey());
        assertThat(tail.follower().state()).isEqualTo(boundary.getValue());
        assertThat(Files.size(path)).isEqualTo(boundary.getKey());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torn-event.000001", "torn-header.000001", "torn-trx.000001"})
  void shouldGoOnBehindTheLastWholeTransactionOfATornFile(String name) throws Exception {
    Path path = put("bin.000001", Samples.bytes("mysql-9.7/" + name));
    byte[] whole = Samples.cleared("mysql-9.7/killed.000001");
    String uuid = Samples.executed("mysql-9.7/killed").substring(0, 36);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().droppedAnything()).isTrue();
      assertThat(tester.store.watermark().state()).hasToString(uuid + ":1-5");
      ResumePoint point = tester.resume();
      tester.append(point.offset(), whole, (int) point.offset(), whole.length);
      tester.awaitVisible("bin.000001", whole.length);
      assertThat(tester.store.watermark().state()).hasToString(uuid + ":1-6");
    }
    assertThat(path).hasBinaryContent(Samples.bytes("mysql-9.7/killed.000001"));
  }

  /** The first file that tells: a 5.6 without GTIDs writes no PREVIOUS_GTIDS. */
  @Test
  void shouldTellWhatWasPurged() throws Exception {
    List<String> files = Samples.filesOf("mysql-5.6/old");
    for (String file : files) {
      put(name(file), Samples.bytes(file));
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.purgedState().isEmpty()).isTrue();
      get(tester.store.purge(new PurgeRequest.To("old.000004")));
      String third = tester.store.purgedState().toString();
      assertThat(third).contains(":7:9,\n").endsWith(":1-6");
      get(tester.store.purge(new PurgeRequest.To("old.000005")));
      assertThat(tester.store.purgedState().toString()).endsWith(":1-7");
      assertThat(tester.store.executedState()).hasToString(Samples.executed("mysql-5.6/old"));
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.purgedState().toString()).endsWith(":1-7");
    }
  }

  @Test
  void shouldKeepWhatTheMasterNeverHadInAFile() throws Exception {
    MySqlGtidSet before = MySqlGtidSet.parse("aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb:1-10:red:5");
    SyntheticMySqlLog log = new SyntheticMySqlLog().startFile(1);
    log.group(SERVER, 1, new Random(1)).group(SERVER, 2, new Random(2));
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      // Another master that was asked before anything was stored.
      get(tester.store.masterHasPurged(MySqlGtidSet.parse(UUID + ":black:1")));
      get(tester.store.masterHasPurged(before));
      tester.file("bin.000001", log.bytes());
      tester.awaitVisible("bin.000001", log.bytes().length);
      get(tester.store.masterHasPurged(before.union(MySqlGtidSet.parse(UUID + ":1"))));
      assertThat(tester.store.purgedState()).isEqualTo(before);
      assertThat(tester.store.executedState()).isEqualTo(before.union(log.state()));
      assertThat(tester.store.watermark().state()).isEqualTo(log.state());
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.purgedState()).isEqualTo(before);
      assertThat(tester.store.executedState()).isEqualTo(before.union(log.state()));
    }
    // With the files the history goes.
    Files.delete(directory.resolve("0001/bin.000001"));
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.executedState().isEmpty()).isTrue();
      StoreTester.await(() -> tester.store.metadata().all().isEmpty());
    }
  }

  @Test
  void shouldRefuseFilesOfTheOtherFamily() throws Exception {
    byte[] mySql = Samples.cleared("mysql-9.7/empty.000001");
    byte[] mariaDb = new SyntheticLog().startFile().transaction(10).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", mySql);
      tester.awaitVisible("bin.000001", mySql.length);
      tester.file("bin.000002", mariaDb);
      StoreTester.await(() -> !tester.failures.isEmpty());
      assertThat(tester.failures.get(0).message())
          .contains("of a MariaDB server (expected: of MySQL");
      get(tester.store.writer().beginEpoch("another master"));
      tester.file("other.000001", mariaDb);
      StoreTester.await(() -> tester.failures.size() > 1);
      assertThat(tester.failures.get(1).message())
          .contains("of a MariaDB server (expected: of MySQL");
      assertThat(tester.store.watermark().file().name()).isEqualTo("bin.000001");
    }
    Files.createDirectories(directory.resolve("0002"));
    Files.write(directory.resolve("0002/other.000001"), mariaDb);
    assertThatThrownBy(() -> new StoreTester(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is of a MySQL server (expected: of MariaDB");
  }

  /** A history with many gaps: its PREVIOUS_GTIDS is larger than any buffer. */
  @Test
  void shouldUnderstandAnEventOfAnySizeAtTheHead() throws Exception {
    MySqlGtidSet.Builder gaps = new MySqlGtidSet.Builder();
    for (long number = 1; number < 150_000; number += 2) {
      gaps.add(SERVER.high(), SERVER.low(), "", number);
    }
    SyntheticMySqlLog log = new SyntheticMySqlLog().after(gaps.snapshot()).startFile(1);
    int head = log.bytes().length;
    assertThat(head).isGreaterThan(1_000_000);
    log.group(SERVER, 2, new Random(1)).rotate("bin.000002");
    byte[] first = log.bytes();
    byte[] second = log.startFile(0).group(SERVER, 4, new Random(2)).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.drip(first, 4, first.length, new Random(3), 100_000);
      tester.file("bin.000002", second);
      tester.awaitVisible("bin.000002", second.length);
      assertThat(tester.failures).isEmpty();
      assertThat(tester.store.executedState()).isEqualTo(log.state());
      assertThat(tester.store.purgedState()).isEqualTo(gaps.snapshot());
      assertThat(get(tester.store.gtidAt("bin.000001", head))).contains(gaps.snapshot());
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.executedState()).isEqualTo(log.state());
      assertThat(stateAtEnd(tester, "bin.000001").toString()).startsWith(UUID + ":1-3:5:7:");
    }
  }
}
