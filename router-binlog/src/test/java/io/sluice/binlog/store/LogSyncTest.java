package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.await;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedOptions;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forces beside the writer: many transactions share one, and one that fails proves nothing. */
class LogSyncTest {
  private static final String FIRST = "bin.000001";

  private final LosingDisk disk = new LosingDisk();

  @TempDir Path directory;

  /** Reads from the start of the first file, as a replica does. */
  private static final class Reader implements AutoCloseable {
    private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BinlogCursor cursor;

    Reader(BinlogFeed feed) {
      cursor = feed.openCursor(new BinlogFileId(1, FIRST), 4, loop::add);
    }

    /** Reads until there is nothing more. */
    byte[] toEnd() throws Exception {
      while (true) {
        switch (cursor.poll(() -> {})) {
          case CHUNK -> {
            Chunk chunk = cursor.chunk();
            byte[] part = new byte[chunk.length()];
            chunk.data().getBytes(0, part);
            bytes.write(part);
            chunk.release();
          }
          case WAIT_LOAD -> loop.poll(60, TimeUnit.SECONDS).run();
          case END_OF_FILE -> {}
          case WAIT_DATA -> {
            return bytes.toByteArray();
          }
          default -> throw new AssertionError(cursor.failure().detail());
        }
      }
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  private StoreTester open(SyncPolicy sync, ServeAfter serve) throws Exception {
    StoreTester tester =
        new StoreTester(
            directory, StoreOptions.defaults().withSync(sync).withServeAfter(serve), disk);
    tester.resume();
    return tester;
  }

  /** One file of n transactions; where each ends. */
  private static SyntheticLog log(int transactions) {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < transactions; i++) {
      log.transaction(500 + i);
    }
    return log;
  }

  private static int at(SyntheticLog log, int transactions) {
    return log.boundaries().get(transactions).intValue();
  }

  @Test
  void shouldShareOneForceAmongAllThatArriveDuringTheLast() throws Exception {
    SyntheticLog log = log(101);
    byte[] bytes = log.bytes();
    try (StoreTester tester = open(SyncPolicy.TRANSACTION, ServeAfter.WRITTEN)) {
      Semaphore permits = new Semaphore(0);
      int before = disk.forces.get();
      disk.permits = permits;
      tester.file(FIRST, Arrays.copyOf(bytes, at(log, 1)));
      await(() -> disk.forces.get() == before + 1);
      tester.durable.clear();
      for (int i = 2; i <= 101; i++) {
        tester.append(at(log, i - 1), bytes, at(log, i - 1), at(log, i));
        tester.awaitVisible(FIRST, at(log, i));
      }
      assertThat(tester.durable).isEmpty();
      assertThat(tester.store.writer().durable().offset()).isLessThan(at(log, 1));
      assertThat(disk.forces).hasValue(before + 1);
      permits.release(1000);
      await(() -> tester.durable.size() == 2);
      assertThat(disk.forces).hasValue(before + 2);
      assertThat(tester.durable)
          .extracting(Watermark::offset)
          .containsExactly((long) at(log, 1), (long) bytes.length);
    }
  }

  @Test
  void shouldShowOnlyWhatIsForcedIfThatIsWanted() throws Exception {
    SyntheticLog log = log(3);
    byte[] bytes = log.bytes();
    try (StoreTester tester = open(SyncPolicy.TRANSACTION, ServeAfter.SYNCED)) {
      Semaphore permits = new Semaphore(0);
      int before = disk.forces.get();
      disk.permits = permits;
      tester.file(FIRST, Arrays.copyOf(bytes, at(log, 1)));
      await(() -> disk.forces.get() == before + 1);
      tester.append(at(log, 1), bytes, at(log, 1), at(log, 3));
      await(() -> directory.resolve("0001").resolve(FIRST).toFile().length() == bytes.length);
      assertThat(tester.store.watermark().isEmpty()).isTrue();
      permits.release();
      tester.awaitVisible(FIRST, at(log, 1));
      await(() -> disk.forces.get() == before + 2);
      assertThat(tester.store.watermark().offset()).isEqualTo(at(log, 1));
      permits.release(1000);
      tester.awaitVisible(FIRST, bytes.length);
    }
  }

