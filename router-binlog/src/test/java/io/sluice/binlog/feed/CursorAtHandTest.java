package io.sluice.binlog.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.ForwardingDisk;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.StoreOptions;
import io.sluice.binlog.store.StoreTester;
import io.sluice.binlog.store.SyncPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a cursor's bytes are read: on its own thread if they are in memory, else elsewhere. */
class CursorAtHandTest {
  private static final BinlogFileId FIRST = new BinlogFileId(1, "bin.000001");
  private static final BinlogFileId SECOND = new BinlogFileId(1, "bin.000002");

  @TempDir Path directory;

  private final Pages disk = new Pages();
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final SyntheticLog log = new SyntheticLog().startFile();
  private StoreTester tester;
  private BinlogFeed feed;
  private byte[] bytes;
  private byte[] second;
  private int waits;

  /** A disk that says what is in memory, and counts where it is read. */
  private static final class Pages extends ForwardingDisk {
    final Thread loop = Thread.currentThread();
    final AtomicInteger here = new AtomicInteger();
    final AtomicInteger elsewhere = new AtomicInteger();
    volatile long inMemory = Long.MAX_VALUE;
    volatile long damagedAt = -1;

    @Override
    public DiskFile open(Path path, Mode mode) throws IOException {
      return new ForwardingFile(super.open(path, mode)) {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
          (Thread.currentThread() == loop ? here : elsewhere).incrementAndGet();
          int start = target.position();
          int got = file.read(target, position);
          long at = damagedAt - position;
          if (damagedAt >= 0 && at >= 0 && at < got) {
            target.put(start + (int) at, (byte) 0x7f);
          }
          return got;
        }

        @Override
        public boolean isInMemory(long position, long length) {
          return position + length <= inMemory;
        }
      };
    }
  }

  @BeforeEach
  void store() throws Exception {
    for (int i = 0; i < 700; i++) {
      log.transaction(5000);
    }
    bytes = log.bytes();
    second = new SyntheticLog().startFile().transaction(15).bytes();
    tester = new StoreTester(directory, StoreOptions.defaults().withSync(SyncPolicy.NONE), disk);
    tester.resume();
    tester.file(FIRST.name(), bytes);
    tester.file(SECOND.name(), second);
    tester.awaitVisible(SECOND.name(), second.length);
    feed = new BinlogFeed(tester.store, new FeedOptions(0, 64 << 20));
    // Only of an open file it is known what is in memory; a sidecar's thread may open it, or not
    // yet.
    tester.store.read(FIRST, 4, ByteBuffer.allocate(1));
    disk.here.set(0);
    disk.elsewhere.set(0);
  }

  @AfterEach
  void close() throws Exception {
    feed.close();
    tester.close();
  }

  private BinlogCursor cursor(BinlogFileId file) {
    return feed.openCursor(file, 4, tasks::add);
  }

  /** Moves on by one step that is no wait. */
  private BinlogCursor.Status step(BinlogCursor cursor) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      BinlogCursor.Status status = cursor.poll(() -> {});
      if (status != BinlogCursor.Status.WAIT_LOAD) {
        return status;
      }
      waits++;
      Runnable task = tasks.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(task).isNotNull();
      task.run();
    }
  }

  private static void take(BinlogCursor cursor, ByteArrayOutputStream out) throws IOException {
    Chunk chunk = cursor.chunk();
    chunk.data().getBytes(0, out, chunk.length());
    chunk.release();
  }

  private void assertFirstFile(BinlogCursor cursor) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (step(cursor) == BinlogCursor.Status.CHUNK) {
      take(cursor, out);
    }
    assertThat(cursor.file()).isEqualTo(SECOND);
    assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes, 4, bytes.length));
    cursor.close();
  }

  @Test
  void shouldCopyWhatIsInMemoryAtOnce() throws Exception {
    assertFirstFile(cursor(FIRST));
    assertThat(waits).isZero();
    assertThat(disk.here.get()).isGreaterThanOrEqualTo(bytes.length / FeedOptions.GRID);
  }

  @Test
  void shouldReadWhatIsNotInMemoryOnAnotherThread() throws Exception {
    disk.inMemory = 0;
    assertFirstFile(cursor(FIRST));
    assertThat(disk.here.get()).isZero();
    assertThat(disk.elsewhere.get()).isGreaterThanOrEqualTo(bytes.length / FeedOptions.GRID);
  }

  @Test
  void shouldGoOnElsewhereWhereMemoryEnds() throws Exception {
    disk.inMemory = 3 << 20;
    assertFirstFile(cursor(FIRST));
    assertThat(disk.here.get()).isBetween(1, (3 << 20) / FeedOptions.GRID);
    assertThat(disk.elsewhere.get()).isPositive();
  }

  @Test
  void shouldReadTheNewestFileOnAnotherThread() throws Exception {
    BinlogCursor cursor = cursor(SECOND);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (step(cursor) == BinlogCursor.Status.CHUNK) {
      take(cursor, out);
    }
    assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(second, 4, second.length));
    assertThat(disk.here.get()).isZero();
    cursor.close();
  }

  @Test
  void shouldTellOfDamageWhereverItIsRead() throws Exception {
    List<ReadFailure> failures = new ArrayList<>();
    for (long inMemory : List.of(0L, Long.MAX_VALUE)) {
      disk.inMemory = inMemory;
      // The length of an event in the second chunk becomes impossible.
      disk.damagedAt = log.boundaries().get(100) + 12;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinlogCursor cursor = cursor(FIRST);
      BinlogCursor.Status status = step(cursor);
      while (status == BinlogCursor.Status.CHUNK) {
        take(cursor, out);
        status = step(cursor);
      }
      assertThat(status).isEqualTo(BinlogCursor.Status.FAILED);
      assertThat(out.size()).isEqualTo(log.boundaries().get(100) - 4);
      failures.add(cursor.failure());
      cursor.close();
    }
    assertThat(disk.here.get()).isPositive();
    assertThat(failures.get(1)).isEqualTo(failures.get(0));
  }

  @Test
  void shouldShareWithWhoIsInTheSameFile() throws Exception {
    int chunks = bytes.length / FeedOptions.GRID + 1;
    BinlogCursor one = cursor(FIRST);
    BinlogCursor other = cursor(FIRST);
    assertFirstFile(one);
    long reads = feed.fileReads();
    assertThat(reads).isBetween((long) chunks - 1, (long) chunks + 1);
    assertFirstFile(other);
    assertThat(feed.fileReads()).isEqualTo(reads);
  }

  @Test
  void shouldKeepNothingForOneWhoIsAlone() throws Exception {
    int chunks = bytes.length / FeedOptions.GRID + 1;
    assertFirstFile(cursor(FIRST));
    assertFirstFile(cursor(FIRST));
    assertThat(feed.fileReads()).isGreaterThan(2L * chunks - 4);
  }
}
