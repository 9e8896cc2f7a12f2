package io.sluice.binlog.store;

import static io.sluice.binlog.store.PackTester.PATIENCE;
import static io.sluice.binlog.store.PackTester.awaitPacked;
import static io.sluice.binlog.store.PackTester.id;
import static io.sluice.binlog.store.PackTester.name;
import static io.sluice.binlog.store.PackTester.zstd;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.ForwardingDisk;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.form.SealedBlob;
import io.sluice.binlog.form.StoredForm;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressionTest {
  @TempDir Path directory;

  private Path file(String name) {
    return directory.resolve("0001").resolve(name);
  }

  @Test
  void shouldKeepClosedFilesCompressedAndServeTheSameBytes() throws Exception {
    PackTester log = new PackTester(directory);
    try (StoreTester tester = log.open(zstd())) {
      tester.resume();
      log.append(tester, 4, 400_000);
      awaitPacked(tester.store, 3);
      log.assertSame(tester.store);
      assertThat(log.onDisk())
          .containsExactly(name(1) + ".zst", name(2) + ".zst", name(3) + ".zst", name(4));
      PackStatus status = tester.store.packing();
      assertThat(status.plainBytes())
          .isEqualTo(log.files.get(0).length + log.files.get(1).length + log.files.get(2).length);
      long stored = 0;
      for (int i = 1; i < 4; i++) {
        assertThat(tester.store.diskBytes(id(i))).isEqualTo(Files.size(file(name(i) + ".zst")));
        stored += tester.store.diskBytes(id(i));
      }
      assertThat(status.packedBytes()).isEqualTo(stored);
      assertThat(status.problem()).isEmpty();
      log.appendMore(tester, 2, 100);
      awaitPacked(tester.store, 5);
      log.assertSame(tester.store);
    }
    try (StoreTester tester = log.open(StoreOptions.defaults())) {
      assertThat(tester.store.recovery().droppedAnything()).isFalse();
      assertThat(tester.store.recovery().ignoredFiles()).isEmpty();
      assertThat(tester.store.recovery().problems()).isEmpty();
      log.assertSame(tester.store);
      assertThat(tester.resume().file()).isEqualTo(id(6));
      log.appendMore(tester, 2, 100);
      log.assertSame(tester.store);
      assertThat(log.onDisk()).contains(name(6)).doesNotContain(name(6) + ".zst");
      get(tester.store.purge(new PurgeRequest.To(name(4))));
      log.assertSame(tester.store, 4);
      assertThat(log.onDisk())
          .containsExactly(name(4) + ".zst", name(5) + ".zst", name(6), name(7), name(8));
    }
  }

  @Test
  void shouldCompressWhatIsThereWhenItIsSwitchedOn() throws Exception {
    PackTester log = new PackTester(directory).plain(4, 1000);
    try (StoreTester tester = log.open(zstd())) {
      awaitPacked(tester.store, 3);
      log.assertSame(tester.store);
    }
  }

  /** Fails every change of the disk from one on, as if the process had ended there. */
  private static final class CrashingDisk extends ForwardingDisk {
    private final int last;
    private int steps;

    CrashingDisk(int last) {
      this.last = last;
    }

    private void step() throws IOException {
      if (++steps > last) {
        throw new IOException("crash");
      }
    }

    @Override
    public DiskFile open(Path path, Mode mode) throws IOException {
      if (mode == Mode.READ) {
        return super.open(path, mode);
      }
      step();
      return new ForwardingFile(super.open(path, mode)) {
        @Override
        public int write(ByteBuffer source, long position) throws IOException {
          if (steps == last) {
            steps++;
            int half = source.remaining() / 2;
            file.write(source.slice(source.position(), half), position);
            throw new IOException("crash");
          }
          step();
          return file.write(source, position);
        }

        @Override
        public void force(boolean metadata) throws IOException {
          step();
          file.force(metadata);
        }
      };
    }

    @Override
    public void delete(Path path) throws IOException {
      step();
      super.delete(path);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      step();
      super.move(from, to);
    }

    @Override
    public void createDirectories(Path path) throws IOException {
      step();
      super.createDirectories(path);
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
      step();
      super.syncDirectory(path);
    }
  }

  interface Work {
    void run(CrashingDisk disk, FileCatalog catalog, StoredFile file) throws IOException;
  }

  /** Cuts work on the first file of a store off behind each of its steps. */
  private int crashEverywhere(Path archive, Work work) throws Exception {
    boolean cut = true;
    int steps = 0;
    for (; cut; steps++) {
      Path own = directory.resolve("run" + steps);
      PackTester log = new PackTester(own).plain(3, 3000);
      if (Files.exists(archive)) {
        try (Stream<Path> all = Files.walk(archive)) {
          for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
            Files.delete(path);
          }
        }
      }
      Files.createDirectories(archive);
      CrashingDisk disk = new CrashingDisk(steps);
      try (FileCatalog catalog =
          new FileCatalog(new ForwardingDisk(), own, archive, EncryptionOptions.NONE)) {
        // What is not about the disk's steps.
        catalog.sidecars().sidecar(id(1), log.files.get(0).length, ScanMeter.uncounted());
      }
      try (FileCatalog catalog = new FileCatalog(disk, own, archive, EncryptionOptions.NONE)) {
        work.run(disk, catalog, new StoredFile(id(1), log.files.get(0).length));
        cut = false;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("crash");
      }
      FormOptions forms = FormOptions.NONE.withArchive(archive, Duration.ofDays(1));
      try (StoreTester tester = log.open(StoreOptions.defaults().withForms(forms))) {
        log.assertSame(tester.store);
        assertThat(tester.store.recovery().droppedAnything()).as("step %d", steps).isFalse();
        assertThat(tester.store.recovery().ignoredFiles()).as("step %d", steps).isEmpty();
        assertThat(tester.store.recovery().problems()).as("step %d", steps).isEmpty();
        assertThat(log.onDisk()).as("step %d", steps).hasSize(3);
      }
    }
    return steps;
  }

  @Test
  void shouldHaveOneWholeFormWhereverACrashCutsTheCompression() throws Exception {
    int steps =
        crashEverywhere(
            directory.resolve("unused"),
            (disk, catalog, file) ->
                new FormChange(disk, catalog, id -> true, new PacedCopy(new Pacer(0, () -> 0)))
                    .run(file, StoredForm.ZSTD, 3));
    assertThat(steps).isGreaterThan(7);
  }

  @Test
  void shouldHaveOneWholeFileWhereverACrashCutsTheMoveToTheArchive() throws Exception {
    int steps =
        crashEverywhere(
            directory.resolve("archive"),
            (disk, catalog, file) -> {
              Path own = catalog.epochDirectory(1).getParent();
              StoreMetadata metadata =
                  new FileStoreMetadata(
                      disk,
                      new SealedBlob(KeyRing.none(), 0),
                      own.resolve("metadata.properties"),
                      Runnable::run);
              Archive archive = new Archive(disk, directory.resolve("archive"), metadata);
              new ArchiveMove(
                      disk, catalog, archive, id -> true, new PacedCopy(new Pacer(0, () -> 0)))
                  .run(file);
            });
    assertThat(steps).isGreaterThan(15);
  }

  @Test
  void shouldGiveUpAFileThatIsPurgedMeanwhile() throws Exception {
    PackTester log = new PackTester(directory).plain(2, 1000);
    try (FileCatalog catalog = new FileCatalog(new ForwardingDisk(), directory)) {
      FormChange change =
          new FormChange(
              new ForwardingDisk(), catalog, id -> false, new PacedCopy(new Pacer(0, () -> 0)));
      StoredFile file = new StoredFile(id(1), log.files.get(0).length);
      assertThat(change.run(file, StoredForm.ZSTD, 3)).isNegative();
    }
    assertThat(log.onDisk()).containsExactly(name(1), name(2));
  }

  /** No room for what is compressed, as long as it is said so. */
  private static final class FullDisk extends ForwardingDisk {
    volatile boolean full = true;

    @Override
    public DiskFile open(Path path, Mode mode) throws IOException {
      DiskFile opened = super.open(path, mode);
      if (!path.toString().contains(".zst")) {
        return opened;
      }
      return new ForwardingFile(opened) {
        @Override
        public int write(ByteBuffer source, long position) throws IOException {
          if (full) {
            throw new IOException("No space left on device");
          }
          return file.write(source, position);
        }
      };
    }
  }

  @Test
  void shouldGoOnStoringWhileThereIsNoRoomToCompress() throws Exception {
    PackTester log = new PackTester(directory);
    FullDisk disk = new FullDisk();
    try (StoreTester tester = new StoreTester(directory, zstd(), disk)) {
      tester.resume();
      log.append(tester, 3, 1000);
      Await.until(
          "problem",
          PATIENCE,
          () -> tester.store.packing().problem().equals("No space left on device"));
      log.appendMore(tester, 2, 1000);
      log.assertSame(tester.store);
      assertThat(tester.failures).isEmpty();
      assertThat(tester.store.packing().packedFiles()).isZero();
      disk.full = false;
      awaitPacked(tester.store, 4);
      Await.until("no problem", PATIENCE, () -> tester.store.packing().problem().isEmpty());
      log.assertSame(tester.store);
    }
  }

  @Test
  void shouldLeaveADamagedFileAsItIs() throws Exception {
    PackTester log = new PackTester(directory).plain(4, 20_000);
    try (StoreTester tester = log.open(StoreOptions.defaults())) {
      Await.until("indexes", PATIENCE, () -> Files.exists(file(name(2) + ".idx")));
    }
    byte[] bad = log.files.get(1).clone();
    bad[bad.length / 2] ^= 1;
    Files.write(file(name(2)), bad);
    try (StoreTester tester = log.open(zstd())) {
      awaitPacked(tester.store, 2);
      Await.until("problem", PATIENCE, () -> !tester.store.packing().problem().isEmpty());
      assertThat(tester.store.packing().problem()).contains("1/" + name(2)).contains("SHA-256");
      assertThat(log.onDisk())
          .containsExactly(name(1) + ".zst", name(2), name(3) + ".zst", name(4));
      assertThat(PackTester.read(tester.store, id(2))).isEqualTo(bad);
    }
  }

  @Test
  void shouldUnpackTheFileThatIsTheNewestAgain() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    try (StoreTester tester = log.open(zstd())) {
      awaitPacked(tester.store, 2);
    }
    Files.write(file(name(3)), new byte[] {(byte) 0xfe, 'b', 'i'});
    byte[] third = log.files.remove(2);
    try (StoreTester tester = log.open(zstd())) {
      assertThat(tester.store.recovery().removedFiles()).containsExactly(name(3));
      assertThat(log.onDisk()).containsExactly(name(1) + ".zst", name(2));
      log.assertSame(tester.store);
      assertThat(tester.resume().file()).isEqualTo(id(2));
      tester.file(name(3), third);
      tester.awaitVisible(name(3), third.length);
      log.files.add(third);
      log.assertSame(tester.store);
      awaitPacked(tester.store, 1);
    }
  }

  private void withTwoForms(Consumer<byte[]> change, List<String> expected) throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    byte[] plain = Files.readAllBytes(file(name(1)));
    try (StoreTester tester = log.open(zstd())) {
      awaitPacked(tester.store, 2);
    }
    Files.write(file(name(1)), plain);
    byte[] packed = Files.readAllBytes(file(name(1) + ".zst"));
    change.accept(packed);
    Files.write(file(name(1) + ".zst"), packed);
    Files.write(file(name(1) + ".zst.new"), new byte[7]);
    Files.write(file(name(2) + ".enc.new"), new byte[7]);
    Files.write(file(name(2) + ".archived.new"), new byte[7]);
    try (StoreTester tester = log.open(StoreOptions.defaults())) {
      assertThat(log.onDisk()).isEqualTo(expected);
      log.assertSame(tester.store);
      assertThat(tester.store.recovery().ignoredFiles()).isEmpty();
    }
  }

  @Test
  void shouldDropThePlainFormOfAFileThatIsWhollyCompressed() throws Exception {
    withTwoForms(packed -> {}, List.of(name(1) + ".zst", name(2) + ".zst", name(3)));
  }

  @Test
  void shouldDropTheCompressedFormThatIsDamaged() throws Exception {
    withTwoForms(packed -> packed[50] ^= 1, List.of(name(1), name(2) + ".zst", name(3)));
  }

  @Test
  void shouldOpenWithACompressedFileThatIsDamaged() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    try (StoreTester tester = log.open(zstd())) {
      awaitPacked(tester.store, 2);
    }
    byte[] packed = Files.readAllBytes(file(name(2) + ".zst"));
    Files.write(file(name(2) + ".zst"), Arrays.copyOf(packed, packed.length - 1));
    try (StoreTester tester = log.open(zstd())) {
      assertThat(tester.store.recovery().problems())
          .singleElement()
          .asString()
          .contains("1/" + name(2))
          .contains("no seek table");
      assertThat(tester.store.inventory().visibleEnd(id(2))).isEqualTo(log.files.get(1).length);
      assertThatThrownBy(() -> PackTester.read(tester.store, id(2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no seek table");
      assertThat(PackTester.read(tester.store, id(1))).isEqualTo(log.files.get(0));
    }
    Files.delete(file(name(2) + ".idx"));
    assertThatThrownBy(() -> log.open(zstd()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name(2) + ".zst");
  }

  @Test
  void shouldHoldItselfToItsRate() {
    long[] now = {0};
    Pacer pacer = new Pacer(1000, () -> now[0]);
    long second = 1_000_000_000L;
    assertThat(pacer.delay(500)).isEqualTo(second / 2);
    assertThat(pacer.delay(500)).isEqualTo(second);
    now[0] = second;
    assertThat(pacer.delay(100)).isEqualTo(second / 10);
    now[0] = 100 * second;
    assertThat(pacer.delay(1000)).isZero();
    assertThat(pacer.delay(1000)).isEqualTo(second);
    assertThat(new Pacer(0, () -> now[0]).delay(1 << 30)).isZero();
  }

  @Test
  void shouldCloseWhileItCompressesSlowly() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 300_000);
    StoreOptions slow =
        StoreOptions.defaults()
            .withForms(FormOptions.NONE.withCompression(Compression.ZSTD).withRate(1));
    List<String> seen = new ArrayList<>();
    try (StoreTester tester = log.open(slow)) {
      Await.until(
          "begun",
          PATIENCE,
          () -> {
            seen.clear();
            seen.addAll(log.onDisk());
            return seen.contains(name(1) + ".zst.new");
          });
      get(tester.store.purge(new PurgeRequest.To(name(2))));
      log.assertSame(tester.store, 2);
    }
    assertThat(log.onDisk()).containsExactly(name(2), name(3));
  }
}
