package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.await;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.form.MissingKeyException;
import io.sluice.binlog.gtid.MariaDbGtid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store with encryption at rest. */
class SealedStoreTest {
  private static final String FIRST = "1;00112233445566778899aabbccddeeff\n";
  private static final String SECOND =
      "2;ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n";

  @TempDir Path folder;
  private Path directory = Path.of("");
  private Path keyFile = Path.of("");

  @BeforeEach
  void makeKeys() throws IOException {
    directory = folder.resolve("store");
    keyFile = folder.resolve("keys");
    keys(FIRST + SECOND);
  }

  private void keys(String text) throws IOException {
    Files.writeString(keyFile, text);
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
  }

  private StoreOptions options(long keyId) throws IOException {
    return StoreOptions.defaults()
        .withSync(SyncPolicy.NONE)
        .withEncryption(new EncryptionOptions(KeyRing.load(keyFile), keyId));
  }

  private StoreTester open(long keyId) throws IOException {
    return new StoreTester(directory, options(keyId), Disk.LOCAL);
  }

  private static byte[] read(StoreTester tester, String name, int size) throws IOException {
    BinlogFileId id = tester.store.inventory().find(name);
    ByteBuffer target = ByteBuffer.allocate(size);
    assertThat(tester.store.read(id, 0, target)).isEqualTo(size);
    return target.array();
  }

  private static byte[][] master(int count) {
    SyntheticLog log = new SyntheticLog();
    byte[][] files = new byte[count][];
    for (int i = 0; i < count; i++) {
      log.startFile();
      for (int t = 0; t < 9; t++) {
        log.transaction(t % 4 == 3 ? 300_000 : 2000 + t);
      }
      files[i] = (i < count - 1 ? log.rotate(name(i + 1)) : log).bytes();
    }
    return files;
  }

  private static String name(int i) {
    return "bin.00000" + (i + 1);
  }

