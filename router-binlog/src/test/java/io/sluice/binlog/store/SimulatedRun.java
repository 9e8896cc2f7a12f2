package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.disk.SimulatedDisk;
import io.sluice.binlog.store.MasterHistory.HistoryFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One life of a store on a simulated disk: opened, fed with a history as a link does it, closed.
 * Everything that becomes visible is compared with the history at once.
 */
final class SimulatedRun implements AutoCloseable, StoreListener {
  static final Path DIRECTORY = Path.of("/disk/store");

  /** What somebody was told to be there for good, and what was only shown. */
  record Promises(Watermark durable, Watermark published, int purgedBelow, int purgeLimit) {
    static final Promises NONE = new Promises(Watermark.EMPTY, Watermark.EMPTY, 0, 0);
  }

  final StoreTester tester;
  private final MasterHistory history;
  private final boolean waits;
  private final List<AssertionError> wrong = new CopyOnWriteArrayList<>();
  private final Promises before;
  private volatile @Nullable Watermark opened;
  private volatile int purgedBelow;
  private volatile int purgeLimit;

  /**
   * Opens a store.
   *
   * @param waits whether each piece is waited for until it is stored
   */
  SimulatedRun(
      SimulatedDisk disk,
      StoreOptions options,
      MasterHistory history,
      boolean waits,
      Promises before)
      throws IOException {
    this.history = history;
    this.waits = waits;
    this.before = before;
    this.purgedBelow = before.purgedBelow();
    this.purgeLimit = before.purgeLimit();
    this.tester = new StoreTester(DIRECTORY, options, disk);
    this.opened = tester.store.watermark();
    tester.store.addListener(this);
  }

  /** What must still be there if this were the last moment; any thread. */
  Promises promises() {
    Watermark start = opened;
    if (start == null) {
      return before;
    }
    return new Promises(
        newest(tester.durable, start), newest(tester.published, start), purgedBelow, purgeLimit);
  }

  private static Watermark newest(List<Watermark> told, Watermark start) {
    Object[] all = told.toArray();
    return all.length == 0 ? start : (Watermark) all[all.length - 1];
  }

  @Override
  public void onEvents(BinlogFileId file, long position, ByteBuf data, int[] offsets) {
    try {
      requireEvents(file, (int) position, data);
    } catch (AssertionError e) {
      wrong.add(e);
    } finally {
      data.release();
    }
  }

