package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.ForwardingDisk;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PurgeTest {
  /** The time of a transaction is this plus its number. */
  private static final long EPOCH_SECONDS = 1_700_000_000L;

  @TempDir Path directory;

  private static String name(int i) {
    return String.format("bin.%06d", i);
  }

  /** Files of five transactions each; the third one ends without ROTATE, as after a crash. */
  private static List<byte[]> fill(StoreTester tester, int count) {
    tester.resume();
    List<byte[]> files = new ArrayList<>();
    SyntheticLog log = new SyntheticLog();
    for (int i = 1; i <= count; i++) {
      log.startFile();
      for (int t = 0; t < 5; t++) {
        log.transaction(200);
      }
      if (i < count && i != 3) {
        log.rotate(name(i + 1));
      }
      files.add(log.bytes());
      tester.file(name(i), log.bytes());
    }
    tester.awaitVisible(name(count), log.size());
    return files;
  }

  private static List<String> names(List<StoredFile> files) {
    return files.stream().map(file -> file.id().name()).toList();
  }

  private static List<String> onDisk(Path epoch) throws IOException {
    try (Stream<Path> files = Files.list(epoch)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(BinlogFileFormat::isValidName)
          .sorted()
          .toList();
    }
  }

  private static PurgeResult purgeTo(StoreTester tester, int file) {
    return get(tester.store.purge(new PurgeRequest.To(name(file))));
  }

  private static PurgeResult purgeBefore(StoreTester tester, long transaction) {
    Instant time = Instant.ofEpochSecond(EPOCH_SECONDS + transaction);
    return get(tester.store.purge(new PurgeRequest.Before(time)));
  }

  @Test
  void shouldRemoveTheFilesBeforeANamedOne() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      List<byte[]> files = fill(tester, 6);
      Files.write(directory.resolve("0001/bin.000001.idx"), new byte[10]);
      PurgeResult result = purgeTo(tester, 3);
      assertThat(result.targetFound()).isTrue();
      assertThat(names(result.removed())).containsExactly(name(1), name(2));
      assertThat(result.bytes()).isEqualTo(files.get(0).length + files.get(1).length);
      assertThat(result.stoppedAt()).isEqualTo(BinlogFileId.NONE);
      assertThat(tester.store.inventory().oldest().name()).isEqualTo(name(3));
      assertThat(onDisk(directory.resolve("0001")))
          .containsExactly(name(3), name(4), name(5), name(6));
      assertThat(directory.resolve("0001/bin.000001.idx")).doesNotExist();
      assertThat(purgeTo(tester, 3).removed()).isEmpty();
      assertThat(purgeTo(tester, 6).removed()).hasSize(3);
      assertThat(purgeTo(tester, 6).removed()).isEmpty();
      assertThat(tester.store.inventory().size()).isEqualTo(1);
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().droppedAnything()).isFalse();
      assertThat(tester.store.watermark().state()).hasToString("0-101-30");
      assertThat(tester.resume().file().name()).isEqualTo(name(6));
    }
  }

  /** A crash must not bring an older file back where a newer one is gone. */
  @Test
  void shouldForceWhatAFailedPurgeHasRemovedBeforeTheNextFileGoes() throws Exception {
    List<String> steps = new CopyOnWriteArrayList<>();
    AtomicBoolean broken = new AtomicBoolean();
    Disk disk =
        new ForwardingDisk() {
          @Override
          public void delete(Path path) throws IOException {
            steps.add("delete " + path.getFileName());
            super.delete(path);
          }

          @Override
          public void syncDirectory(Path path) throws IOException {
            if (broken.get()) {
              throw new IOException("Read-only file system");
            }
            super.syncDirectory(path);
            steps.add("force " + path.getFileName());
          }
        };
    try (StoreTester tester = new StoreTester(directory, StoreOptions.defaults(), disk)) {
      fill(tester, 4);
      broken.set(true);
      assertThatThrownBy(() -> purgeTo(tester, 2)).hasCauseInstanceOf(IOException.class);
      assertThat(onDisk(directory.resolve("0001"))).doesNotContain(name(1));
      steps.clear();
      broken.set(false);
      assertThat(purgeTo(tester, 3).removed()).hasSize(1);
      assertThat(steps).contains("force 0001", "delete " + name(2));
      assertThat(steps.indexOf("force 0001")).isLessThan(steps.indexOf("delete " + name(2)));
    }
  }

  @Test
  void shouldDoNothingForANameThatIsNotThere() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(purgeTo(tester, 1).targetFound()).isFalse();
      assertThat(purgeBefore(tester, 100).removed()).isEmpty();
      fill(tester, 3);
      assertThat(purgeTo(tester, 4).targetFound()).isFalse();
      assertThat(tester.store.inventory().size()).isEqualTo(3);
    }
  }

  @Test
  void shouldRemoveFilesWhoseLastEventIsOlderThanAMoment() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      fill(tester, 6);
      assertThat(purgeBefore(tester, 5).removed()).isEmpty();
      assertThat(names(purgeBefore(tester, 6).removed())).containsExactly(name(1));
      assertThat(purgeBefore(tester, 10).removed()).isEmpty();
      assertThat(names(purgeBefore(tester, 16).removed())).containsExactly(name(2), name(3));
      assertThat(names(purgeBefore(tester, 1000).removed())).containsExactly(name(4), name(5));
      assertThat(tester.store.inventory().size()).isEqualTo(1);
    }
  }

  @Test
  void shouldStopAtAFileThatIsReadAndTellWhoReadsIt() throws Exception {
    try (StoreTester tester = new StoreTester(directory);
        BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
      fill(tester, 6);
      BinlogFileId second = new BinlogFileId(1, name(2));
      BinlogCursor cursor = feed.openCursor(second, 4, Runnable::run, "replica 7");
      FilePin other = tester.store.pin(new BinlogFileId(1, name(4)), "backup");
      PurgeResult result = purgeTo(tester, 6);
      assertThat(names(result.removed())).containsExactly(name(1));
      assertThat(result.stoppedAt()).isEqualTo(second);
      assertThat(result.readers()).containsExactly("replica 7");
      while (cursor.file().equals(second)) {
        if (cursor.poll(() -> {}) == BinlogCursor.Status.CHUNK) {
          cursor.chunk().release();
        }
      }
      assertThat(names(purgeTo(tester, 6).removed())).containsExactly(name(2));
      cursor.close();
      result = purgeTo(tester, 6);
      assertThat(names(result.removed())).containsExactly(name(3));
      assertThat(result.readers()).containsExactly("backup");
      other.close();
      other.close();
      assertThat(purgeTo(tester, 6).removed()).hasSize(2);
      assertThat(tester.store.pin(second, "late")).isNull();
      try (BinlogCursor late = feed.openCursor(second, 4, Runnable::run)) {
        assertThat(late.poll(() -> {})).isEqualTo(BinlogCursor.Status.PURGED);
      }
    }
  }

  @Test
  void shouldNotDisturbThoseWhoReadMeanwhile() throws Exception {
    try (StoreTester tester =
            new StoreTester(directory, StoreOptions.defaults(), new FaultyDisk());
        BinlogFeed feed = new BinlogFeed(tester.store, new FeedOptions(0, 0))) {
      fill(tester, 120);
      AtomicBoolean stop = new AtomicBoolean();
      List<CompletableFuture<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(CompletableFuture.supplyAsync(() -> readAgainAndAgain(tester, feed, stop)));
      }
      int purges = 0;
      for (int i = 2; i <= 120; ) {
        PurgeResult result = purgeTo(tester, i);
        purges += result.removed().size();
        i += result.stoppedAt().equals(BinlogFileId.NONE) ? 1 : 0;
      }
      stop.set(true);
      for (CompletableFuture<Integer> reader : readers) {
        assertThat(get(reader)).isPositive();
      }
      assertThat(purges).isEqualTo(119);
      assertThat(onDisk(directory.resolve("0001"))).containsExactly(name(120));
    }
  }

  /** Begins at the oldest file each time; a start that a purge overtakes is told so. */
  private static int readAgainAndAgain(StoreTester tester, BinlogFeed feed, AtomicBoolean stop) {
    int read = 0;
    while (!stop.get() || read == 0) {
      StartResult start =
          get(
              tester.store.resolve(
                  new StartRequest.MariaDbGtids(MariaDbGtidList.EMPTY, false, false, null)));
      if (start instanceof StartResult.Refused refused) {
        assertThat(refused.message()).contains("have been purged");
        start = get(tester.store.resolve(new StartRequest.FilePosition("", 4)));
      }
      if (!(start instanceof StartResult.Found found)) {
        continue;
      }
      FilePin pin = tester.store.pin(found.file(), "test");
      if (pin == null) {
        continue;
      }
      try (LogReader reader = new LogReader(tester.store, feed, found)) {
        int first = (int) found.file().number();
        assertThat(reader.until(Math.min(7, 605 - first * 5)).get(0))
            .isEqualTo("0-101-" + ((first - 1) * 5 + 1));
        read++;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      } finally {
        pin.close();
      }
    }
    return read;
  }

  @Test
  void shouldLeaveALogWithoutHolesWhateverStepFails() throws Exception {
    boolean reached = true;
    int partial = 0;
    for (int failAt = 1; reached; failAt++) {
      Path own = directory.resolve("run" + failAt);
      FaultyDisk disk = new FaultyDisk();
      List<String> left;
      try (StoreTester tester = new StoreTester(own, StoreOptions.defaults(), disk)) {
        fill(tester, 5);
        tester.resume();
        for (int i = 1; i <= 5; i++) {
          Files.write(own.resolve("0001").resolve(name(i) + ".idx"), new byte[10]);
        }
        disk.sticky = true;
        disk.failAt = disk.steps.get() + failAt;
        CompletableFuture<PurgeResult> purge = tester.store.purge(new PurgeRequest.To(name(4)));
        reached = !get(purge.handle((result, error) -> error == null));
        left = names(tester.store.inventory().files());
        if (reached) {
          assertThatThrownBy(() -> get(purge)).hasCauseInstanceOf(IOException.class);
          assertThat(onDisk(own.resolve("0001"))).as("step %d", failAt).isEqualTo(left);
          partial += left.size() > 2 ? 1 : 0;
          disk.failAt = Integer.MAX_VALUE;
          disk.sticky = false;
          if (failAt % 2 == 0) {
            left = List.of(name(4), name(5));
            purgeTo(tester, 4);
            assertThat(names(tester.store.inventory().files())).isEqualTo(left);
          }
        }
      }
      try (StoreTester tester = new StoreTester(own)) {
        assertThat(names(tester.store.inventory().files())).as("step %d", failAt).isEqualTo(left);
        assertThat(tester.store.recovery().droppedAnything()).isFalse();
        assertThat(tester.store.recovery().ignoredFiles()).isEmpty();
        assertThat(purgeTo(tester, 5).targetFound()).isTrue();
        assertThat(onDisk(own.resolve("0001"))).containsExactly(name(5));
        ByteBuffer target = ByteBuffer.allocate(4);
        assertThat(tester.store.read(new BinlogFileId(1, name(5)), 0, target)).isEqualTo(4);
      }
    }
    assertThat(partial).isGreaterThan(4);
  }

  @Test
  void shouldRemoveAnOldEpochWithItsLastFile() throws Exception {
    TwoMasters masters = new TwoMasters(3);
    Path second = directory.resolve("0002");
    String last;
    try (StoreTester tester = new StoreTester(directory);
        BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
      tester.resume();
      TwoMasters.send(tester, masters.oldFiles);
      TwoMasters.awaitAll(tester, masters.oldFiles);
      BinlogCursor waiting =
          feed.openCursor(tester.store.watermark().file(), 4, Runnable::run, "replica 9");
      get(tester.store.writer().beginEpoch("test"));
      TwoMasters.send(tester, masters.overlapping());
      TwoMasters.awaitAll(tester, masters.overlapping());
      last = tester.store.watermark().file().name();
      PurgeResult stopped = get(tester.store.purge(new PurgeRequest.To(last)));
      assertThat(stopped.stoppedAt().epoch()).isEqualTo(1);
      assertThat(stopped.readers()).containsExactly("replica 9");
      assertThat(tester.store.inventory().endOf(1)).isNotNull();
      waiting.close();
      get(tester.store.purge(new PurgeRequest.To(last)));
      assertThat(directory.resolve("0001")).doesNotExist();
      assertThat(onDisk(second)).containsExactly(last);
      assertThat(tester.store.inventory().endOf(1)).isNull();
      assertThat(tester.store.inventory().size()).isEqualTo(1);
    }
    Files.createDirectories(directory.resolve("0001"));
    Files.write(directory.resolve("0001/bin.000001.idx"), new byte[4]);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.watermark().file()).isEqualTo(new BinlogFileId(2, last));
      assertThat(directory.resolve("0001")).doesNotExist();
    }
  }
}