  private Path stored(int i, String suffix) {
    return directory.resolve("0001").resolve(name(i) + suffix);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void shouldLeaveNothingClearOnTheDisk() throws Exception {
    List<byte[]> secrets = new ArrayList<>();
    Random random = new Random(5);
    byte[] closed = Samples.cleared("mariadb-10.11/domains.000001");
    byte[] newest = Samples.cleared("mariadb-10.11/killed.000001");
    for (byte[] plain : List.of(closed, newest)) {
      for (int i = 0; i < 200; i++) {
        int at = random.nextInt(plain.length - 12);
        byte[] part = Arrays.copyOfRange(plain, at, at + 12);
        if (new TreeSet<>(Arrays.asList(boxed(part))).size() > 5) {
          secrets.add(part);
        }
      }
    }
    for (String text : List.of("SLUICIDX", "CREATE", "INSERT", "0-101-", "admin-bob", "3e11fa47")) {
      secrets.add(text.getBytes(StandardCharsets.US_ASCII));
    }
    secrets.add(BinlogFileFormat.magic());
    try (StoreTester tester = open(1)) {
      tester.resume();
      tester.file("bin.000001", closed);
      tester.awaitVisible("bin.000001", closed.length);
      tester.file("bin.000002", newest);
      tester.awaitVisible("bin.000002", newest.length);
      get(
          tester
              .store
              .metadata()
              .update(Map.of("user", "admin-bob", "seen", "3e11fa47-71ca-11e1")));
      await(() -> Files.exists(directory.resolve("0001").resolve("bin.000001.idx")));
    }
    int looked = 0;
    for (Path file : files(directory)) {
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      for (byte[] secret : secrets) {
        assertThat(text)
            .as("%s", file)
            .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
      }
      looked += bytes.length > 0 ? 1 : 0;
    }
    assertThat(looked).isEqualTo(4);
    assertThat(secrets).hasSizeGreaterThan(200);
    try (StoreTester again = open(1)) {
      assertThat(again.store.recovery().problems()).isEmpty();
      assertThat(again.store.metadata().get("user")).isEqualTo("admin-bob");
      assertThat(read(again, "bin.000001", closed.length)).isEqualTo(closed);
      assertThat(read(again, "bin.000002", newest.length)).isEqualTo(newest);
    }
  }

  private static Byte[] boxed(byte[] bytes) {
    Byte[] all = new Byte[bytes.length];
    Arrays.setAll(all, i -> bytes[i]);
    return all;
  }

  @Test
  void shouldChangeKeysWithNewFilesAndKeepTheOldOnesReadable() throws Exception {
    byte[][] files = master(4);
    try (StoreTester tester = open(1)) {
      tester.resume();
      tester.file(name(0), files[0]);
      tester.awaitVisible(name(0), files[0].length);
      get(tester.store.metadata().update(Map.of("user", "bob")));
    }
    try (StoreTester tester = open(2)) {
      assertThat(keyIdOf(directory.resolve("metadata.properties"))).isEqualTo(2);
      tester.resume();
      tester.file(name(1), files[1]);
      tester.awaitVisible(name(1), files[1].length);
    }
    try (StoreTester tester = open(0)) {
      tester.resume();
      tester.file(name(2), files[2]);
      tester.awaitVisible(name(2), files[2].length);
      for (int i = 0; i < 3; i++) {
        assertThat(read(tester, name(i), files[i].length)).isEqualTo(files[i]);
      }
    }
    assertThat(keyIdOf(stored(0, ".enc"))).isEqualTo(1);
    assertThat(keyIdOf(stored(1, ".enc"))).isEqualTo(2);
    assertThat(stored(2, "")).exists();
    keys(SECOND);
    try (StoreTester tester = open(2)) {
      assertThat(String.join("", tester.store.recovery().problems()))
          .contains("bin.000001", "needs the key 1", keyFile.toString());
      assertThat(read(tester, name(1), files[1].length)).isEqualTo(files[1]);
      assertThat(read(tester, name(2), files[2].length)).isEqualTo(files[2]);
      assertThatThrownBy(() -> read(tester, name(0), files[0].length))
          .isInstanceOf(MissingKeyException.class);
      tester.resume();
      tester.file(name(3), files[3]);
      tester.awaitVisible(name(3), files[3].length);
    }
    keys(FIRST);
    assertThatThrownBy(() -> open(0))
        .isInstanceOf(MissingKeyException.class)
        .hasMessage(
            "file: "
                + stored(3, ".enc")
                + " needs the key 2 (key file "
                + keyFile
                + " has no such key)");
    assertThatThrownBy(
            () -> new StoreTester(directory, StoreOptions.defaults(), Disk.LOCAL).close())
        .hasMessageContaining("no encryption-key-file is set");
    keys(FIRST + SECOND);
    try (StoreTester tester = open(1)) {
      assertThat(tester.store.recovery().problems()).isEmpty();
      assertThat(read(tester, name(0), files[0].length)).isEqualTo(files[0]);
      assertThat(read(tester, name(3), files[3].length)).isEqualTo(files[3]);
      tester.resume();
      await(() -> keyIdOf(stored(2, ".idx")) == 1);
    }
    BinlogFileId third = new BinlogFileId(1, name(2));
    assertThat(new StoreView(Disk.LOCAL, directory).sidecar(third)).isNull();
  }

  private static int keyIdOf(Path path) {
    try {
      return Files.readAllBytes(path)[12];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldBringClosedFilesIntoTheSealedForm() throws Exception {
    byte[][] files = master(4);
    try (StoreTester tester = open(0)) {
      tester.resume();
      tester.file(name(0), files[0]);
      tester.file(name(1), files[1]);
      tester.awaitVisible(name(1), files[1].length);
      await(() -> Files.exists(stored(0, ".idx")));
    }
    FormOptions zstd = FormOptions.NONE.withCompression(Compression.ZSTD);
    StoreOptions sealing = options(2).withSync(SyncPolicy.TRANSACTION).withForms(zstd);
    try (StoreTester tester = new StoreTester(directory, sealing, Disk.LOCAL)) {
      tester.resume();
      tester.file(name(2), files[2]);
      tester.file(name(3), files[3]);
      tester.awaitVisible(name(3), files[3].length);
      await(() -> tester.store.packing().packedFiles() == 3);
      for (int i = 0; i < 4; i++) {
        assertThat(read(tester, name(i), files[i].length)).isEqualTo(files[i]);
        assertThat(stored(i, ".enc")).exists();
        assertThat(stored(i, "")).doesNotExist();
      }
      await(() -> Files.exists(stored(2, ".idx")));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(Files.readAllBytes(stored(i, ".idx"))).startsWith('S', 'L', 'U', 'I', 'C', 'E');
    }
    try (StoreTester again = new StoreTester(directory, sealing, Disk.LOCAL)) {
      again.resume();
      for (int i = 0; i < 4; i++) {
        assertThat(read(again, name(i), files[i].length)).isEqualTo(files[i]);
      }
      assertThat(again.store.packing().packedFiles()).isZero();
    }
  }

  @Test
  void shouldCutANewestFileThatACrashTore() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 5; i++) {
      log.transaction(60 + i);
    }
    byte[] plain = log.bytes();
    TreeSet<Long> boundaries = new TreeSet<>(log.boundaries());
    try (StoreTester tester = open(1)) {
      tester.resume();
      tester.store.writer().startFile(name(0));
      int at = 4;
      for (long boundary : boundaries) {
        tester.append(at, plain, at, (int) boundary);
        tester.awaitVisible(name(0), boundary);
        at = (int) boundary;
      }
    }
    byte[] whole = Files.readAllBytes(stored(0, ".enc"));
    Path copy = folder.resolve("copy");
    int cuts = 0;
    for (int length = 0; length <= whole.length; length++) {
      RecoveredTail tail = recover(copy, Arrays.copyOf(whole, length), plain);
      cuts += tail != null && tail.isTorn() ? 1 : 0;
      if (length == whole.length) {
        assertThat(tail.safeEnd()).isEqualTo(plain.length);
        assertThat(tail.isTorn()).isFalse();
      }
    }
    assertThat(cuts).isGreaterThan(300);
    for (int at = 64; at < whole.length; at += 3) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      RecoveredTail tail = recover(copy, flipped, plain);
      assertThat(tail == null || tail.isTorn()).isTrue();
    }
    for (int kept = 64; kept < whole.length; kept += 50) {
      byte[] zeroed = Arrays.copyOf(whole, whole.length + 5000);
      Arrays.fill(zeroed, kept, zeroed.length, (byte) 0);
      recover(copy, zeroed, plain);
    }
  }