  /** What replicas get from memory is the history's too. */
  private void requireEvents(BinlogFileId file, int position, ByteBuf data) {
    int at = history.indexOf(file);
    assertThat(at).as("%s in the history", file).isNotNegative();
    byte[] told = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), told);
    byte[] all = history.files().get(at).bytes();
    assertThat(told)
        .as("events of %s at %d", file, position)
        .isEqualTo(Arrays.copyOfRange(all, position, position + told.length));
  }

  @Override
  public void onClosed() {}

  @Override
  public void onPublished(Watermark watermark) {
    try {
      requirePrefix(watermark);
    } catch (AssertionError e) {
      wrong.add(e);
    } catch (IOException e) {
      // The disk fails: nobody reads anything then.
    }
  }

  /** All that may be read up to here is the history's. */
  private void requirePrefix(Watermark watermark) throws IOException {
    int at = history.indexOf(watermark.file());
    assertThat(at).as("%s in the history", watermark.file()).isNotNegative();
    HistoryFile file = history.files().get(at);
    assertThat(file.boundaries()).as("boundaries of %s", file.name()).contains(watermark.offset());
    byte[] stored = new byte[(int) watermark.offset()];
    assertThat(tester.store.read(watermark.file(), 0, ByteBuffer.wrap(stored)))
        .isEqualTo(stored.length);
    assertThat(stored)
        .as("bytes of %s", file.name())
        .isEqualTo(Arrays.copyOf(file.bytes(), stored.length));
  }

  /** Compares all that the store has with the history and with what was promised before. */
  void requireHistory(Promises promises, boolean shownStays) throws IOException {
    Watermark mark = tester.store.watermark();
    assertThat(history.compare(mark, promises.durable()))
        .as("%s, but %s was durable", mark, promises.durable())
        .isNotNegative();
    if (shownStays) {
      assertThat(history.compare(mark, promises.published()))
          .as("%s, but %s was shown", mark, promises.published())
          .isNotNegative();
    }
    assertThat(tester.store.recovery().problems()).isEmpty();
    List<StoredFile> files = tester.store.inventory().files();
    if (files.isEmpty()) {
      return;
    }
    int first = history.indexOf(files.get(0).id());
    assertThat(first)
        .as("oldest file %s", files.get(0).id())
        .isBetween(promises.purgedBelow(), Math.max(0, promises.purgeLimit()));
    for (int i = 0; i < files.size() - 1; i++) {
      HistoryFile file = history.files().get(first + i);
      assertThat(files.get(i)).isEqualTo(new StoredFile(file.id(), file.size()));
      byte[] stored = new byte[(int) file.size()];
      assertThat(tester.store.read(file.id(), 0, ByteBuffer.wrap(stored))).isEqualTo(stored.length);
      assertThat(stored).as("bytes of %s", file.name()).isEqualTo(file.bytes());
    }
    assertThat(history.indexOf(mark.file())).isEqualTo(first + files.size() - 1);
    requirePrefix(mark);
  }

  /** Does what a link does, until all of the history is stored; true if nothing went wrong. */
  boolean send(Random random, @Nullable Runnable each) throws InterruptedException {
    ResumePoint point;
    try {
      point = get(tester.store.writer().discardIncomplete());
    } catch (CompletionException e) {
      return false;
    }
    int failures = tester.failures.size();
    int at = point.isEmpty() ? 0 : history.indexOf(point.file());
    long from = point.isEmpty() ? 0 : point.offset();
    int epoch = Math.max(1, point.file().epoch());
    for (int i = at; i < history.files().size(); i++) {
      HistoryFile file = history.files().get(i);
      if (file.epoch() > epoch) {
        try {
          get(tester.store.writer().beginEpoch("test"));
        } catch (CompletionException e) {
          return false;
        }
        epoch = file.epoch();
      }
      if (from == 0) {
        tester.store.writer().startFile(file.name());
        from = BinlogFileFormat.FIRST_EVENT;
      }
      if (!sendRest(file, (int) from, failures, random)) {
        return false;
      }
      if (each != null) {
        each.run();
      }
      from = 0;
    }
    await(history.last(), history.last().size(), failures);
    return tester.failures.size() == failures;
  }

  private boolean sendRest(HistoryFile file, int from, int failures, Random random)
      throws InterruptedException {
    int at = from;
    while (at < file.size()) {
      int end = waits ? at + 1 + random.nextInt(300) : (int) file.size();
      end = (int) Math.min(file.size(), end);
      if (tester.failures.size() > failures) {
        return false;
      }
      tester.append(at, file.bytes(), at, end);
      at = end;
      if (waits) {
        await(file, at, failures);
      }
    }
    return true;
  }

  /** Waits until what may be seen of a file is seen, and is durable if it is to be. */
  private void await(HistoryFile file, long end, int failures) {
    Long boundary = file.boundaries().floor(end);
    boolean all = file == history.last() && end == file.size();
    if (boundary == null || (file.epoch() > 1 && !entered() && !all)) {
      return;
    }
    try {
      StoreTester.await(
          () ->
              tester.failures.size() > failures
                  || (isAt(tester.store.watermark(), file, boundary)
                      && (!syncs() || isAt(tester.store.writer().durable(), file, boundary))));
    } catch (AssertionError e) {
      throw new AssertionError(
          "waited for " + file.id() + " up to " + boundary + ", but " + promises(), e);
    }
  }

  private boolean syncs() {
    return tester.options.sync().isOn();
  }

  private boolean entered() {
    return tester.store.watermark().file().epoch() > 1;
  }

  private static boolean isAt(Watermark mark, HistoryFile file, long offset) {
    return mark.file().equals(file.id()) && mark.offset() >= offset;
  }

  /** Removes the files before one that is not the newest. */
  void purge(Random random) {
    List<StoredFile> files = new ArrayList<>(tester.store.inventory().files());
    if (files.size() < 2) {
      return;
    }
    BinlogFileId to = files.get(1 + random.nextInt(files.size() - 1)).id();
    if (history.files().stream().filter(file -> file.name().equals(to.name())).count() > 1) {
      return;
    }
    purgeLimit = Math.max(purgeLimit, history.indexOf(to));
    try {
      if (get(tester.store.purge(new PurgeRequest.To(to.name()))).removed().size() > 0) {
        purgedBelow = history.indexOf(tester.store.inventory().oldest());
      }
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(IOException.class);
    }
  }

  @Override
  public void close() {
    tester.close();
    if (!wrong.isEmpty()) {
      throw wrong.get(0);
    }
  }
}
