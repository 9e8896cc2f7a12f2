package io.sluice.binlog.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.StoreTester;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  /** The time of transaction n of the log is n seconds after this. */
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  @TempDir Path directory;

  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
  private final SyntheticLog log = new SyntheticLog();
  private int files;

  @AfterEach
  void stopTimers() {
    timers.shutdownNow();
  }

  private static BinlogFileId file(int number) {
    return new BinlogFileId(1, String.format("bin.%06d", number));
  }

  /** So many more files of five transactions each. */
  private void fill(StoreTester tester, int count) {
    for (int i = 0; i < count; i++) {
      log.startFile();
      for (int t = 0; t < 5; t++) {
        log.transaction(200);
      }
      files++;
      log.rotate(file(files + 1).name());
      tester.file(file(files).name(), log.bytes());
      tester.awaitVisible(file(files).name(), log.size());
    }
  }

  private Retention retention(StoreTester tester, RetentionOptions options, Instant now) {
    return retention(tester, options, now, timers);
  }

  private static Retention retention(
      StoreTester tester, RetentionOptions options, Instant now, ScheduledExecutorService timers) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    KnownReplicas known = new KnownReplicas(tester.store.metadata(), options.replicaTime(), clock);
    return new Retention(tester.store, known, options, null, false, timers, clock);
  }

  private static RetentionOptions options(long time, int files, long hard) {
    return new RetentionOptions(Duration.ofSeconds(time), 0, files, 0, Duration.ofDays(1), hard);
  }

  private static void awaitOldest(StoreTester tester, int number) {
    StoreTester.await(() -> file(number).equals(tester.store.inventory().oldest()));
  }

  @Test
  void shouldPurgeByTheTimeOfTheLastEvent() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      fill(tester, 4);
      // Transactions 5, 10 and 15 ended files 1 to 3.
      try (OneRound once = new OneRound();
          Retention retention =
              retention(tester, options(100, 0, 0), START.plusSeconds(111), once.timers)) {
        awaitOldest(tester, 3);
        StoreTester.await(() -> retention.purgedFiles() == 2);
        assertThat(retention.details())
            .containsEntry("limits", "time 100s")
            .containsEntry("exceeded", "time")
            .containsEntry("held_files", 0)
            .containsEntry("oldest_time", START.plusSeconds(5).toString());
      }
    }
  }

  /** No second round on a slow machine: it would not exceed anything any more. */
  private static final class OneRound implements AutoCloseable {
    final ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public ScheduledFuture<?> scheduleWithFixedDelay(
              Runnable round, long first, long pause, TimeUnit unit) {
            return schedule(round, first, unit);
          }
        };

    @Override
    public void close() {
      timers.shutdownNow();
    }
  }

  @Test
  void shouldSayThatTheAgeOfAFileCannotBeTold() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      fill(tester, 4);
    }
    Path second = directory.resolve("0001").resolve(file(2).name());
    byte[] bytes = Files.readAllBytes(second);
    Arrays.fill(bytes, 4, bytes.length, (byte) 0);
    Files.write(second, bytes);
    try (StoreTester tester = new StoreTester(directory);
        Retention retention = retention(tester, options(100, 0, 0), START.plusSeconds(200))) {
      awaitOldest(tester, 2);
      StoreTester.await(() -> !String.valueOf(retention.details().get("problem")).isEmpty());
      assertThat(retention.details().get("problem"))
          .asString()
          .startsWith("retention-time: ")
          .contains(file(2).name());
    }
  }

  @Test
  void shouldPurgeWhenAFileIsComplete() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      fill(tester, 1);
      try (Retention retention = retention(tester, options(0, 3, 0), START)) {
        fill(tester, 9);
        awaitOldest(tester, 8);
        StoreTester.await(() -> retention.purgedFiles() == 7);
      }
    }
  }

  @Test
  void shouldKeepWhatAKnownReplicaNeedsUntilItIsForgotten() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      fill(tester, 6);
      StoreTester.get(
          tester
              .store
              .metadata()
              .update(Map.of("replica.7", "7;1/bin.000003;" + START.toEpochMilli() + ";db7:3306")));
      String who = "replica 7 (db7:3306, last seen " + START + ") needs bin.000003";
      try (Retention retention = retention(tester, options(0, 2, 0), START.plusSeconds(60))) {
        awaitOldest(tester, 3);
        StoreTester.await(() -> retention.purgedFiles() == 2);
        assertThat(retention.details())
            .containsEntry("exceeded", "files")
            .containsEntry("held_files", 2)
            .containsEntry("would_strand", List.of(who));
        assertThat(retention.replicas())
            .singleElement()
            .satisfies(row -> assertThat(row).containsEntry("stranded", false));
        assertThat(RetentionCommands.of(retention).get(0).action().apply(Map.of("replica", "7")))
            .containsEntry("forgotten", 1);
        awaitOldest(tester, 5);
      }
    }
  }

  @Test
  void shouldGoOverReadersOnlyToTheHardLimit() throws Exception {
    try (StoreTester tester = new StoreTester(directory);
        BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
      tester.resume();
      fill(tester, 6);
      BinlogCursor first = feed.openCursor(file(1), 4, Runnable::run, "replica 1");
      BinlogCursor fourth = feed.openCursor(file(4), 4, Runnable::run, "replica 4");
      long four = 4 * tester.store.diskBytes(file(2)) + 100;
      try (Retention retention = retention(tester, options(0, 1, four), START)) {
        awaitOldest(tester, 4);
        StoreTester.await(() -> !retention.last().readers().isEmpty());
        assertThat(retention.details()).containsEntry("read_by", List.of("replica 4"));
      }
      assertThat(first.poll(() -> {})).isEqualTo(BinlogCursor.Status.PURGED);
      assertThat(fourth.isCutOff()).isFalse();
      first.close();
      fourth.close();
    }
  }
}