  @Test
  void shouldForceOnceInAnIntervalAndAtTheEnd() throws Exception {
    SyntheticLog log = log(40);
    byte[] bytes = log.bytes();
    int before;
    try (StoreTester tester = open(SyncPolicy.every(Duration.ofHours(1)), ServeAfter.WRITTEN)) {
      before = disk.forces.get();
      tester.file(FIRST, Arrays.copyOf(bytes, at(log, 1)));
      for (int i = 2; i <= 40; i++) {
        tester.append(at(log, i - 1), bytes, at(log, i - 1), at(log, i));
        tester.awaitVisible(FIRST, at(log, i));
      }
      assertThat(disk.forces).hasValue(before);
      assertThat(tester.store.writer().durable().isEmpty()).isTrue();
    }
    assertThat(disk.forces).hasValue(before + 1);
  }

  @Test
  void shouldForceAFileBeforeTheNextOneWhateverThePolicy() throws Exception {
    SyntheticLog log = log(3).rotate("bin.000002");
    byte[] first = log.bytes();
    try (StoreTester tester = open(SyncPolicy.NONE, ServeAfter.WRITTEN)) {
      int before = disk.forces.get();
      disk.permits = new Semaphore(0);
      tester.file(FIRST, first);
      tester.store.writer().startFile("bin.000002");
      await(() -> disk.forces.get() == before + 1);
      assertThat(directory.resolve("0001/bin.000002")).doesNotExist();
      assertThat(tester.store.watermark().offset()).isEqualTo(first.length);
      disk.permits.release(1000);
      await(() -> tester.store.writer().durable().offset() == first.length);
      byte[] second = log.startFile().transaction(7).bytes();
      tester.append(4, second, 4, second.length);
      tester.awaitVisible("bin.000002", second.length);
    }
  }

  @Test
  void shouldTakeBackWhatAFailedForceDidNotProveAndGetItAgain() throws Exception {
    SyntheticLog log = log(10);
    byte[] bytes = log.bytes();
    byte[] body = Arrays.copyOfRange(bytes, 4, bytes.length);
    try (StoreTester tester = open(SyncPolicy.TRANSACTION, ServeAfter.WRITTEN);
        BinlogFeed feed = new BinlogFeed(tester.store, new FeedOptions(0, 0))) {
      tester.file(FIRST, Arrays.copyOf(bytes, at(log, 5)));
      await(() -> tester.store.writer().durable().offset() == at(log, 5));
      Semaphore permits = new Semaphore(0);
      disk.failAt = disk.forces.get() + 1;
      disk.permits = permits;
      tester.append(at(log, 5), bytes, at(log, 5), bytes.length);
      tester.awaitVisible(FIRST, bytes.length);
      try (Reader early = new Reader(feed);
          Reader late = new Reader(feed)) {
        assertThat(early.toEnd()).isEqualTo(body);
        permits.release(1000);
        await(() -> tester.failures.size() == 1);
        assertThat(tester.failures.get(0).kind()).isEqualTo(WriterFailure.Kind.IO_ERROR);

        assertThat(tester.store.watermark().offset()).isEqualTo(at(log, 5));
        assertThat(early.toEnd()).isEqualTo(body);
        assertThat(late.toEnd()).isEqualTo(Arrays.copyOf(body, at(log, 5) - 4));
        StartResult refused =
            get(tester.store.resolve(new StartRequest.FilePosition(FIRST, bytes.length)));
        assertThat(((StartResult.Refused) refused).code()).isEqualTo(StartResult.LATER);

        ResumePoint point = tester.resume();
        assertThat(point.offset()).isEqualTo(at(log, 5));
        tester.append(at(log, 5), bytes, at(log, 5), bytes.length);
        await(() -> tester.store.writer().durable().offset() == bytes.length);
        assertThat(early.toEnd()).isEqualTo(body);
        assertThat(late.toEnd()).isEqualTo(body);
        assertThat(tester.store.inventory().isCatchingUp()).isFalse();
      }
    }
    byte[] stored = StoreTester.read(directory, FIRST);
    stored[21] = 0;
    assertThat(stored).isEqualTo(bytes);
  }