  /** Recovers a store of one file twice: what is left is a beginning, and stays. */
  private RecoveredTail recover(Path copy, byte[] stored, byte[] plain) throws IOException {
    Files.createDirectories(copy.resolve("0001"));
    Path file = copy.resolve("0001").resolve(name(0) + ".enc");
    Files.write(file, stored);
    EncryptionOptions encryption = new EncryptionOptions(KeyRing.load(keyFile), 1);
    RecoveredTail first = null;
    for (int i = 0; i < 2; i++) {
      try (FileCatalog catalog = new FileCatalog(StoreRecoveryTest.LAZY, copy, null, encryption)) {
        RecoveredTail tail = new StoreRecovery(StoreRecoveryTest.LAZY, catalog).run(copy);
        if (i == 0) {
          first = tail;
        } else {
          assertThat(tail == null).isEqualTo(first == null);
          assertThat(tail == null || !tail.isTorn()).isTrue();
        }
        if (tail != null) {
          ByteBuffer target = ByteBuffer.allocate((int) tail.safeEnd());
          assertThat(catalog.read(tail.file(), 0, target)).isEqualTo(target.capacity());
          assertThat(target.array()).isEqualTo(Arrays.copyOf(plain, target.capacity()));
        }
      }
    }
    return first;
  }

  @Test
  void shouldReportAnOlderFileThatLostItsEndAndNotServeItAsAShortOne() throws Exception {
    byte[][] files = master(2);
    try (StoreTester tester = open(1)) {
      tester.resume();
      tester.file(name(0), files[0]);
      tester.file(name(1), files[1]);
      tester.awaitVisible(name(1), files[1].length);
      await(() -> Files.exists(stored(0, ".idx")));
    }
    byte[] whole = Files.readAllBytes(stored(0, ".enc"));
    Files.write(stored(0, ".enc"), Arrays.copyOf(whole, whole.length - 300));
    try (StoreTester tester = open(1)) {
      assertThat(tester.store.recovery().problems()).hasSize(1);
      assertThat(tester.store.recovery().problems().get(0)).contains("bin.000001 is damaged");
      assertThatThrownBy(() -> read(tester, name(0), files[0].length))
          .hasMessageContaining(stored(0, ".enc") + " is damaged");
      assertThat(read(tester, name(1), files[1].length)).isEqualTo(files[1]);
    }
  }

  @Test
  void shouldLoseNothingWhateverStepFails() throws Exception {
    byte[][] files = master(3);
    boolean reached = true;
    int cases = 0;
    for (int failAt = 1; reached; failAt++) {
      directory = folder.resolve("run" + failAt);
      FaultyDisk faults = new FaultyDisk();
      StoreOptions options = options(1).withSync(SyncPolicy.TRANSACTION);
      try (StoreTester tester = new StoreTester(directory, options, faults)) {
        faults.failAt = faults.steps.get() + failAt;
        int attempts = 0;
        while (!send(tester, files, new Random(failAt))) {
          checkVisible(tester, files);
          assertThat(++attempts).isLessThan(5);
        }
        reached = faults.steps.get() >= faults.failAt;
      }
      if (failAt % 2 == 0) {
        faults.losePower();
      }
      try (StoreTester again = open(1)) {
        assertThat(again.store.recovery().problems()).isEmpty();
        assertThat(again.store.watermark().offset()).isEqualTo(files[2].length);
        for (int i = 0; i < files.length; i++) {
          assertThat(read(again, name(i), files[i].length)).isEqualTo(files[i]);
        }
      }
      cases++;
    }
    assertThat(cases).isGreaterThan(20);
  }

