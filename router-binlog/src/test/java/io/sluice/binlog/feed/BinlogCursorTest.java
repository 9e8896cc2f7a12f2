package io.sluice.binlog.feed;

import static io.sluice.binlog.store.StoreTester.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.StoreTester;
import io.sluice.binlog.store.Watermark;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinlogCursorTest {
  private static final FeedOptions NO_MEMORY = new FeedOptions(0, 0);

  @TempDir Path directory;

  /** An executor that the test itself runs. */
  private static final class Manual implements Executor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public synchronized void execute(Runnable task) {
      tasks.add(task);
    }

    private synchronized Runnable next() {
      return tasks.poll();
    }

    int runAll() {
      int count = 0;
      for (Runnable task = next(); task != null; task = next()) {
        task.run();
        count++;
      }
      return count;
    }
  }

  /** Follows the log on its own executor and keeps what it gets, by file. */
  private static final class Follower {
    final Executor loop;
    final BinlogFeed feed;
    final StoreTester tester;
    final BinlogCursor cursor;
    final Map<String, MessageDigest> digests = new TreeMap<>();
    final Random random;
    final boolean slow;
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    volatile String file = "";
    volatile long position;
    volatile boolean closed;
    private final List<Chunk> held = new ArrayList<>();
    private long eventLeft;

    Follower(StoreTester tester, BinlogFeed feed, Executor loop, BinlogFileId from, long seed) {
      this.tester = tester;
      this.feed = feed;
      this.loop = loop;
      this.random = new Random(seed);
      this.slow = random.nextInt(4) == 0;
      this.cursor = feed.openCursor(from, 4, loop);
      digest(from.name()).update(new byte[] {(byte) 0xfe, 'b', 'i', 'n'});
    }

    private MessageDigest digest(String name) {
      return digests.computeIfAbsent(
          name,
          key -> {
            try {
              return MessageDigest.getInstance("SHA-256");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }

    void run() {
      try {
        for (int i = 0; i < 8; i++) {
          BinlogCursor.Status status = cursor.poll(() -> loop.execute(this::run));
          switch (status) {
            case CHUNK -> take(cursor.chunk());
            case END_OF_FILE ->
                digest(cursor.file().name()).update(new byte[] {(byte) 0xfe, 'b', 'i', 'n'});
            case WAIT_DATA, WAIT_LOAD -> {
              file = cursor.file().name();
              position = cursor.position();
              return;
            }
            case CLOSED -> {
              finish();
              return;
            }
            case FAILED -> throw new AssertionError(cursor.failure().detail());
          }
        }
        loop.execute(this::run);
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
        finish();
      }
    }

    private void take(Chunk chunk) {
      Watermark mark = tester.store.watermark();
      int order = chunk.file().compareTo(mark.file());
      assertThat(order < 0 || (order == 0 && chunk.end() <= mark.offset())).isTrue();
      if (chunk.isFragment()) {
        assertThat(eventLeft).isEqualTo(chunk.fragmentOffset() == 0 ? 0 : eventLeft);
        if (chunk.fragmentOffset() == 0) {
          assertThat(EventHeader.length(chunk.data(), 0)).isEqualTo(chunk.eventLength());
          eventLeft = chunk.eventLength();
        }
        assertThat(chunk.eventLength() - chunk.fragmentOffset()).isEqualTo(eventLeft);
        eventLeft -= chunk.length();
      } else {
        assertThat(eventLeft).isZero();
        assertThat(chunk.events()).isPositive();
        for (int i = 0; i < chunk.events(); i++) {
          assertThat(EventHeader.length(chunk.data(), chunk.offset(i)))
              .isEqualTo(chunk.offset(i + 1) - chunk.offset(i));
        }
        assertThat(chunk.offset(chunk.events())).isEqualTo(chunk.length());
      }
      assertThat(chunk.data().readerIndex()).isZero();
      byte[] bytes = new byte[chunk.length()];
      chunk.data().getBytes(0, bytes);
      digest(chunk.file().name()).update(bytes);
      held.add(chunk);
      if (!slow || held.size() > 6) {
        held.forEach(Chunk::release);
        held.clear();
      }
    }

    private void finish() {
      held.forEach(Chunk::release);
      held.clear();
      cursor.close();
      closed = true;
    }
  }

  private static String sha(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] drain(BinlogCursor cursor, Manual loop, String endFile, long end)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!(cursor.file().name().equals(endFile) && cursor.position() == end)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      switch (cursor.poll(() -> {})) {
        case CHUNK -> {
          Chunk chunk = cursor.chunk();
          chunk.data().getBytes(0, out, chunk.length());
          chunk.release();
        }
        case FAILED -> throw new AssertionError(cursor.failure().detail());
        case CLOSED -> throw new AssertionError("closed");
        default -> loop.runAll();
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "16777216,0", "0,67108864", "100000,400000"})
  void shouldDeliverTheMastersBytesToManyCursors(long tail, long cache) throws Exception {
    SyntheticLog log = new SyntheticLog();
    Random random = new Random(tail + cache);
    Map<String, byte[]> files = new ConcurrentSkipListMap<>();
    for (int i = 1; i <= 4; i++) {
      log.startFile();
      for (int t = 0; t < 150; t++) {
        int kind = random.nextInt(40);
        log.transaction(kind == 0 ? 700_000 : kind < 4 ? 60_000 : random.nextInt(3000) + 8);
        if (kind > 35) {
          log.ddl(3, 101, i * 1000L + t);
        }
      }
      if (i < 4) {
        log.rotate("bin.00000" + (i + 1));
      }
      files.put("bin.00000" + i, log.bytes());
    }
    ExecutorService loopA = Executors.newSingleThreadExecutor();
    ExecutorService loopB = Executors.newSingleThreadExecutor();
    List<Follower> followers = new ArrayList<>();
    try (StoreTester tester = new StoreTester(directory)) {
      BinlogFeed feed = new BinlogFeed(tester.store, new FeedOptions(tail, cache));
      tester.resume();
      BinlogFileId first = new BinlogFileId(1, "bin.000001");
      int fed = 0;
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        byte[] bytes = file.getValue();
        tester.store.writer().startFile(file.getKey());
        int middle = bytes.length / 2;
        tester.drip(bytes, 4, middle, random, 90_000);
        await(() -> !tester.store.watermark().isEmpty());
        for (int i = 0; i < 8; i++) {
          ExecutorService loop = i % 2 == 0 ? loopA : loopB;
          Follower follower = new Follower(tester, feed, loop, first, fed++);
          followers.add(follower);
          loop.execute(follower::run);
        }
        tester.drip(bytes, middle, bytes.length, random, 90_000);
      }
      int size = files.get("bin.000004").length;
      await(
          () ->
              followers.stream()
                  .allMatch(
                      f ->
                          f.failure.get() != null
                              || (f.position == size && f.file.equals("bin.000004"))));
      feed.close();
      await(() -> followers.stream().allMatch(f -> f.closed));
    }
    loopA.shutdown();
    loopB.shutdown();
    for (Follower follower : followers) {
      assertThat(follower.failure.get()).isNull();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        assertThat(HexFormat.of().formatHex(follower.digests.get(file.getKey()).digest()))
            .isEqualTo(sha(file.getValue()));
      }
    }
  }

  @Test
  void shouldDeliverEveryRealFileWithTheInUseFlagCleared() throws Exception {
    for (String version : Samples.versions()) {
      byte[] bytes = Samples.bytes(version + "/killed.000001");
      for (FeedOptions options : List.of(NO_MEMORY, FeedOptions.defaults())) {
        Path own = directory.resolve(version + options.tailBytes());
        try (StoreTester tester = new StoreTester(own)) {
          BinlogFeed feed = new BinlogFeed(tester.store, options);
          tester.resume();
          tester.file("bin.000001", bytes);
          tester.awaitVisible("bin.000001", bytes.length);
          Manual loop = new Manual();
          BinlogCursor cursor = feed.openCursor(tester.store.watermark().file(), 4, loop);
          byte[] cleared = Samples.cleared(version + "/killed.000001");
          assertThat(drain(cursor, loop, "bin.000001", bytes.length))
              .isEqualTo(java.util.Arrays.copyOfRange(cleared, 4, cleared.length));
          cursor.close();
          feed.close();
        }
      }
    }
  }

  @Test
  void shouldStreamAGiantEventInParts() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(100);
    byte[] bytes = log.transaction(40_000_000).transaction(100).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults());
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.drip(bytes, 4, bytes.length, new Random(1), 1_000_000);
      tester.awaitVisible("bin.000001", bytes.length);
      Manual loop = new Manual();
      BinlogCursor cursor = feed.openCursor(tester.store.watermark().file(), 4, loop);
      assertThat(sha(drain(cursor, loop, "bin.000001", bytes.length)))
          .isEqualTo(sha(java.util.Arrays.copyOfRange(bytes, 4, bytes.length)));
      cursor.close();
      feed.close();
    }
  }

  @Test
  void shouldReadOnceForAThousandReplicasAtOnePlace() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 400; i++) {
      log.transaction(5000);
    }
    byte[] bytes = log.bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", bytes);
      tester.awaitVisible("bin.000001", bytes.length);
      BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults());
      Manual loop = new Manual();
      List<BinlogCursor> cursors = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        cursors.add(feed.openCursor(tester.store.watermark().file(), 4, loop));
      }
      AtomicInteger wakeUps = new AtomicInteger();
      CountDownLatch readers = new CountDownLatch(1);
      for (int i = 0; i < 4; i++) {
        tester.store.ioExecutor().execute(() -> waitFor(readers));
      }
      for (BinlogCursor cursor : cursors) {
        assertThat(cursor.poll(wakeUps::incrementAndGet)).isEqualTo(BinlogCursor.Status.WAIT_LOAD);
      }
      readers.countDown();
      await(
          () -> {
            loop.runAll();
            return wakeUps.get() == 1000;
          });
      Chunk shared = null;
      for (BinlogCursor cursor : cursors) {
        assertThat(cursor.poll(() -> {})).isEqualTo(BinlogCursor.Status.CHUNK);
        Chunk chunk = cursor.chunk();
        assertThat(shared == null || shared == chunk).isTrue();
        if (shared == null) {
          shared = chunk;
        } else {
          chunk.release();
        }
      }
      shared.release();
      assertThat(feed.fileReads()).isLessThanOrEqualTo(2);
      for (BinlogCursor cursor : cursors) {
        drain(cursor, loop, "bin.000001", bytes.length);
        cursor.close();
      }
      assertThat(feed.fileReads()).isLessThanOrEqualTo(bytes.length / FeedOptions.GRID + 2);
      assertThat(wakeUps.get()).isEqualTo(1000);
      feed.close();
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldMeetOnTheSameChunksFromDifferentStarts() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 400; i++) {
      log.transaction(5000);
    }
    byte[] bytes = log.bytes();
    byte[] second = new SyntheticLog().startFile().transaction(15).bytes();
    List<Long> boundaries = log.boundaries();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", bytes);
      tester.file("bin.000002", second);
      tester.awaitVisible("bin.000002", second.length);
      BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults());
      Manual loop = new Manual();
      BinlogFileId file = new BinlogFileId(1, "bin.000001");
      List<BinlogCursor> cursors = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        cursors.add(feed.openCursor(file, boundaries.get(i), loop));
      }
      // Who is alone in a file shares nothing.
      BinlogCursor company = feed.openCursor(file, boundaries.get(0), loop);
      for (int i = 0; i < 40; i++) {
        BinlogCursor cursor = cursors.get(i);
        byte[] got = drain(cursor, loop, "bin.000002", 4);
        assertThat(got).hasSize((int) (bytes.length - boundaries.get(i)));
        cursor.close();
      }
      company.close();
      assertThat(feed.fileReads()).isLessThanOrEqualTo(40 + bytes.length / FeedOptions.GRID + 2);
      feed.close();
    }
  }

  @Test
  void shouldWakeOncePerWaitAndTailFromMemory() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(100);
    int first = log.size();
    byte[] bytes = log.transaction(100).transaction(200).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults());
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.append(4, bytes, 4, first);
      tester.awaitVisible("bin.000001", first);
      Manual loop = new Manual();
      BinlogCursor cursor = feed.openCursor(tester.store.watermark().file(), 4, loop);
      drain(cursor, loop, "bin.000001", first);
      AtomicInteger old = new AtomicInteger();
      AtomicInteger wakeUps = new AtomicInteger();
      assertThat(cursor.poll(old::incrementAndGet)).isEqualTo(BinlogCursor.Status.WAIT_DATA);
      assertThat(cursor.poll(wakeUps::incrementAndGet)).isEqualTo(BinlogCursor.Status.WAIT_DATA);
      tester.append(first, bytes, first, first + 60);
      tester.append(first + 60, bytes, first + 60, bytes.length);
      tester.awaitVisible("bin.000001", bytes.length);
      await(
          () -> {
            loop.runAll();
            return wakeUps.get() > 0;
          });
      loop.runAll();
      assertThat(wakeUps.get()).isEqualTo(1);
      assertThat(old.get()).isZero();
      assertThat(drain(cursor, loop, "bin.000001", bytes.length))
          .isEqualTo(java.util.Arrays.copyOfRange(bytes, first, bytes.length));
      assertThat(feed.fileReads()).isZero();

      assertThat(cursor.poll(wakeUps::incrementAndGet)).isEqualTo(BinlogCursor.Status.WAIT_DATA);
      byte[] next = new SyntheticLog().startFile().transaction(17).bytes();
      tester.file("bin.000002", next);
      tester.awaitVisible("bin.000002", next.length);
      await(
          () -> {
            loop.runAll();
            return wakeUps.get() == 2;
          });
      assertThat(cursor.poll(() -> {})).isEqualTo(BinlogCursor.Status.END_OF_FILE);
      assertThat(cursor.file().name()).isEqualTo("bin.000002");
      assertThat(cursor.position()).isEqualTo(4);
      drain(cursor, loop, "bin.000002", next.length);
      assertThat(cursor.poll(wakeUps::incrementAndGet)).isEqualTo(BinlogCursor.Status.WAIT_DATA);
      tester.close();
      loop.runAll();
      assertThat(wakeUps.get()).isEqualTo(3);
      assertThat(cursor.poll(wakeUps::incrementAndGet)).isEqualTo(BinlogCursor.Status.CLOSED);
      cursor.close();
    }
  }

  @Test
  void shouldSayClearlyThatAFileIsNotThereOrCannotBeRead() throws Exception {
    byte[] bytes = new SyntheticLog().startFile().transaction(100).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      BinlogFeed feed = new BinlogFeed(tester.store, NO_MEMORY);
      tester.resume();
      tester.file("bin.000001", bytes);
      tester.awaitVisible("bin.000001", bytes.length);
      Manual loop = new Manual();
      BinlogCursor gone = feed.openCursor(new BinlogFileId(1, "bin.000009"), 4, loop);
      assertThat(gone.poll(() -> {})).isEqualTo(BinlogCursor.Status.PURGED);
      BinlogCursor misplaced = feed.openCursor(tester.store.watermark().file(), 10, loop);
      AtomicInteger woken = new AtomicInteger();
      assertThat(misplaced.poll(woken::incrementAndGet)).isEqualTo(BinlogCursor.Status.WAIT_LOAD);
      await(
          () -> {
            loop.runAll();
            return woken.get() == 1;
          });
      assertThat(misplaced.poll(() -> {})).isEqualTo(BinlogCursor.Status.FAILED);
      assertThat(misplaced.failure().kind()).isNotEqualTo(ReadFailure.Kind.IO);
      feed.close();
    }
  }

  @Test
  void shouldGiveViewsOfAChunkAndReleaseEverything() {
    byte[] bytes = new SyntheticLog().startFile().transaction(10).transaction(20).bytes();
    ByteBuf data = ByteBufAllocator.DEFAULT.buffer().writeBytes(bytes, 4, bytes.length - 4);
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at < data.writerIndex(); at += EventHeader.requireLength(data, at)) {
      starts.add(at);
    }
    starts.add(data.writerIndex());
    int[] offsets = starts.stream().mapToInt(i -> i).toArray();
    BinlogFileId file = new BinlogFileId(1, "bin.000001");
    Chunk chunk = Chunk.events(file, 4, data, offsets);
    for (int i = 0; i < offsets.length - 1; i++) {
      Chunk view = chunk.from(4 + offsets[i]);
      assertThat(view.position()).isEqualTo(4 + offsets[i]);
      assertThat(view.events()).isEqualTo(offsets.length - 1 - i);
      assertThat(view.offset(0)).isZero();
      assertThat(view.offset(view.events())).isEqualTo(view.length());
      Chunk again = view.from(view.position());
      assertThat(again).isSameAs(view);
      again.release();
      Chunk last = view.from(4 + offsets[offsets.length - 2]);
      assertThat(EventHeader.typeCode(last.data(), last.offset(0))).isEqualTo(16);
      last.release();
      view.release();
    }
    assertThat(chunk.from(5)).isNull();
    assertThat(chunk.from(3)).isNull();
    assertThat(chunk.from(chunk.end())).isNull();
    chunk.release();
    assertThat(data.refCnt()).isZero();
  }
}
