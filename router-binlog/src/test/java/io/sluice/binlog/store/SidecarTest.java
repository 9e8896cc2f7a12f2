package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.ForwardingDisk;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept beside closed files, and that it is never believed blindly. */
class SidecarTest {
  @TempDir Path directory;

  private static FileScanner.Source source(byte[] bytes) {
    return (at, target) -> {
      int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - at));
      target.put(bytes, (int) at, count);
      return count;
    };
  }

  private static Sidecar index(byte[] bytes) throws IOException {
    return new FileIndexer(source(bytes), bytes.length, () -> false).run();
  }

  private static byte[] log(int transactions, int rowBytes) {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < transactions; i++) {
      log.transaction(rowBytes);
    }
    return log.bytes();
  }

  @Test
  void shouldSumUpRealFiles() throws Exception {
    byte[] bytes = Samples.cleared("mariadb-10.11/domains.000002");
    Sidecar sidecar = index(bytes);
    assertThat(sidecar.sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    assertThat(String.valueOf(sidecar.start()))
        .isEqualTo("0-101-500,0-303-501,1-101-2,2-202-1,4294967295-202-1000000000000");
    assertThat(sidecar.end().positionText())
        .isEqualTo("0-101-502,1-101-3,2-202-1,4294967295-202-1000000000000");
    assertThat(sidecar.index().floor(bytes.length).state()).isEqualTo(sidecar.start());
  }

  @Test
  void shouldHashWhatTheWalkDoesNotLookAt() throws Exception {
    byte[] bytes = log(3, 700_000);
    assertThat(index(bytes).sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
  }

  @Test
  void shouldBeReadAsItWasWritten() throws Exception {
    Sidecar made = index(log(40, 10_000));
    assertThat(Sidecar.decode(made.encode()).chain()).isNull();
    Sidecar purged = made.linked(new SidecarChain(null, "2".repeat(64)));
    assertThat(Sidecar.decode(purged.encode()).chain()).isEqualTo(purged.chain());
    Sidecar sidecar = made.linked(SidecarChain.after("1".repeat(64), "bin.000001", made));
    Sidecar again = Sidecar.decode(sidecar.encode());
    assertThat(again.chain()).isEqualTo(sidecar.chain());
    assertThat(again.firstTime()).isEqualTo(sidecar.firstTime()).isPositive();
    assertThat(again.lastTime()).isEqualTo(1_700_000_040L);
    assertThat(again.encode()).isEqualTo(sidecar.encode());
    assertThat(again.size()).isEqualTo(sidecar.size());
    assertThat(again.sha256()).isEqualTo(sidecar.sha256());
    assertThat(again.start()).isEqualTo(sidecar.start());
    assertThat(again.end()).isEqualTo(sidecar.end());
    assertThat(again.index().steps()).hasSizeGreaterThan(4).isEqualTo(sidecar.index().steps());
  }

  @Test
  void shouldNotBelieveDamagedBytes() throws Exception {
    Sidecar made = index(log(20, 10_000));
    byte[] bytes = made.linked(SidecarChain.after("1".repeat(64), "bin.000001", made)).encode();
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 4;
      assertThat(Sidecar.decode(damaged)).as("byte %d", i).isNull();
    }
    for (int length = 0; length < bytes.length; length++) {
      assertThat(Sidecar.decode(java.util.Arrays.copyOf(bytes, length))).isNull();
    }
  }

  @Test
  void shouldRefuseAFileThatEndsInsideAnEvent() {
    byte[] bytes = log(2, 100);
    assertThatThrownBy(() -> index(java.util.Arrays.copyOf(bytes, bytes.length - 5)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void shouldTellTheChangesBetweenTwoStates() {
    Random random = new Random(7);
    for (int run = 0; run < 500; run++) {
      MariaDbBinlogState.Builder builder = new MariaDbBinlogState.Builder();
      for (int i = random.nextInt(6); i > 0; i--) {
        builder.update(random.nextInt(3), random.nextInt(3), random.nextInt(4));
      }
      MariaDbBinlogState older = builder.snapshot();
      for (int i = random.nextInt(6); i > 0; i--) {
        builder.update(random.nextInt(3), random.nextInt(3), random.nextInt(4));
      }
      MariaDbBinlogState newer = builder.snapshot();
      MariaDbBinlogState.Builder rebuilt = older.toBuilder();
      rebuilt.update(newer.changesSince(older));
      assertThat(rebuilt.snapshot()).as("from %s", older).isEqualTo(newer);
    }
  }

  @Test
  void shouldSayOfAFileAsItIsWrittenWhatItsBytesSay() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      MasterHistory history =
          seed % 2 == 0 ? MasterHistory.mariaDb(seed) : MasterHistory.mySql(seed);
      List<MasterHistory.HistoryFile> files =
          history.files().stream().filter(file -> file.epoch() == 1).toList();
      Path folder = directory.resolve("run" + seed);
      try (StoreTester tester = new StoreTester(folder)) {
        tester.resume();
        Random random = new Random(seed);
        for (MasterHistory.HistoryFile file : files) {
          tester.store.writer().startFile(file.name());
          tester.drip(file.bytes(), 4, file.bytes().length, random, 900);
          tester.awaitVisible(file.name(), file.size());
        }
        for (MasterHistory.HistoryFile file : files.subList(0, files.size() - 1)) {
          Path path = folder.resolve("0001").resolve(file.name() + ".idx");
          StoreTester.await(() -> Files.exists(path));
          Sidecar made = Sidecar.decode(Files.readAllBytes(path));
          assertThat(made.agreesWith(index(file.bytes()))).as("%d: %s", seed, made).isTrue();
        }
      }
    }
  }

  @Test
  void shouldHashLargeEventsAsTheyAreWritten() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    log.transaction(700_000).transaction(100).transaction(3_000_000).rotate("bin.000002");
    byte[] first = log.bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.drip(first, 4, first.length, new Random(3), 400_000);
      byte[] second = log.startFile().transaction(100).bytes();
      tester.file("bin.000002", second);
      tester.awaitVisible("bin.000002", second.length);
      StoreTester.await(() -> Files.exists(sidecar("bin.000001")));
    }
    Sidecar made = Sidecar.decode(Files.readAllBytes(sidecar("bin.000001")));
    assertThat(made.agreesWith(index(first))).isTrue();
  }

  @Test
  void shouldReadAFileThatWasNotWrittenInOneGo() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(500).transaction(20_000);
    byte[] first = log.transaction(300).rotate("bin.000002").bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.append(4, first, 4, 15_000);
      int cut = (int) tester.resume().offset();
      assertThat(cut).isBetween(5, 15_000);
      tester.append(cut, first, cut, first.length);
      byte[] second = log.startFile().transaction(100).bytes();
      tester.file("bin.000002", second);
      tester.awaitVisible("bin.000002", second.length);
      StoreTester.await(() -> Files.exists(sidecar("bin.000001")));
    }
    Sidecar made = Sidecar.decode(Files.readAllBytes(sidecar("bin.000001")));
    assertThat(made.agreesWith(index(first))).isTrue();
  }

  private Path sidecar(String name) {
    return directory.resolve("0001").resolve(name + ".idx");
  }

  private static StartResult.Found start(StoreTester tester, String position) {
    return (StartResult.Found)
        StoreTester.get(
            tester.store.resolve(
                new StartRequest.MariaDbGtids(
                    MariaDbGtidList.parse(position), false, false, null)));
  }

  @Test
  void shouldBeWrittenWhenAFileIsClosedAndMadeAgainWhenItDoesNotFit() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 60; i++) {
      log.transaction(10_000);
    }
    byte[] first = log.bytes();
    byte[] second = log.startFile().ddl(0, 101, 61).bytes();
    byte[] other = log(60, 10_001);
    byte[] good;
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", first);
      tester.awaitVisible("bin.000001", first.length);
      assertThat(sidecar("bin.000001")).doesNotExist();
      tester.file("bin.000002", second);
      tester.awaitVisible("bin.000002", second.length);
      Sidecar made = index(first);
      SidecarChain link = SidecarChain.after(SidecarChain.BEGINNING, "bin.000001", made);
      good = made.linked(link).encode();
      StoreTester.await(() -> same(sidecar("bin.000001"), good));
    }
    byte[] older = good.clone();
    older[8] = 2;
    for (byte[] wrong : new byte[][] {index(other).encode(), {1, 2, 3}, older, null}) {
      if (wrong == null) {
        Files.delete(sidecar("bin.000001"));
      } else {
        Files.write(sidecar("bin.000001"), wrong);
      }
      try (StoreTester tester = new StoreTester(directory)) {
        assertThat(tester.store.recovery().ignoredFiles()).isEmpty();
        assertThat(start(tester, "0-101-40").position()).isGreaterThan(300_000);
        StoreTester.await(() -> same(sidecar("bin.000001"), good));
      }
    }
  }

  /** The search for a start and the store's own thread come to the same file at the same time. */
  @Test
  void shouldBeMadeOnceAndLinkedWhoeverNeedsItFirst() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 60; i++) {
      log.transaction(10_000);
    }
    byte[] first = log.bytes();
    byte[] second = log.startFile().ddl(0, 101, 61).bytes();
    Sidecar made = index(first);
    byte[] good =
        made.linked(SidecarChain.after(SidecarChain.BEGINNING, "bin.000001", made)).encode();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", first);
      tester.file("bin.000002", second);
      StoreTester.await(() -> same(sidecar("bin.000001"), good));
    }
    for (int round = 0; round < 100; round++) {
      Files.delete(sidecar("bin.000001"));
      AtomicInteger written = new AtomicInteger();
      Disk disk =
          new ForwardingDisk() {
            @Override
            public void move(Path from, Path to) throws IOException {
              if (to.equals(sidecar("bin.000001"))) {
                written.incrementAndGet();
              }
              super.move(from, to);
            }
          };
      StoreOptions options = StoreOptions.defaults().withSync(SyncPolicy.NONE);
      try (StoreTester tester = new StoreTester(directory, options, disk)) {
        assertThat(start(tester, "0-101-40").position()).isGreaterThan(300_000);
        tester.store.completeSidecars();
        assertThat(Files.readAllBytes(sidecar("bin.000001"))).isEqualTo(good);
        assertThat(written).as("as it was made, and linked").hasValue(2);
      }
    }
  }

  private static boolean same(Path file, byte[] bytes) {
    try {
      return Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
