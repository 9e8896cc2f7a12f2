package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many read while oldest files go, also under their hands: nobody sees a hole or a broken file. */
class PurgeRaceTest {
  private static final int FILES = 150;
  private static final int READERS = 6;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newFixedThreadPool(READERS);
  private final AtomicInteger purged = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  private static String name(int i) {
    return String.format("bin.%06d", i);
  }

  private static void fill(StoreTester tester) {
    tester.resume();
    SyntheticLog log = new SyntheticLog();
    for (int i = 1; i <= FILES; i++) {
      log.startFile();
      for (int t = 0; t < 5; t++) {
        log.transaction(300);
      }
      log.rotate(name(i + 1));
      tester.file(name(i), log.bytes());
    }
    tester.awaitVisible(name(FILES), log.size());
  }

  @Test
  void shouldCutOffReadersCleanlyOrNotAtAll() throws Exception {
    Random random = new Random(5);
    try (StoreTester tester = new StoreTester(directory);
        BinlogFeed feed = new BinlogFeed(tester.store, new FeedOptions(0, 0))) {
      fill(tester);
      AtomicBoolean stop = new AtomicBoolean();
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        int number = i;
        readers.add(CompletableFuture.runAsync(() -> read(tester, feed, stop, number), threads));
      }
      int next = 2;
      while (next <= FILES) {
        boolean over = random.nextInt(3) == 0;
        PurgeResult result =
            StoreTester.get(
                tester.store.purge(new PurgeRequest.Files(new BinlogFileId(1, name(next)), over)));
        if (over) {
          assertThat(result.stoppedAt()).isEqualTo(BinlogFileId.NONE);
        }
        next += result.stoppedAt().equals(BinlogFileId.NONE) ? 1 + random.nextInt(2) : 0;
      }
      stop.set(true);
      for (CompletableFuture<Void> reader : readers) {
        StoreTester.get(reader);
      }
      PurgeResult rest = StoreTester.get(tester.store.purge(new PurgeRequest.To(name(FILES))));
      assertThat(rest.stoppedAt()).isEqualTo(BinlogFileId.NONE);
      assertThat(tester.store.inventory().size()).isEqualTo(1);
      assertThat(purged.get() + ends.get()).isPositive();
    }
  }

  private void read(StoreTester tester, BinlogFeed feed, AtomicBoolean stop, int number) {
    int rounds = 0;
    while (!stop.get() || rounds == 0) {
      try {
        round(tester, feed, number);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      rounds++;
    }
  }

  /** From the oldest file to where it is purged, or to the end of the log. */
  private void round(StoreTester tester, BinlogFeed feed, int number) throws InterruptedException {
    LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    BinlogFileId oldest = tester.store.inventory().oldest();
    assertThat(oldest).isNotNull();
    long expected = (oldest.number() - 1) * 5 + 1;
    try (BinlogCursor cursor = feed.openCursor(oldest, 4, loop::add, "reader " + number)) {
      while (true) {
        switch (cursor.poll(() -> {})) {
          case CHUNK -> expected = take(cursor.chunk(), expected);
          case END_OF_FILE -> Thread.yield();
          case WAIT_LOAD -> {
            Runnable task = loop.poll(60, TimeUnit.SECONDS);
            assertThat(task).as("a read ends").isNotNull();
            task.run();
          }
          case WAIT_DATA -> {
            assertThat(expected).isEqualTo(FILES * 5L + 1);
            ends.incrementAndGet();
            return;
          }
          case PURGED -> {
            purged.incrementAndGet();
            return;
          }
          case FAILED -> throw new AssertionError(cursor.failure().toString());
          default -> throw new AssertionError("neither epochs nor an end here");
        }
      }
    }
  }

  private static long take(Chunk chunk, long from) {
    long expected = from;
    try {
      for (int i = 0; i < chunk.events(); i++) {
        int at = chunk.offset(i);
        int length = chunk.offset(i + 1) - at;
        if (EventHeader.type(chunk.data(), at) == EventType.MARIADB_GTID) {
          assertThat(GtidEvent.decode(chunk.data(), at, length, true).gtid())
              .hasToString("0-101-" + expected);
          expected++;
        }
      }
    } finally {
      chunk.release();
    }
    return expected;
  }

  @Test
  void shouldTellReadersAtOnceThatTheirFileIsGone() throws Exception {
    try (StoreTester tester = new StoreTester(directory);
        BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
      fill(tester);
      BinlogCursor gone = feed.openCursor(new BinlogFileId(1, name(2)), 4, Runnable::run, "one");
      BinlogCursor stays = feed.openCursor(new BinlogFileId(1, name(5)), 4, Runnable::run, "two");
      PurgeResult result =
          StoreTester.get(
              tester.store.purge(new PurgeRequest.Files(new BinlogFileId(1, name(5)), true)));
      assertThat(result.removed()).hasSize(4);
      assertThat(result.readers()).containsExactly("one");
      assertThat(gone.poll(() -> {})).isEqualTo(BinlogCursor.Status.PURGED);
      assertThat(gone.isCutOff()).isTrue();
      assertThat(stays.isCutOff()).isFalse();
      result =
          StoreTester.get(
              tester.store.purge(new PurgeRequest.Files(new BinlogFileId(1, name(9)), false)));
      assertThat(result.readers()).containsExactly("two");
      assertThat(result.removed()).isEmpty();
      gone.close();
      stays.close();
    }
  }
}
