package io.sluice.binlog.store;

import static io.sluice.binlog.store.PackTester.PATIENCE;
import static io.sluice.binlog.store.PackTester.awaitArchived;
import static io.sluice.binlog.store.PackTester.id;
import static io.sluice.binlog.store.PackTester.name;
import static io.sluice.binlog.store.PackTester.names;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.ForwardingDisk;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.form.SealedBlob;
import io.sluice.binlog.form.SealedFiles;
import io.sluice.binlog.form.StoredForm;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
  @TempDir Path root;

  private Path directory;
  private Path archive;
  private Path away;

  @BeforeEach
  void folders() throws IOException {
    directory = root.resolve("store");
    archive = root.resolve("share");
    away = root.resolve("away");
    Files.createDirectories(archive);
  }

  private StoreOptions archiving() {
    return StoreOptions.defaults().withForms(FormOptions.NONE.withArchive(archive, Duration.ZERO));
  }

  private StoreOptions compressing() {
    return StoreOptions.defaults()
        .withForms(
            FormOptions.NONE.withCompression(Compression.ZSTD).withArchive(archive, Duration.ZERO));
  }

  private StoreOptions keeping() {
    return StoreOptions.defaults()
        .withForms(FormOptions.NONE.withArchive(archive, Duration.ofDays(1)));
  }

  @Test
  void shouldMoveClosedFilesAndReadThemThere() throws Exception {
    PackTester log = new PackTester(directory);
    try (StoreTester tester = log.open(compressing())) {
      tester.resume();
      log.append(tester, 4, 300_000);
      awaitArchived(tester.store, 3);
      log.assertSame(tester.store);
      assertThat(names(archive.resolve("0001")))
          .containsExactly(name(1) + ".zst", name(2) + ".zst", name(3) + ".zst");
      // A file counts as archived before its copy here is deleted.
      Await.untilAsserted(
          "only notes stay here",
          PATIENCE,
          () ->
              assertThat(log.onDisk())
                  .containsExactly(
                      name(1) + ".archived",
                      name(2) + ".archived",
                      name(3) + ".archived",
                      name(4)));
      assertThat(tester.store.diskBytes(id(1)))
          .isEqualTo(Files.size(archive.resolve("0001").resolve(name(1) + ".zst")));
      log.appendMore(tester, 2, 100);
      awaitArchived(tester.store, 5);
    }
    try (StoreTester tester = log.open(keeping())) {
      assertThat(tester.store.recovery().ignoredFiles()).isEmpty();
      assertThat(tester.store.recovery().problems()).isEmpty();
      log.assertSame(tester.store);
      assertThat(tester.store.packing().archivedFiles()).isEqualTo(5);
      assertThat(tester.store.packing().archiveProblem()).isEmpty();
    }
  }

  @Test
  void shouldPurgeInTheArchive() throws Exception {
    PackTester log = new PackTester(directory).plain(4, 1000);
    Path there = archive.resolve("0001");
    try (StoreTester tester = log.open(archiving())) {
      awaitArchived(tester.store, 3);
      get(tester.store.purge(new PurgeRequest.To(name(3))));
      log.assertSame(tester.store, 3);
      Await.until("gone from the archive", PATIENCE, () -> names(there).equals(List.of(name(3))));
      Await.until("note gone", PATIENCE, () -> log.onDisk().size() == 2);
      assertThat(log.onDisk()).containsExactly(name(3) + ".archived", name(4));
      Files.move(archive, away);
      get(tester.store.purge(new PurgeRequest.To(name(4))));
      log.assertSame(tester.store, 4);
    }
    try (StoreTester tester = log.open(archiving())) {
      log.assertSame(tester.store, 4);
      assertThat(tester.store.recovery().ignoredFiles()).isEmpty();
      assertThat(log.onDisk()).containsExactly(name(3) + ".archived.gone", name(4));
      Files.move(away, archive);
      Await.until("gone from the archive", PATIENCE, () -> !Files.exists(there));
      Await.until("note gone", PATIENCE, () -> log.onDisk().size() == 1);
    }
  }

  @Test
  void shouldKnowTheLogWhileTheShareIsAway() throws Exception {
    PackTester log = new PackTester(directory).plain(4, 1000);
    try (StoreTester tester = log.open(archiving())) {
      awaitArchived(tester.store, 3);
      GtidAsk ask = new GtidAsk(tester.store);
      assertThat(ask.file("0-101-7")).isEqualTo(id(2));
      Files.move(archive, away);
      assertGone(tester.store);
      Await.until("problem", PATIENCE, () -> !tester.store.packing().archiveProblem().isEmpty());
      Files.move(away, archive);
      log.assertSame(tester.store);
      Await.until("no problem", PATIENCE, () -> tester.store.packing().archiveProblem().isEmpty());
    }
    Files.move(archive, away);
    // The folder on which the share is mounted.
    Files.createDirectories(archive);
    try (StoreTester tester = log.open(archiving())) {
      assertThat(tester.store.recovery().problems()).isEmpty();
      assertThat(tester.store.inventory().files()).hasSize(4);
      assertThat(tester.store.inventory().visibleEnd(id(1))).isEqualTo(log.files.get(0).length);
      assertThat(tester.store.purgedState()).hasToString("");
      assertThat(new GtidAsk(tester.store).file("0-101-15")).isEqualTo(id(4));
      assertGone(tester.store);
      tester.resume();
      log.appendMore(tester, 2, 1000);
      Await.until(
          "problem",
          PATIENCE,
          () -> tester.store.packing().archiveProblem().contains("is it mounted?"));
      assertThat(log.onDisk()).contains(name(4), name(5), name(6));
      assertThat(PackTester.read(tester.store, id(4))).isEqualTo(log.files.get(3));
      Files.delete(archive);
      Files.move(away, archive);
      awaitArchived(tester.store, 5);
      log.assertSame(tester.store);
    }
  }

  private void assertGone(BinlogStore store) {
    assertThatThrownBy(() -> PackTester.read(store, id(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("binlog file: 1/" + name(2) + " is archived as")
        .hasMessageContaining("(expected: archive-dir is mounted)");
  }

  /** Where a replica with a position would begin. */
  private static final class GtidAsk {
    private final BinlogStore store;

    GtidAsk(BinlogStore store) {
      this.store = store;
    }

    BinlogFileId file(String position) {
      StartResult result =
          get(
              store.resolve(
                  new StartRequest.MariaDbGtids(
                      MariaDbGtidList.parse(position), false, false, null)));
      assertThat(result).isInstanceOf(StartResult.Found.class);
      return ((StartResult.Found) result).file();
    }
  }

  @Test
  void shouldSayThatTheSettingIsMissing() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    try (StoreTester tester = log.open(archiving())) {
      awaitArchived(tester.store, 2);
    }
    try (StoreTester tester = log.open(StoreOptions.defaults())) {
      assertThat(tester.store.inventory().files()).hasSize(3);
      assertThatThrownBy(() -> PackTester.read(tester.store, id(1)))
          .hasMessageContaining("1/" + name(1) + " is archived (expected: archive-dir is set)");
      Await.until(
          "problem",
          PATIENCE,
          () -> tester.store.packing().archiveProblem().contains("archive-dir is set"));
    }
  }

  @Test
  void shouldNotUseTheArchiveOfAnother() throws Exception {
    PackTester other = new PackTester(root.resolve("other")).plain(3, 100);
    try (StoreTester tester = other.open(archiving())) {
      awaitArchived(tester.store, 2);
    }
    PackTester log = new PackTester(directory).plain(3, 1000);
    try (StoreTester tester = log.open(archiving())) {
      Await.until(
          "problem",
          PATIENCE,
          () -> tester.store.packing().archiveProblem().contains("of another store"));
      log.assertSame(tester.store);
      assertThat(log.onDisk()).containsExactly(name(1), name(2), name(3));
    }
    try (StoreTester tester = other.open(archiving())) {
      other.assertSame(tester.store);
    }
  }

  @Test
  void shouldKeepAFileHereForAsLongAsIsSet() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    Instant late = Instant.now().plus(Duration.ofHours(2));
    StoreOptions after =
        StoreOptions.defaults()
            .withForms(FormOptions.NONE.withArchive(archive, Duration.ofHours(1)));
    try (StoreTester tester = log.open(after)) {
      Await.until(
          "archive looked at", PATIENCE, () -> Files.exists(archive.resolve(Archive.MARKER)));
      assertThat(tester.store.packing().archivedFiles()).isZero();
      tester.store.hurryArchive(true);
      awaitArchived(tester.store, 2);
      tester.resume();
      tester.store.hurryArchive(false);
      log.appendMore(tester, 2, 100);
    }
    try (FileBinlogStore store =
        FileBinlogStore.open(directory, after, Disk.LOCAL, Clock.fixed(late, ZoneOffset.UTC))) {
      awaitArchived(store, 4);
      log.assertSame(store);
    }
  }

  @Test
  void shouldNotTakeADamagedCopyForTheFile() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    Path there = archive.resolve("0001");
    Files.createDirectories(there);
    byte[] wrong = log.files.get(0).clone();
    wrong[100] ^= 1;
    Files.write(there.resolve(name(1)), wrong);
    Files.write(there.resolve(name(2) + ".new"), wrong);
    try (StoreTester tester = log.open(archiving())) {
      awaitArchived(tester.store, 2);
      log.assertSame(tester.store);
      assertThat(names(there)).containsExactly(name(1), name(2));
    }
  }

  @Test
  void shouldUnpackAnArchivedFileThatIsTheNewestAgain() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    try (StoreTester tester = log.open(compressing())) {
      awaitArchived(tester.store, 2);
    }
    Files.write(directory.resolve("0001").resolve(name(3)), new byte[2]);
    log.files.remove(2);
    try (StoreTester tester = log.open(keeping())) {
      log.assertSame(tester.store);
      assertThat(log.onDisk()).containsExactly(name(1) + ".archived", name(2));
      assertThat(tester.resume().file()).isEqualTo(id(2));
    }
  }

  /** No room for files of the store whose names end in something, as long as it is said so. */
  private final class NoRoom extends ForwardingDisk {
    private final String suffix;
    volatile boolean full = true;

    NoRoom(String suffix) {
      this.suffix = suffix;
    }

    @Override
    public DiskFile open(Path path, Mode mode) throws IOException {
      if (full && mode == Mode.CREATE_NEW && path.startsWith(directory) && named(path)) {
        throw new IOException("No space left on device");
      }
      return super.open(path, mode);
    }

    private boolean named(Path path) {
      return path.toString().endsWith(suffix);
    }
  }

  @Test
  void shouldWriteASidecarThatThereWasNoRoomFor() throws Exception {
    PackTester log = new PackTester(directory).plain(3, 1000);
    for (int i = 1; i < 3; i++) {
      Files.deleteIfExists(sidecar(i));
    }
    NoRoom disk = new NoRoom(Sidecar.unfinishedPath(Path.of(name(1))).toString().substring(10));
    try (StoreTester tester = new StoreTester(directory, archiving(), disk)) {
      Await.until("problem", PATIENCE, () -> archiveProblem(tester).contains("No space left"));
      assertThat(sidecar(1)).doesNotExist();
      disk.full = false;
      awaitArchived(tester.store, 2);
      Await.until("no problem", PATIENCE, () -> archiveProblem(tester).isEmpty());
      assertThat(sidecar(1)).exists();
      log.assertSame(tester.store);
    }
  }

  private static String archiveProblem(StoreTester tester) {
    return tester.store.packing().archiveProblem();
  }

  private Path sidecar(int i) {
    return Sidecar.path(directory.resolve("0001").resolve(name(i)));
  }

  @Test
  void shouldOpenWithANoteThatIsDamaged() throws Exception {
    PackTester log = new PackTester(directory).plain(4, 1000);
    try (StoreTester tester = log.open(archiving())) {
      awaitArchived(tester.store, 3);
    }
    Path note = directory.resolve("0001").resolve(name(2) + ".archived");
    byte[] bytes = Files.readAllBytes(note);
    bytes[20] ^= 1;
    Files.write(note, bytes);
    try (StoreTester tester = log.open(archiving())) {
      assertThat(tester.store.recovery().problems())
          .singleElement()
          .asString()
          .contains("1/" + name(2))
          .contains("note of an archived file");
      assertThat(tester.store.inventory().visibleEnd(id(2))).isEqualTo(log.files.get(1).length);
      assertThat(tester.store.diskBytes(id(2))).isZero();
      assertThatThrownBy(() -> PackTester.read(tester.store, id(2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(name(2) + ".archived does not tell any more");
      assertThat(PackTester.read(tester.store, id(1))).isEqualTo(log.files.get(0));
      assertThat(PackTester.read(tester.store, id(3))).isEqualTo(log.files.get(2));
    }
    Files.delete(sidecar(2));
    try (StoreTester tester = log.open(archiving())) {
      assertThat(tester.store.recovery().problems())
          .anySatisfy(text -> assertThat(text).contains("1/" + name(2), "left out"));
      assertThat(tester.store.inventory().files()).hasSize(3);
      get(tester.store.purge(new PurgeRequest.To(name(3))));
      log.assertSame(tester.store, 3);
    }
  }

  @Test
  void shouldArchiveSealedFilesWhileThereIsNoRoomToCompressThem() throws Exception {
    Path keys = root.resolve("keys");
    Files.writeString(keys, "1;00112233445566778899aabbccddeeff\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    EncryptionOptions encryption = new EncryptionOptions(KeyRing.load(keys), 1);
    PackTester log = new PackTester(directory);
    try (StoreTester tester = log.open(StoreOptions.defaults().withEncryption(encryption))) {
      tester.resume();
      log.append(tester, 3, 1000);
    }
    NoRoom disk = new NoRoom(StoredForm.SEALED.unfinishedName(name(1)).substring(10));
    StoreOptions options = compressing().withEncryption(encryption);
    try (StoreTester tester = new StoreTester(directory, options, disk)) {
      awaitArchived(tester.store, 2);
      SealedFiles sealed = new SealedFiles(Disk.LOCAL, encryption.keys());
      assertThat(sealed.isCompressed(archive.resolve("0001").resolve(name(1) + ".enc"))).isFalse();
      assertThat(names(archive.resolve("0001")))
          .containsExactly(name(1) + ".enc", name(2) + ".enc");
      log.assertSame(tester.store);
    }
  }

  @Test
  void shouldSealAnArchivedFileThatIsTheNewestAgainIfFilesAreSealed() throws Exception {
    Path keys = Files.writeString(root.resolve("keys"), "1;" + "0f".repeat(32) + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    EncryptionOptions encryption = new EncryptionOptions(KeyRing.load(keys), 1);
    PackTester log = new PackTester(directory);
    try (StoreTester tester = log.open(archiving().withEncryption(encryption))) {
      tester.resume();
      log.append(tester, 3, 1000);
      awaitArchived(tester.store, 2);
    }
    Files.write(directory.resolve("0001").resolve(name(3) + ".enc"), new byte[2]);
    log.files.remove(2);
    for (int i = 0; i < 2; i++) {
      try (StoreTester tester = log.open(keeping().withEncryption(encryption))) {
        log.assertSame(tester.store);
        assertThat(log.onDisk()).containsExactly(name(1) + ".archived", name(2) + ".enc");
        assertThat(tester.resume().file()).isEqualTo(id(2));
      }
    }
  }

  @Test
  void shouldForceACopyThatItDidNotMakeBeforeTheFileGoes() throws Exception {
    PackTester log = new PackTester(directory).plain(2, 1000);
    Path there = Files.createDirectories(archive.resolve("0001"));
    Path copy = Files.write(there.resolve(name(1)), log.files.get(0));
    List<String> steps = new CopyOnWriteArrayList<>();
    try (StoreTester tester = new StoreTester(directory, archiving(), recording(steps))) {
      awaitArchived(tester.store, 1);
      log.assertSame(tester.store);
    }
    int deleted = steps.indexOf("delete " + directory.resolve("0001").resolve(name(1)));
    assertThat(deleted).isPositive();
    List<String> before = steps.subList(0, deleted);
    assertThat(before).containsSubsequence("force " + copy, "sync " + there);
    assertThat(before).contains("sync " + archive);
  }

  private static Disk recording(List<String> steps) {
    return new ForwardingDisk() {
      @Override
      public DiskFile open(Path path, Mode mode) throws IOException {
        return new ForwardingFile(super.open(path, mode)) {
          @Override
          public void force(boolean metadata) throws IOException {
            super.force(metadata);
            steps.add("force " + path);
          }
        };
      }

      @Override
      public void syncDirectory(Path folder) throws IOException {
        super.syncDirectory(folder);
        steps.add("sync " + folder);
      }

      @Override
      public void delete(Path path) throws IOException {
        super.delete(path);
        steps.add("delete " + path);
      }
    };
  }

  @Test
  void shouldReadItsNotesOnlyWhole() throws Exception {
    SealedBlob clear = new SealedBlob(KeyRing.none(), 0);
    ArchiveStub stub = new ArchiveStub(StoredForm.ZSTD, 1000, 77, new byte[] {1, 2, 3});
    Path home = root.resolve(name(1));
    stub.write(Disk.LOCAL, clear, home);
    Path path = ArchiveStub.path(home);
    ArchiveStub back = ArchiveStub.read(Disk.LOCAL, clear, path);
    assertThat(back.place().form()).isEqualTo(StoredForm.ZSTD);
    assertThat(back.size()).isEqualTo(1000);
    assertThat(back.place().diskSize()).isEqualTo(77);
    assertThat(back.head()).containsExactly(1, 2, 3);
    byte[] bytes = Files.readAllBytes(path);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] bad = bytes.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(path, bad);
      assertThatThrownBy(() -> ArchiveStub.read(Disk.LOCAL, clear, path))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(path.toString());
    }
    for (int length = 0; length < bytes.length; length++) {
      Files.write(path, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> ArchiveStub.read(Disk.LOCAL, clear, path))
          .isInstanceOf(IOException.class);
    }
  }
}