  private static void checkVisible(StoreTester tester, byte[][] files) throws IOException {
    Watermark mark = tester.store.watermark();
    if (!mark.isEmpty()) {
      byte[] expected = files[(int) mark.file().number() - 1];
      assertThat(read(tester, mark.file().name(), (int) mark.offset()))
          .isEqualTo(Arrays.copyOf(expected, (int) mark.offset()));
    }
  }

  private static boolean send(StoreTester tester, byte[][] files, Random random) throws Exception {
    int failuresBefore = tester.failures.size();
    ResumePoint point;
    try {
      point = tester.resume();
    } catch (RuntimeException e) {
      return false;
    }
    int file = point.isEmpty() ? -1 : (int) point.file().number() - 1;
    if (file >= 0) {
      tester.drip(files[file], (int) point.offset(), files[file].length, random, 200_000);
    }
    for (int i = file + 1; i < files.length; i++) {
      tester.store.writer().startFile(name(i));
      tester.drip(files[i], 4, files[i].length, random, 200_000);
    }
    int last = files.length - 1;
    await(
        () ->
            tester.failures.size() > failuresBefore
                || (tester.store.writer().durable().file().name().equals(name(last))
                    && tester.store.writer().durable().offset() == files[last].length));
    return tester.failures.size() == failuresBefore;
  }

  @Test
  void shouldDropWhatIsIncompleteAsOftenAsTheLinkBreaks() throws Exception {
    byte[][] files = master(1);
    Random random = new Random(3);
    try (StoreTester tester = open(1)) {
      tester.resume();
      tester.store.writer().startFile(name(0));
      int at = 4;
      while (at < files[0].length) {
        int end = Math.min(files[0].length, at + 1 + random.nextInt(700_000));
        tester.append(at, files[0], at, end);
        ResumePoint point = tester.resume();
        if (point.isEmpty()) {
          tester.store.writer().startFile(name(0));
          at = 4;
        } else {
          at = (int) point.offset();
          assertThat(read(tester, name(0), at)).isEqualTo(Arrays.copyOf(files[0], at));
        }
      }
    }
    try (StoreTester again = open(1)) {
      assertThat(again.store.recovery().droppedAnything()).isFalse();
      assertThat(read(again, name(0), files[0].length)).isEqualTo(files[0]);
    }
  }

  @Test
  void shouldCrossIntoANewEpochAndPurgeTheOldOne() throws Exception {
    int crossed = 0;
    for (int seed = 1; seed <= 12; seed++) {
      TwoMasters masters = new TwoMasters(seed);
      if (masters.oldOrder.isEmpty()) {
        continue;
      }
      directory = folder.resolve("run" + seed);
      List<String> all = new ArrayList<>();
      masters.oldOrder.forEach(gtid -> all.add(gtid.toString()));
      for (MariaDbGtid gtid : masters.newOrder) {
        if (!masters.oldOrder.contains(gtid)) {
          all.add(gtid.toString());
        }
      }
      try (StoreTester tester = open(1)) {
        tester.resume();
        TwoMasters.send(tester, masters.oldFiles);
        TwoMasters.awaitAll(tester, masters.oldFiles);
        get(tester.store.writer().beginEpoch("given up"));
        // Given up before it was visible: the closed file grows again.
        tester.resume();
        get(tester.store.writer().beginEpoch("test"));
        TwoMasters.send(tester, masters.overlapping());
        TwoMasters.awaitAll(tester, masters.overlapping());
        crossed++;
      }
      try (StoreTester again = open(2);
          BinlogFeed feed = new BinlogFeed(again.store, FeedOptions.defaults())) {
        assertThat(again.store.recovery().problems()).isEmpty();
        StartResult start = get(again.store.resolve(new StartRequest.FilePosition("", 4)));
        try (LogReader reader = new LogReader(again.store, feed, start)) {
          assertThat(reader.toEnd()).as("seed %d", seed).isEqualTo(all);
        }
        again.resume();
        get(again.store.purge(new PurgeRequest.To(again.store.inventory().newest().name())));
        for (Path file : files(directory)) {
          assertThat(file.toString()).doesNotContain("/0001/");
        }
      }
    }
    assertThat(crossed).isGreaterThan(3);
  }
}
