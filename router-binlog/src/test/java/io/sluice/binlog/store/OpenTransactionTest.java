package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.await;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedOptions;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of a transaction that is not whole: for streams only, and only if that is wanted. */
class OpenTransactionTest {
  private static final String FILE = "bin.000001";
  private static final BinlogFileId ID = new BinlogFileId(1, FILE);

  private byte[] bytes;
  private int first;
  private int inside;
  private int rows;

  @TempDir Path directory;

  @BeforeEach
  void twoTransactions() {
    SyntheticLog log = new SyntheticLog().startFile().transaction(300);
    first = log.size();
    inside = log.gtid(0, 101, 2, 0x0c).rows(500, 1).size();
    rows = log.rows(400_000, 2).size();
    bytes = log.xid().bytes();
  }

  private StoreTester open(boolean whole) throws Exception {
    StoreTester tester =
        new StoreTester(
            directory, StoreOptions.defaults().withWholeTransactions(whole), Disk.LOCAL);
    tester.resume();
    return tester;
  }

  /** Reads what a stream gets; the wake-ups run on the test's own thread. */
  private static final class Stream implements AutoCloseable {
    private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private final BinlogCursor cursor;

    Stream(BinlogFeed feed) {
      cursor = feed.openCursor(ID, 4, loop::add);
    }

    void until(long position) throws Exception {
      while (cursor.position() < position) {
        BinlogCursor.Status status = cursor.poll(() -> {});
        switch (status) {
          case CHUNK -> {
            Chunk chunk = cursor.chunk();
            byte[] part = new byte[chunk.length()];
            chunk.data().getBytes(0, part);
            got.write(part);
            chunk.release();
          }
          case WAIT_DATA, WAIT_LOAD -> loop.poll(60, TimeUnit.SECONDS).run();
          default -> throw new AssertionError(status + " at " + cursor.position());
        }
      }
    }

    byte[] bytes() {
      return got.toByteArray();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  private byte[] body(int end) {
    return Arrays.copyOfRange(bytes, 4, end);
  }

  @Test
  void shouldShowNothingOfATransactionThatIsNotWhole() throws Exception {
    try (StoreTester tester = open(true)) {
      tester.file(FILE, Arrays.copyOf(bytes, inside));
      tester.awaitVisible(FILE, first);
      get(tester.store.writer().discardIncomplete());
      assertThat(tester.store.inventory().streamEnd(ID)).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4 << 20})
  void shouldStreamEachWholeEventAtOnceIfThatIsWanted(long tail) throws Exception {
    try (StoreTester tester = open(false);
        BinlogFeed feed = new BinlogFeed(tester.store, new FeedOptions(tail, 0))) {
      tester.file(FILE, Arrays.copyOf(bytes, inside + 1000));
      tester.awaitVisible(FILE, first);
      try (Stream stream = new Stream(feed)) {
        stream.until(inside);
        assertThat(stream.cursor.poll(() -> {})).isEqualTo(BinlogCursor.Status.WAIT_DATA);
        assertThat(stream.bytes()).isEqualTo(body(inside));
        assertThat(tester.store.watermark().offset()).isEqualTo(first);
        assertThat(tester.store.inventory().visibleEnd(ID)).isEqualTo(first);

        tester.append(inside + 1000, bytes, inside + 1000, rows);
        stream.until(rows);
        assertThat(tester.store.watermark().offset()).isEqualTo(first);
        tester.append(rows, bytes, rows, bytes.length);
        stream.until(bytes.length);
        assertThat(stream.bytes()).isEqualTo(body(bytes.length));
        tester.awaitVisible(FILE, bytes.length);
      }
    }
  }

  @Test
  void shouldHaveStreamsWaitForTheRestWhenTheMasterIsLostInBetween() throws Exception {
    try (StoreTester tester = open(false);
        BinlogFeed feed = new BinlogFeed(tester.store, new FeedOptions(4 << 20, 4 << 20))) {
      tester.file(FILE, Arrays.copyOf(bytes, inside));
      tester.awaitVisible(FILE, first);
      try (Stream early = new Stream(feed);
          Stream late = new Stream(feed)) {
        early.until(inside);
        assertThat(tester.resume().offset()).isEqualTo(first);
        assertThat(tester.store.inventory().streamEnd(ID)).isEqualTo(first);
        assertThat(early.cursor.poll(() -> {})).isEqualTo(BinlogCursor.Status.WAIT_DATA);
        late.until(first);
        assertThat(late.cursor.poll(() -> {})).isEqualTo(BinlogCursor.Status.WAIT_DATA);

        tester.append(first, bytes, first, bytes.length);
        early.until(bytes.length);
        late.until(bytes.length);
        assertThat(early.bytes()).isEqualTo(body(bytes.length));
        assertThat(late.bytes()).isEqualTo(body(bytes.length));
        await(() -> !tester.store.inventory().isCatchingUp());
      }
    }
  }

  @Test
  void shouldBeginStreamsInFrontOfATransactionThatIsNotWhole() throws Exception {
    try (StoreTester tester = open(false)) {
      tester.file(FILE, Arrays.copyOf(bytes, inside));
      tester.awaitVisible(FILE, first);
      await(() -> tester.store.inventory().streamEnd(ID) == inside);
      StartResult atEnd = get(tester.store.resolve(new StartRequest.FilePosition(FILE, first)));
      assertThat(((StartResult.Found) atEnd).position()).isEqualTo(first);
      assertThat(tester.store.executedState().positionText()).isEqualTo("0-101-1");
    }
  }
}
