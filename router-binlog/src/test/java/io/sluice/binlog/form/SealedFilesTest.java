package io.sluice.binlog.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedFilesTest {
  private static final String KEY = "00112233445566778899aabbccddeeff";

  @TempDir Path folder;
  private KeyRing keys = KeyRing.none();

  @BeforeEach
  void makeKeys() throws IOException {
    keys = KeyRing.load(KeyRingTest.keyFile(folder, "1;" + KEY + "\n7;" + KEY + KEY + "\n"));
  }

  private SealedFiles fresh() {
    return new SealedFiles(Disk.LOCAL, keys);
  }

  private static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] all(StoredBytes bytes) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(Math.toIntExact(bytes.size()));
    assertThat(bytes.read(target, 0)).isEqualTo(target.capacity());
    return target.array();
  }

  private static byte[] read(SealedFiles files, Path path) throws IOException {
    try (StoredBytes bytes = files.open(path)) {
      return all(bytes);
    }
  }

  /** A closed file of the given pieces, one record each. */
  private byte[] closed(Path path, byte[]... pieces) throws IOException {
    int at = 0;
    byte[] whole = new byte[0];
    try (GrowingFile file = fresh().create(path, 1)) {
      for (byte[] piece : pieces) {
        file.append(ByteBuffer.wrap(piece), at);
        whole = Arrays.copyOf(whole, at + piece.length);
        System.arraycopy(piece, 0, whole, at, piece.length);
        at += piece.length;
      }
      file.end();
    }
    return whole;
  }

  @Test
  void shouldDoWhatAPlainFileDoes() throws Exception {
    for (int seed = 0; seed < 30; seed++) {
      Path path = folder.resolve("bin." + seed + ".enc");
      Random random = new Random(seed);
      SealedFiles files = fresh();
      GrowingFile file = files.create(path, seed % 2 == 0 ? 1 : 7);
      byte[] model = new byte[0];
      StoredBytes reader = files.open(path);
      for (int step = 0; step < 40; step++) {
        switch (random.nextInt(8)) {
          case 0 -> {
            int keep = random.nextInt(model.length + 1);
            file.truncate(keep);
            model = Arrays.copyOf(model, keep);
          }
          case 1 -> {
            if (random.nextBoolean()) {
              file.end();
            }
            file.close();
            file = files.reopen(path);
            file.truncate(model.length);
          }
          default -> {
            int size = 1 + random.nextInt(random.nextInt(5) == 0 ? 700_000 : 3_000);
            byte[] more = random(size, random.nextLong());
            file.append(
                random.nextBoolean()
                    ? ByteBuffer.wrap(more)
                    : ByteBuffer.allocateDirect(size).put(more).flip(),
                model.length);
            int at = model.length;
            model = Arrays.copyOf(model, at + size);
            System.arraycopy(more, 0, model, at, size);
          }
        }
        assertThat(file.size()).isEqualTo(model.length);
        for (int i = 0; i < 5; i++) {
          int at = random.nextInt(model.length + 1);
          ByteBuffer part = ByteBuffer.allocate(1 + random.nextInt(300_000));
          int got = reader.read(part, at);
          assertThat(Arrays.copyOf(part.array(), got))
              .as("seed %d, step %d", seed, step)
              .isEqualTo(
                  Arrays.copyOfRange(model, at, Math.min(model.length, at + part.capacity())));
        }
      }
      reader.close();
      file.close();
      SealedFiles again = fresh();
      assertThat(again.recover(path))
          .isEqualTo(new SealedFiles.Recovered(model.length, false, 0, ""));
      assertThat(read(again, path)).isEqualTo(model);
      try (GrowingFile last = again.reopen(path)) {
        last.truncate(model.length);
        last.end();
      }
      assertThat(fresh().closedSize(path)).isEqualTo(model.length);
      assertThat(read(fresh(), path)).isEqualTo(model);
      try (StoredBytes scanned = fresh().openBeginning(path)) {
        assertThat(all(scanned)).isEqualTo(model);
      }
    }
  }

  @Test
  void shouldPackWithAndWithoutCompression() throws Exception {
    byte[] plain = new byte[1_000_001];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) (i % 97 * (i >> 12));
    }
    for (int level : new int[] {0, 3}) {
      Path path = folder.resolve("packed" + level + ".enc");
      try (PackWriter writer = fresh().pack(path, 7, level)) {
        ByteBuffer source = ByteBuffer.wrap(plain);
        for (int piece = 1; source.hasRemaining(); piece = piece * 5 + 3) {
          source.limit(Math.min(plain.length, source.position() + piece));
          writer.write(source);
          source.limit(plain.length);
        }
        writer.finish();
      }
      assertThat(Files.size(path) < plain.length).isEqualTo(level > 0);
      SealedFiles files = fresh();
      assertThat(files.closedSize(path)).isEqualTo(plain.length);
      try (StoredBytes bytes = files.open(path)) {
        for (int at = 0; at < plain.length; at += 77_777) {
          ByteBuffer part = ByteBuffer.allocate(200_000);
          int got = bytes.read(part, at);
          assertThat(Arrays.copyOf(part.array(), got))
              .isEqualTo(
                  Arrays.copyOfRange(plain, at, Math.min(plain.length, at + part.capacity())));
        }
      }
      assertThat(fresh().recover(path).problem()).isEmpty();
      assertThat(fresh().recover(path).ended()).isTrue();
    }
  }

  @Test
  void shouldNeverGiveWrongBytesWhateverByteIsFlipped() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    byte[] plain = closed(path, random(40, 1), random(30, 2), random(50, 3));
    byte[] stored = Files.readAllBytes(path);
    Path copy = folder.resolve("copy.enc");
    for (int i = 0; i < stored.length; i++) {
      byte[] flipped = stored.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      Files.write(copy, flipped);
      assertThatThrownBy(() -> read(fresh(), copy))
          .as("byte %d", i)
          .isInstanceOfAny(DamagedFileException.class, MissingKeyException.class)
          .hasMessageContaining(copy.toString());
      if (i < SealedHeader.SIZE) {
        assertThatThrownBy(() -> fresh().recover(copy))
            .isInstanceOfAny(DamagedFileException.class, MissingKeyException.class);
        continue;
      }
      SealedFiles files = fresh();
      SealedFiles.Recovered good = files.recover(copy);
      assertThat(good.problem()).as("byte %d", i).isNotEmpty();
      assertThat(good.ended()).isFalse();
      assertThat(good.size()).isIn(0L, 40L, 70L, 120L);
      assertThat(read(files, copy)).isEqualTo(Arrays.copyOf(plain, (int) good.size()));
    }
  }

  @Test
  void shouldNeverGiveWrongBytesWhateverByteIsFlippedBehindACut() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    byte[] plain = random(90, 4);
    try (GrowingFile file = fresh().create(path, 1)) {
      file.append(ByteBuffer.wrap(random(100, 9)), 0);
      file.truncate(0);
      file.append(ByteBuffer.wrap(plain, 0, 50), 0);
      file.append(ByteBuffer.wrap(random(50, 5)), 50);
      file.truncate(60);
      file.truncate(50);
      file.append(ByteBuffer.wrap(plain, 50, 40), 50);
      file.end();
    }
    assertThat(read(fresh(), path)).isEqualTo(plain);
    byte[] stored = Files.readAllBytes(path);
    Path copy = folder.resolve("copy.enc");
    int refused = 0;
    for (int i = 0; i < stored.length; i++) {
      byte[] flipped = stored.clone();
      flipped[i] ^= 0x10;
      Files.write(copy, flipped);
      try {
        assertThat(read(fresh(), copy)).as("byte %d", i).isEqualTo(plain);
      } catch (DamagedFileException | MissingKeyException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(stored.length / 2);
  }

  @Test
  void shouldNeverTakeAClosedFileThatLostBytesForAShortOne() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    byte[] plain = closed(path, random(40, 1), random(30, 2), random(50, 3));
    byte[] stored = Files.readAllBytes(path);
    Path copy = folder.resolve("copy.enc");
    for (int length = 0; length < stored.length; length++) {
      Files.write(copy, Arrays.copyOf(stored, length));
      assertThatThrownBy(() -> read(fresh(), copy))
          .as("%d bytes", length)
          .isInstanceOf(DamagedFileException.class);
      assertThat(fresh().closedSize(copy)).isNegative();
      if (length <= SealedHeader.SIZE) {
        assertThat(fresh().recover(copy).size()).isZero();
      } else {
        goOn(copy, plain);
      }
    }
    Files.write(copy, Arrays.copyOf(stored, stored.length + 1));
    assertThatThrownBy(() -> read(fresh(), copy)).isInstanceOf(DamagedFileException.class);
    assertThat(fresh().recover(copy).problem()).contains("bytes behind the end");
  }

  /** After a crash that tore the file: keeps what is whole and stores the rest again. */
  private void goOn(Path path, byte[] plain) throws IOException {
    SealedFiles files = fresh();
    SealedFiles.Recovered good = files.recover(path);
    assertThat(read(files, path)).isEqualTo(Arrays.copyOf(plain, (int) good.size()));
    int keep = (int) Math.max(0, good.size() - 10);
    try (GrowingFile file = files.reopen(path)) {
      file.truncate(keep);
      file.append(ByteBuffer.wrap(plain, keep, plain.length - keep), keep);
      file.end();
    }
    assertThat(read(files, path)).isEqualTo(plain);
    assertThat(read(fresh(), path)).isEqualTo(plain);
  }

  @Test
  void shouldFindATailOfZerosAfterAPowerLoss() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    try (GrowingFile file = fresh().create(path, 1)) {
      file.append(ByteBuffer.wrap(random(100, 1)), 0);
    }
    byte[] stored = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(stored, stored.length + 4096));
    SealedFiles files = fresh();
    assertThat(files.recover(path))
        .isEqualTo(new SealedFiles.Recovered(100, false, 4096, "not a record at " + stored.length));
    try (GrowingFile file = files.reopen(path)) {
      file.truncate(100);
    }
    assertThat(Files.readAllBytes(path)).isEqualTo(stored);
  }

  @Test
  void shouldLeaveNothingBehindAnEndOfWhatAFailedWriteLeft() throws Exception {
    for (int torn : new int[] {1, 20, 5000}) {
      Path path = folder.resolve("bin.00000" + torn + ".enc");
      byte[] plain = random(100, torn);
      try (GrowingFile file = fresh().create(path, 1)) {
        file.append(ByteBuffer.wrap(plain), 0);
        Files.write(path, random(torn, 3), StandardOpenOption.APPEND);
        file.end();
      }
      assertThat(fresh().closedSize(path)).isEqualTo(100);
      assertThat(read(fresh(), path)).isEqualTo(plain);
      assertThat(fresh().recover(path).problem()).isEmpty();
    }
  }

  @Test
  void shouldGoOnWithoutWhatStandsBehindTheLastRecord() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    SealedFiles files = fresh();
    byte[] plain = random(100, 1);
    try (GrowingFile file = files.create(path, 1)) {
      file.append(ByteBuffer.wrap(plain), 0);
      byte[] good = Files.readAllBytes(path);
      Files.write(path, random(900, 3), StandardOpenOption.APPEND);
      try (GrowingFile again = files.reopen(path)) {
        assertThat(again.size()).isEqualTo(100);
        assertThat(Files.readAllBytes(path)).isEqualTo(good);
      }
    }
    assertThat(fresh().recover(path)).isEqualTo(new SealedFiles.Recovered(100, false, 0, ""));
  }

  @Test
  void shouldRefuseRecordsThatAreNotWhereTheyWere() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    closed(path, random(40, 1), random(40, 2), random(40, 3));
    byte[] one = Files.readAllBytes(path);
    Path second = folder.resolve("bin.000002.enc");
    closed(second, random(40, 1), random(40, 2), random(40, 3));
    byte[] other = Files.readAllBytes(second);
    int record = 40 + RecordHead.OVERHEAD;
    int first = SealedHeader.SIZE;
    byte[] swapped = one.clone();
    System.arraycopy(one, first, swapped, first + record, record);
    System.arraycopy(one, first + record, swapped, first, record);
    refuse(swapped);
    byte[] removed = new byte[one.length - record];
    System.arraycopy(one, 0, removed, 0, first + record);
    System.arraycopy(
        one, first + 2 * record, removed, first + record, one.length - first - 2 * record);
    refuse(removed);
    byte[] fromOther = one.clone();
    System.arraycopy(other, first + record, fromOther, first + record, record);
    refuse(fromOther);
    byte[] otherHeader = one.clone();
    System.arraycopy(other, 0, otherHeader, 0, SealedHeader.SIZE);
    refuse(otherHeader);
    byte[] otherEnd = one.clone();
    System.arraycopy(
        other, first + 3 * record, otherEnd, first + 3 * record, one.length - first - 3 * record);
    refuse(otherEnd);
  }

  private void refuse(byte[] stored) throws IOException {
    Path path = folder.resolve("wrong.enc");
    Files.write(path, stored);
    assertThatThrownBy(() -> read(fresh(), path)).isInstanceOf(DamagedFileException.class);
    assertThat(fresh().recover(path).problem()).isNotEmpty();
  }

  @Test
  void shouldRefuseAnEarlierVersionOfWhatWasWrittenAgain() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    SealedFiles files = fresh();
    byte[] before;
    try (GrowingFile file = files.create(path, 1)) {
      file.append(ByteBuffer.wrap(random(50, 1)), 0);
      file.append(ByteBuffer.wrap(random(50, 2)), 50);
      before = Files.readAllBytes(path);
      file.truncate(50);
      file.append(ByteBuffer.wrap(random(50, 3)), 50);
      file.append(ByteBuffer.wrap(random(50, 4)), 100);
      file.end();
    }
    byte[] mixed = Files.readAllBytes(path);
    int record = 50 + RecordHead.OVERHEAD;
    System.arraycopy(before, SealedHeader.SIZE + record, mixed, SealedHeader.SIZE + record, record);
    refuse(mixed);
  }

  @Test
  void shouldNameFileKeyAndKeyFileWhenTheKeyIsNotThere() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    closed(path, random(40, 1));
    Path keyFile = KeyRingTest.keyFile(folder, "7;" + KEY);
    keys = KeyRing.load(keyFile);
    assertThatThrownBy(() -> read(fresh(), path))
        .isInstanceOf(MissingKeyException.class)
        .hasMessage(
            "file: " + path + " needs the key 1 (key file " + keyFile + " has no such key)");
    assertThat(fresh().closedSize(path)).isEqualTo(40);
    keys = KeyRing.none();
    assertThatThrownBy(() -> fresh().recover(path))
        .hasMessageContaining("no encryption-key-file is set");
    keys = KeyRing.load(KeyRingTest.keyFile(folder, "1;" + KEY.replace('0', '1')));
    assertThatThrownBy(() -> read(fresh(), path))
        .isInstanceOf(MissingKeyException.class)
        .hasMessageContaining("was not sealed with the key 1 that is known")
        .hasMessageContaining(keyFile.toString());
    assertThatThrownBy(() -> fresh().create(folder.resolve("x.enc"), 9))
        .hasMessageContaining("needs the key 9");
    assertThat(folder.resolve("x.enc")).doesNotExist();
  }

  @Test
  void shouldUseEachNonceOnce() throws Exception {
    Path path = folder.resolve("bin.000001.enc");
    Set<String> nonces = new HashSet<>();
    int records = 500;
    try (GrowingFile file = fresh().create(path, 1)) {
      for (int i = 0; i < records; i++) {
        file.append(ByteBuffer.wrap(new byte[10]), i * 10L);
      }
    }
    byte[] stored = Files.readAllBytes(path);
    Set<String> ciphertexts = new HashSet<>();
    for (int i = 0; i < records; i++) {
      int at = SealedHeader.SIZE + i * (10 + RecordHead.OVERHEAD);
      nonces.add(Arrays.toString(Arrays.copyOfRange(stored, at + 20, at + 32)));
      ciphertexts.add(Arrays.toString(Arrays.copyOfRange(stored, at + 32, at + 42)));
    }
    assertThat(nonces).hasSize(records);
    assertThat(ciphertexts).hasSize(records);
  }

  @Test
  void shouldSealSmallFilesAsAWhole() throws Exception {
    SealedBlob blobs = new SealedBlob(keys, 7);
    Path path = folder.resolve("bin.000001.idx");
    byte[] clear = random(77, 1);
    byte[] sealed = blobs.seal(path, clear);
    assertThat(SealedBlob.isSealed(sealed)).isTrue();
    assertThat(blobs.open(path, sealed)).isEqualTo(clear);
    assertThat(new SealedBlob(keys, 0).open(path, sealed)).isEqualTo(clear);
    assertThat(new SealedBlob(keys, 0).seal(path, clear)).isEqualTo(clear);
    assertThat(blobs.open(path, clear)).isEqualTo(clear);
    assertThatThrownBy(() -> blobs.open(folder.resolve("bin.000002.idx"), sealed))
        .isInstanceOf(MissingKeyException.class);
    for (int i = 8; i < sealed.length; i++) {
      byte[] flipped = sealed.clone();
      flipped[i] ^= 1;
      assertThatThrownBy(() -> blobs.open(path, flipped))
          .as("byte %d", i)
          .isInstanceOfAny(DamagedFileException.class, MissingKeyException.class);
    }
    for (int length = 8; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> blobs.open(path, cut)).isInstanceOf(DamagedFileException.class);
    }
  }
}
