package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A log of some files whose bytes are known, and stores that keep them in other forms. */
final class PackTester {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  final Path directory;
  final List<byte[]> files = new ArrayList<>();
  private final SyntheticLog log = new SyntheticLog();

  PackTester(Path directory) {
    this.directory = directory;
  }

  static String name(int i) {
    return String.format("bin.%06d", i);
  }

  static BinlogFileId id(int i) {
    return new BinlogFileId(1, name(i));
  }

  static StoreOptions zstd() {
    return StoreOptions.defaults().withForms(FormOptions.NONE.withCompression(Compression.ZSTD));
  }

  StoreTester open(StoreOptions options) throws IOException {
    return new StoreTester(directory, options, Disk.LOCAL);
  }

  /** Makes a store of plain files that is closed. */
  PackTester plain(int count, int rowBytes) throws IOException {
    try (StoreTester tester = open(StoreOptions.defaults())) {
      tester.resume();
      append(tester, count, rowBytes);
    }
    return this;
  }

  /** Adds files; the last one stays open. */
  void append(StoreTester tester, int count, int rowBytes) {
    int first = files.size() + 1;
    for (int i = first; i < first + count; i++) {
      log.startFile();
      for (int t = 0; t < 5; t++) {
        log.transaction(rowBytes);
      }
      if (i < first + count - 1) {
        log.rotate(name(i + 1));
      }
      files.add(log.bytes());
      tester.file(name(i), log.bytes());
    }
    tester.awaitVisible(name(files.size()), log.size());
  }

  /** Ends the newest file and adds others. */
  void appendMore(StoreTester tester, int count, int rowBytes) {
    int newest = files.size();
    int before = log.size();
    log.rotate(name(newest + 1));
    byte[] ended = log.bytes();
    tester.append(before, ended, before, ended.length);
    files.set(newest - 1, ended);
    append(tester, count, rowBytes);
  }

  static byte[] read(BinlogStore store, BinlogFileId file) throws IOException {
    long size = store.inventory().visibleEnd(file);
    assertThat(size).as("size of %s", file).isNotNegative();
    ByteBuffer target = ByteBuffer.allocate((int) size);
    assertThat(store.read(file, 0, target)).isEqualTo((int) size);
    return target.array();
  }

  /** All files from one on have the bytes of the master. */
  void assertSame(BinlogStore store, int from) throws IOException {
    assertThat(store.inventory().files().stream().map(file -> file.id().name()))
        .containsExactlyElementsOf(
            Stream.iterate(from, i -> i <= files.size(), i -> i + 1)
                .map(PackTester::name)
                .toList());
    for (int i = from; i <= files.size(); i++) {
      assertThat(read(store, id(i))).as(name(i)).isEqualTo(files.get(i - 1));
    }
  }

  void assertSame(BinlogStore store) throws IOException {
    assertSame(store, 1);
  }

  static void awaitPacked(BinlogStore store, int count) {
    Await.until(count + " files packed", PATIENCE, () -> store.packing().packedFiles() == count);
  }

  static void awaitArchived(BinlogStore store, int count) {
    Await.until(
        count + " files archived", PATIENCE, () -> store.packing().archivedFiles() == count);
  }

  /** Names in a folder, but for those of sidecars. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.contains(".idx"))
          .sorted()
          .toList();
    }
  }

  List<String> onDisk() throws IOException {
    return names(directory.resolve("0001"));
  }
}
