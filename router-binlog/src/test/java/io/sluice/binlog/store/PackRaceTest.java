package io.sluice.binlog.store;

import static io.sluice.binlog.store.PackTester.PATIENCE;
import static io.sluice.binlog.store.PackTester.id;
import static io.sluice.binlog.store.PackTester.name;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many read while the files under them are compressed, archived and purged. */
class PackRaceTest {
  private static final int FILES = 40;
  private static final int READERS = 6;
  private static final int TRANSACTIONS = 5;

  @TempDir Path root;
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();

  @Test
  void shouldGiveTheSameBytesWhateverHappensToTheFiles() throws Exception {
    Path archive = root.resolve("archive");
    Files.createDirectories(archive);
    PackTester log = new PackTester(root.resolve("store")).plain(FILES, 20_000);
    FormOptions forms =
        FormOptions.NONE.withCompression(Compression.ZSTD).withArchive(archive, Duration.ZERO);
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    try (StoreTester tester = log.open(StoreOptions.defaults().withForms(forms));
        BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Random random = new Random(i);
        boolean streams = i % 3 == 0;
        readers.add(
            threads.submit(
                () -> {
                  while (!done.get()) {
                    if (streams) {
                      stream(tester.store, feed);
                    } else {
                      readSomewhere(log, tester.store, random);
                    }
                  }
                  return null;
                }));
      }
      for (int before = 5; before <= 25; before += 5) {
        int archived = before;
        Await.until(
            "files archived",
            PATIENCE,
            () -> done(readers) || tester.store.packing().movedFiles() >= archived - 3);
        purge(tester.store, before);
      }
      Await.until(
          "all archived", PATIENCE, () -> tester.store.packing().archivedFiles() == FILES - 25);
      int seen = reads.get();
      int streamed = streams.get();
      Await.until("read", PATIENCE, () -> done(readers) || reads.get() > seen + 100);
      Await.until("streamed", PATIENCE, () -> done(readers) || streams.get() > streamed);
      done.set(true);
      for (Future<?> reader : readers) {
        reader.get(60, TimeUnit.SECONDS);
      }
      log.assertSame(tester.store, 25);
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean done(List<Future<?>> readers) {
    return readers.stream().anyMatch(Future::isDone);
  }

  /** As often as it takes: a stream holds up what it has yet to read. */
  private static void purge(BinlogStore store, int before) {
    Await.until(
        "purged",
        PATIENCE,
        () -> {
          get(store.purge(new PurgeRequest.To(name(before))));
          return store.inventory().oldest().equals(id(before));
        });
  }

  private void readSomewhere(PackTester log, BinlogStore store, Random random) throws IOException {
    int file = 1 + random.nextInt(FILES);
    byte[] bytes = log.files.get(file - 1);
    int from = random.nextInt(bytes.length);
    ByteBuffer target = ByteBuffer.allocate(random.nextInt(50_000));
    try {
      int got = store.read(id(file), from, target);
      assertThat(got).isEqualTo(Math.min(target.capacity(), bytes.length - from));
      assertThat(Arrays.copyOf(target.array(), got))
          .as("%s at %s", file, from)
          .isEqualTo(Arrays.copyOfRange(bytes, from, from + got));
      reads.incrementAndGet();
    } catch (IOException e) {
      if (store.inventory().visibleEnd(id(file)) >= 0) {
        throw e;
      }
    }
  }

  private void stream(BinlogStore store, BinlogFeed feed) throws Exception {
    StartResult start = get(store.resolve(new StartRequest.FilePosition("", 4)));
    StartResult.Found found = (StartResult.Found) start;
    FilePin pin = store.pin(found.file(), "reader");
    if (pin == null) {
      return;
    }
    try (LogReader reader = new LogReader(store, feed, found)) {
      int first = (int) found.file().number();
      List<String> ids = reader.until((FILES - first + 1) * TRANSACTIONS);
      for (int i = 0; i < ids.size(); i++) {
        assertThat(ids.get(i)).isEqualTo("0-101-" + ((first - 1) * TRANSACTIONS + i + 1));
      }
      streams.incrementAndGet();
    } finally {
      pin.close();
    }
  }
}
