package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.LazyDisk;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRecoveryTest {
  /** Thousands of cases: the disk need not be waited for. */
  static final Disk LAZY = new LazyDisk();

  @TempDir Path directory;

  private Path put(String name, byte[] bytes) throws IOException {
    Files.createDirectories(directory.resolve("0001"));
    return Files.write(directory.resolve("0001").resolve(name), bytes);
  }

  /** Boundaries by the listing: where the next event can only follow a complete group. */
  private static TreeSet<Long> boundaries(String file) {
    TreeSet<Long> found = new TreeSet<>();
    List<Samples.Line> lines = Samples.listing(file);
    for (int i = 2; i < lines.size(); i++) {
      if (List.of(3, 4, 161, 162).contains(lines.get(i).code())) {
        found.add(lines.get(i).position());
      }
    }
    Samples.Line last = lines.get(lines.size() - 1);
    if (!file.contains("torn")) {
      found.add(last.position() + last.size());
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mariadb-10.11/killed.000001",
        "mariadb-11.8/killed.000001",
        "mariadb-10.11/domains.000002",
        "mariadb-11.8/nochecksum.000001"
      })
  void shouldCutATornTailAtEveryByte(String file) throws Exception {
    byte[] bytes = Samples.bytes(file);
    TreeSet<Long> boundaries = boundaries(file);
    for (int cut = 0; cut <= bytes.length; cut++) {
      Path path = put("bin.000001", Arrays.copyOf(bytes, cut));
      Long expected = boundaries.floor((long) cut);
      StoreRecovery recovery = recovery();
      RecoveredTail tail = recovery.run(directory);
      if (expected == null) {
        assertThat(tail).isNull();
        assertThat(path).doesNotExist();
        assertThat(recovery.report(tail).removedFiles()).containsExactly("bin.000001");
      } else {
        assertThat(tail.safeEnd()).as("cut at %d", cut).isEqualTo(expected);
        assertThat(Files.size(path)).isEqualTo(expected);
        assertThat(recovery.report(tail).droppedBytes()).isEqualTo(cut - expected);
        assertThat(recovery.report(tail).reason().isEmpty()).isEqualTo(cut == expected);
      }
    }
  }

  private StoreRecovery recovery() {
    return new StoreRecovery(LAZY, new FileCatalog(LAZY, directory));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"torn-event.000001", "torn-header.000001", "torn-trx.000001", "killed.000001"})
  void shouldRecoverTheRealTornFiles(String name) throws Exception {
    for (String version : Samples.versions()) {
      byte[] bytes = Samples.bytes(version + "/" + name);
      Path path = put("bin.000001", bytes);
      try (StoreTester tester = new StoreTester(directory)) {
        boolean torn = !name.startsWith("killed");
        RecoveryReport report = tester.store.recovery();
        assertThat(report.droppedAnything()).isEqualTo(torn);
        assertThat(tester.store.watermark().state()).hasToString(torn ? "0-101-5" : "0-101-6");
        ResumePoint point = tester.resume();
        assertThat(point.offset()).isEqualTo(report.end()).isEqualTo(Files.size(path));
        byte[] whole = Samples.cleared(version + "/killed.000001");
        tester.append(point.offset(), whole, (int) point.offset(), whole.length);
        tester.awaitVisible("bin.000001", whole.length);
        assertThat(tester.store.watermark().state()).hasToString("0-101-6");
      }
      assertThat(path).hasBinaryContent(Samples.bytes(version + "/killed.000001"));
    }
  }

  @Test
  void shouldCutBeforeAFlippedBitWhereverItIs() throws Exception {
    String file = "mariadb-10.11/killed.000001";
    byte[] bytes = Samples.bytes(file);
    TreeSet<Long> boundaries = boundaries(file);
    Random random = new Random(11);
    for (int at = 4; at < bytes.length; at++) {
      byte[] bad = bytes.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      if (at == BinlogFileFormat.IN_USE_OFFSET && (bad[at] & 0xfe) == 0) {
        continue;
      }
      put("bin.000001", bad);
      RecoveredTail tail = recovery().run(directory);
      Long expected = boundaries.floor((long) at);
      assertThat(tail == null ? null : tail.safeEnd()).as("flip at %d", at).isEqualTo(expected);
    }
  }

  @Test
  void shouldCutAZeroFilledTail() throws Exception {
    byte[] bytes = Samples.bytes("mariadb-11.8/killed.000001");
    for (int kept : new int[] {bytes.length, 1300, 700, 3, 0}) {
      byte[] zeroed = Arrays.copyOf(bytes, bytes.length + 8192);
      Arrays.fill(zeroed, kept, zeroed.length, (byte) 0);
      put("bin.000001", zeroed);
      RecoveredTail tail = recovery().run(directory);
      Long expected = boundaries("mariadb-11.8/killed.000001").floor((long) kept);
      assertThat(tail == null ? null : tail.safeEnd()).isEqualTo(expected);
    }
  }

  @Test
  void shouldFallBackToTheFileBeforeAnIncompleteHead() throws Exception {
    byte[] first = Samples.cleared("mariadb-10.11/domains.000001");
    byte[] second = Samples.cleared("mariadb-10.11/domains.000002");
    put("bin.000001", first);
    for (int cut : new int[] {0, 2, 4, 100, 255, 256, 300}) {
      put("bin.000002", Arrays.copyOf(second, cut));
      try (StoreTester tester = new StoreTester(directory)) {
        assertThat(tester.store.recovery().removedFiles()).containsExactly("bin.000002");
        assertThat(tester.store.watermark().file().name()).isEqualTo("bin.000001");
        assertThat(tester.store.watermark().offset()).isEqualTo(first.length);
        tester.resume();
        tester.file("bin.000002", second);
        tester.awaitVisible("bin.000002", second.length);
        assertThat(tester.store.watermark().state().positionText())
            .isEqualTo("0-101-502,1-101-3,2-202-1,4294967295-202-1000000000000");
      }
    }
    assertThat(StoreTester.read(directory, "bin.000001")).isEqualTo(first);
    assertThat(StoreTester.read(directory, "bin.000002")).isEqualTo(second);
  }

  @Test
  void shouldIgnoreForeignFilesAndOrderByNumber() throws Exception {
    byte[] bytes = Samples.cleared("mariadb-10.11/stmt.000001");
    put("bin.999999", bytes);
    put("bin.1000000", bytes);
    put("bin.000998", bytes);
    put("notes.txt", new byte[] {1, 2, 3});
    put("other.000001", bytes);
    put("bin.index", "./bin.000001".getBytes());
    put("bin.000999.gz", bytes);
    put("bin.2000000", "this is no binary log".getBytes());
    Files.createDirectories(directory.resolve("backup"));
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().files())
          .extracting(file -> file.id().name())
          .containsExactly("bin.000998", "bin.999999", "bin.1000000");
      assertThat(tester.store.recovery().ignoredFiles())
          .containsExactlyInAnyOrder(
              "notes.txt", "other.000001", "bin.index", "bin.000999.gz", "bin.2000000");
      Inventory inventory = tester.store.inventory();
      assertThat(inventory.oldest().name()).isEqualTo("bin.000998");
      assertThat(inventory.newest().name()).isEqualTo("bin.1000000");
      assertThat(inventory.next(inventory.oldest()).name()).isEqualTo("bin.999999");
      assertThat(inventory.next(inventory.newest())).isNull();
      assertThat(inventory.find("bin.000001")).isNull();
    }
    assertThat(directory.resolve("0001/other.000001")).exists();
  }

  @Test
  void shouldRefuseTwoLogs() throws Exception {
    byte[] bytes = Samples.cleared("mariadb-10.11/stmt.000001");
    put("a.000001", bytes);
    put("b.000001", bytes);
    assertThatThrownBy(() -> new StoreTester(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected: one log");
  }

  @Test
  void shouldServeTheRestIfOldFilesAreDamaged() throws Exception {
    byte[] bytes = Samples.cleared("mariadb-10.11/stmt.000001");
    byte[] garbled = bytes.clone();
    garbled[1] ^= 4;
    put("a.000001", new byte[500]);
    put("a.000002", bytes);
    put("a.000003", garbled);
    put("a.000004", bytes);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().files())
          .extracting(file -> file.id().name())
          .containsExactly("a.000001", "a.000002", "a.000003", "a.000004");
      assertThat(tester.store.recovery().problems())
          .containsExactly(
              "binlog file 1/a.000001 is damaged: it does not begin with the magic",
              "binlog file 1/a.000003 is damaged: it does not begin with the magic");
      assertThatThrownBy(
              () ->
                  StoreTester.get(tester.store.formatDescription(new BinlogFileId(1, "a.000001"))))
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("a.000001");
    }
    assertThat(directory.resolve("0001/a.000001")).hasBinaryContent(new byte[500]);
  }

  @Test
  void shouldPutAsideWhatIsInTheWayOfANewFile() throws Exception {
    byte[] bytes = Samples.cleared("mariadb-10.11/stmt.000001");
    byte[] foreign = "this is no binary log".getBytes(StandardCharsets.UTF_8);
    put("bin.000001", bytes);
    put("bin.000002", foreign);
    put("bin.000002.broken", new byte[] {1});
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().ignoredFiles())
          .containsExactlyInAnyOrder("bin.000002", "bin.000002.broken");
      tester.resume();
      tester.file("bin.000002", bytes);
      tester.awaitVisible("bin.000002", bytes.length);
    }
    assertThat(StoreTester.read(directory, "bin.000002")).isEqualTo(bytes);
    assertThat(StoreTester.read(directory, "bin.000002.broken")).hasSize(1);
    assertThat(StoreTester.read(directory, "bin.000002.broken.2")).isEqualTo(foreign);
  }

  @Test
  void shouldReportFilesThatAreMissingInTheMiddle() throws Exception {
    byte[] bytes = Samples.cleared("mariadb-10.11/stmt.000001");
    put("bin.000001", bytes);
    put("bin.000002", bytes);
    put("bin.000005", bytes);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().files()).hasSize(3);
      assertThat(tester.store.recovery().problems())
          .containsExactly("binlog files between 1/bin.000002 and 1/bin.000005 are missing");
    }
  }

  @Test
  void shouldSetALargeDamagedFileAside() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(100_000);
    byte[] bytes = log.bytes();
    bytes[50] ^= 1;
    put("bin.000002", bytes);
    put("bin.000001", Samples.cleared("mariadb-10.11/stmt.000001"));
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.watermark().file().name()).isEqualTo("bin.000001");
    }
    assertThat(directory.resolve("0001/bin.000002.broken")).hasBinaryContent(bytes);
  }

  @Test
  void shouldSurviveRandomTails() throws Exception {
    Random random = new Random(23);
    byte[] head = new SyntheticLog().startFile().transaction(30).bytes();
    for (int round = 0; round < 1500; round++) {
      byte[] bytes = Arrays.copyOf(head, head.length + random.nextInt(600));
      for (int i = head.length; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
      }
      if (bytes.length > head.length + 19) {
        bytes[head.length + 4] = (byte) (random.nextBoolean() ? 160 + random.nextInt(13) : 15);
        bytes[head.length + 9] = (byte) (random.nextBoolean() ? bytes.length - head.length : 19);
      }
      put("bin.000001", bytes);
      RecoveredTail tail = recovery().run(directory);
      assertThat(tail.safeEnd()).isEqualTo(head.length);
      assertThat(tail.follower().state()).hasToString("0-101-1");
    }
  }

  @Test
  void shouldVerifyGiantEventsInPieces() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(10);
    int whole = log.size();
    byte[] bytes = log.transaction(3_000_000).transaction(10).bytes();
    put("bin.000001", bytes);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.watermark().offset()).isEqualTo(bytes.length);
      assertThat(tester.store.watermark().state()).isEqualTo(log.state());
    }
    bytes[2_000_000] ^= 4;
    put("bin.000001", bytes);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.watermark().offset()).isEqualTo(whole);
      assertThat(tester.store.recovery().reason()).contains("checksum");
      assertThat(tester.store.recovery().droppedEvents()).isEqualTo(1);
    }
  }
}