  private static byte[][] master() {
    SyntheticLog log = new SyntheticLog();
    byte[][] files = new byte[3][];
    for (int i = 0; i < 3; i++) {
      log.startFile();
      for (int t = 0; t < 8; t++) {
        log.transaction(t % 4 == 3 ? 300_000 : 2000 + t);
      }
      files[i] = (i < 2 ? log.rotate("bin.00000" + (i + 2)) : log).bytes();
    }
    return files;
  }

  /** Sends all that is missing, again and again until it is on the disk. */
  private static void send(StoreTester tester, byte[][] files, Random random) throws Exception {
    int last = files.length - 1;
    Watermark durable = tester.store.writer().durable();
    while (durable.file().number() <= last || durable.offset() < files[last].length) {
      int failures = tester.failures.size();
      ResumePoint point = tester.resume();
      int file = point.isEmpty() ? -1 : (int) point.file().number() - 1;
      if (file >= 0) {
        tester.drip(files[file], (int) point.offset(), files[file].length, random, 200_000);
      }
      for (int i = file + 1; i < files.length; i++) {
        tester.store.writer().startFile("bin.00000" + (i + 1));
        tester.drip(files[i], 4, files[i].length, random, 200_000);
      }
      await(
          () ->
              tester.failures.size() > failures
                  || (tester.store.watermark().file().number() == last + 1
                      && tester.store.watermark().offset() == files[last].length
                      && tester.store.writer().durable().offset() == files[last].length));
      durable = tester.store.writer().durable();
    }
  }

  @ParameterizedTest
  @EnumSource(ServeAfter.class)
  void shouldEndWithTheMastersBytesWhicheverForceFails(ServeAfter serve) throws Exception {
    byte[][] files = master();
    Path root = directory;
    boolean reached = true;
    for (int n = 1; reached; n++) {
      directory = root.resolve(serve + "-" + n);
      disk.forces.set(0);
      disk.failAt = n;
      try (StoreTester tester = open(SyncPolicy.TRANSACTION, serve)) {
        send(tester, files, new Random(n));
        reached = disk.forces.get() >= n;
        assertThat(tester.failures).hasSizeLessThanOrEqualTo(1);
      }
      for (int i = 0; i < files.length; i++) {
        byte[] stored = StoreTester.read(directory, "bin.00000" + (i + 1));
        stored[21] = 0;
        assertThat(stored).as("file %s, force %s fails", i + 1, n).isEqualTo(files[i]);
      }
      assertThat(List.of(directory.resolve("0001").toFile().list()))
          .noneMatch(name -> name.endsWith("4"));
    }
  }

  @Test
  void shouldGoBackToTheStartOfTheFileIfNothingWasForced() throws Exception {
    byte[][] files = master();
    disk.failAt = Integer.MAX_VALUE;
    try (StoreTester tester = open(SyncPolicy.NONE, ServeAfter.WRITTEN)) {
      tester.file(FIRST, files[0]);
      tester.awaitVisible(FIRST, files[0].length);
      disk.failAt = disk.forces.get() + 1;
      tester.store.writer().startFile("bin.000002");
      await(() -> tester.failures.size() == 1);
      assertThat(tester.store.watermark().isEmpty()).isTrue();
      assertThat(tester.resume().isEmpty()).isTrue();
      assertThat(directory.resolve("0001").resolve(FIRST)).doesNotExist();
      tester.file(FIRST, files[0]);
      tester.awaitVisible(FIRST, files[0].length);
    }
    byte[] stored = StoreTester.read(directory, FIRST);
    stored[21] = 0;
    assertThat(stored).isEqualTo(files[0]);
  }
}
