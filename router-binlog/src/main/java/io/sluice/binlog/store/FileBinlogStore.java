package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store in a directory of this machine: {@code lock}, {@code metadata.properties} and one
 * folder per epoch with the master's files under the master's names. See {@link BinlogStore} for
 * the contract.
 */
public final class FileBinlogStore implements BinlogStore {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileBinlogStore.class);
  static final String METADATA = "metadata.properties";

  private final Path directory;
  private final Disk disk;
  private final Closeable lock;
  private final FileCatalog catalog;
  private final ThreadPoolExecutor io;
  private final FileStoreMetadata metadata;
  private final FileBinlogWriter writer;
  private final RecoveryReport recovery;
  private final List<StoreListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final LiveInventory live;
  private final ReadGate gate = new ReadGate();
  private final FilePurge purge;
  private final FilePacker packer;
  private final PurgedState purged;
  private final LongAdder purgedFiles = new LongAdder();
  private final LongAdder purgedBytes = new LongAdder();
  private final Map<Integer, Crossing> crossings = new ConcurrentHashMap<>();
  private final ScanMeter scans = new ScanMeter();

  /**
   * Opens a directory, creating it if need be, and repairs what a crash left. Blocks.
   *
   * @throws StoreLockedException if another store has it
   * @throws IOException if it cannot be read or repaired
   */
  public static FileBinlogStore open(Path directory, StoreOptions options) throws IOException {
    return open(directory, options, Disk.LOCAL, Clock.systemUTC());
  }

  static FileBinlogStore open(Path directory, StoreOptions options, Disk disk, Clock clock)
      throws IOException {
    StoreFolder.prepare(disk, directory);
    Closeable lock = StoreFolder.lock(disk, directory);
    try {
      return new FileBinlogStore(directory, options, disk, clock, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private FileBinlogStore(
      Path directory, StoreOptions options, Disk disk, Clock clock, Closeable lock)
      throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.lock = lock;
    this.catalog =
        new FileCatalog(disk, directory, options.forms().archive(), options.encryption());
    StoreRecovery repair = new StoreRecovery(disk, catalog);
    RecoveredTail tail = repair.run(directory);
    this.recovery = repair.report(tail);
    NavigableMap<BinlogFileId, Long> older = new TreeMap<>(repair.files());
    Watermark watermark = Watermark.EMPTY;
    if (tail != null) {
      older.remove(tail.file());
      watermark =
          new Watermark(
              1,
              tail.file(),
              tail.safeEnd(),
              tail.follower().state(),
              tail.follower().timestamp(),
              clock.millis());
    }
    this.live =
        new LiveInventory(
            new Inventory(older, repair.epochEnds(), MySqlGtidSet.EMPTY, watermark, watermark, 0));
    this.purge = new FilePurge(catalog, new StoreFolder(disk, catalog), live, gate);
    String name = String.valueOf(directory.getFileName());
    this.io = IoThreads.make(options.ioThreads(), "binlog-io-" + name);
    this.metadata =
        new FileStoreMetadata(disk, catalog.forms().smallFiles(), directory.resolve(METADATA), io);
    this.purged = new PurgedState(catalog, live, metadata);
    purged.open();
    this.writer =
        new FileBinlogWriter(
            new ActiveLog(disk, catalog, new Publisher(), clock, watermark),
            options,
            new IntakeWatch(clock, this::afterAlarm),
            "binlog-writer-" + name);
    writer.start();
    catalog.sidecars().guard(gate, live::current);
    catalog.sidecars().completeAll(live.current().closedFilesNewestFirst());
    Archive archive = new Archive(disk, options.forms().archive(), metadata);
    this.packer =
        new FilePacker(disk, catalog, live, writer::durable, archive, options.forms(), clock);
    packer.wake();
  }

  /** What could not be written beside the log while the disk took nothing. */
  private void afterAlarm() {
    metadata.saveAgain();
    catalog.sidecars().completeAll(live.current().closedFilesNewestFirst());
  }

  /** On the writer's thread. */
  private final class Publisher implements ActiveLog.Publisher {
    @Override
    public void publish(
        Watermark watermark, List<StoredFile> nowClosed, List<LogAppender.Run> runs) {
      FileBinlogStore.this.publish(watermark, nowClosed, runs);
    }

    @Override
    public void open(BinlogFileId file, long end, List<LogAppender.Run> runs) {
      tellRuns(file, runs);
      live.open(end);
      Watermark mark = live.current().watermark();
      for (StoreListener listener : listeners) {
        tell(() -> listener.onPublished(mark));
      }
    }

    @Override
    public List<StoredFile> retreat(Watermark proven) {
      List<StoredFile> behind = live.retreat(proven);
      purged.refresh();
      for (StoreListener listener : listeners) {
        tell(() -> listener.onRetreat(proven));
      }
      gate.awaitEarlierUninterruptibly();
      return behind;
    }
  }

  /** On the writer's thread: bytes to the listeners, then the watermark, then the news of it. */
  private void publish(
      Watermark watermark, List<StoredFile> nowClosed, List<LogAppender.Run> runs) {
    tellRuns(watermark.file(), runs);
    Watermark before = live.current().watermark();
    boolean newFile = !before.file().equals(watermark.file());
    if (before.isEmpty()) {
      purged.begins(watermark);
    }
    live.publish(watermark, nowClosed);
    if (newFile) {
      purged.refresh();
    }
    for (StoreListener listener : listeners) {
      tell(() -> listener.onPublished(watermark));
    }
    nowClosed.forEach(file -> catalog.sidecars().closed(file.id(), file.size()));
    if (!nowClosed.isEmpty()) {
      packer.wake();
    }
  }

  private void tellRuns(BinlogFileId file, List<LogAppender.Run> runs) {
    for (LogAppender.Run run : runs) {
      for (StoreListener listener : listeners) {
        tell(
            () ->
                listener.onEvents(
                    file, run.position(), run.data().retainedDuplicate(), run.offsets()));
      }
      run.data().release();
    }
  }

  private static void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOGGER.atError().setCause(e).log("binlog store listener failed");
    }
  }

  @Override
  public Watermark watermark() {
    return live.current().watermark();
  }

  @Override
  public Inventory inventory() {
    return live.current();
  }

  @Override
  public GtidState executedState() {
    return live.current().executed();
  }

  @Override
  public GtidState purgedState() {
    return purged.get();
  }

  @Override
  public CompletableFuture<Void> masterHasPurged(MySqlGtidSet set) {
    return purged.masterHasPurged(set);
  }

  @Override
  public BinlogWriter writer() {
    return writer;
  }

  @Override
  public StoreMetadata metadata() {
    return metadata;
  }

  @Override
  public RecoveryReport recovery() {
    return recovery;
  }

  @Override
  public CompletableFuture<StartResult> resolve(StartRequest request) {
    return onIo(
        () -> {
          Inventory now = live.current();
          StartResult result =
              new StartResolver(catalog, this::watermark, now, scans.begin()).resolve(request);
          // What is missing may be here in a moment.
          return result instanceof StartResult.Refused && now.isCatchingUp()
              ? StartResult.later()
              : result;
        });
  }

  @Override
  public StartScans startScans() {
    return scans.scans();
  }

  @Override
  public CompletableFuture<Optional<GtidState>> gtidAt(String file, long position) {
    return onIo(
        () -> {
          Inventory now = live.current();
          BinlogFileId id = file.isEmpty() ? now.oldest() : now.find(file);
          if (id == null) {
            return Optional.empty();
          }
          GtidState state =
              catalog.stateAt(
                  id,
                  Math.max(position, BinlogFileFormat.FIRST_EVENT),
                  now.visibleEnd(id),
                  ScanMeter.uncounted());
          return Optional.ofNullable(state);
        });
  }

  @Override
  public CompletableFuture<FormatDescription> formatDescription(BinlogFileId file) {
    return onIo(
        () -> {
          long end = requireEnd(live.current(), file);
          return catalog.head(file, end).format();
        });
  }

  @Override
  public CompletableFuture<Crossing> crossing(BinlogFileId from) {
    return onIo(
        () -> {
          Crossing known = crossings.get(from.epoch());
          if (known == null) {
            known = EpochBorder.find(catalog, live.current(), from);
            crossings.put(from.epoch(), known);
          }
          return known;
        });
  }

  @Override
  public CompletableFuture<PurgeResult> purge(PurgeRequest request) {
    return submit(
        () -> {
          PurgeResult result;
          // What is not durable can be lost, and the log goes on where it is durable: that stays.
          BinlogFileId proven = writer.force().file();
          FilePin durable = live.pin(proven, "durable mark");
          try {
            result = purge.run(request.upTo(proven));
          } finally {
            if (durable != null) {
              durable.close();
            }
            purged.refresh();
            packer.wake();
          }
          purgedFiles.add(result.removed().size());
          purgedBytes.add(result.bytes());
          return result;
        });
  }

  @Override
  public long lastEventSeconds(BinlogFileId file) throws IOException {
    int entered = gate.enter();
    try {
      Inventory now = live.current();
      if (file.equals(now.newest())) {
        return now.watermark().eventTimestamp();
      }
      return new LastEvent(catalog).seconds(new StoredFile(file, requireEnd(now, file)));
    } finally {
      gate.leave(entered);
    }
  }

  @Override
  public long diskBytes(BinlogFileId file) {
    return catalog.diskBytes(file, Math.max(0, live.current().visibleEnd(file)));
  }

  @Override
  public long usableBytes() throws IOException {
    return disk.usableBytes(directory);
  }

  private static long requireEnd(Inventory now, BinlogFileId file) throws IOException {
    long end = now.visibleEnd(file);
    if (end < 0) {
      throw new IOException("binlog file: " + file + " (expected: a file of this store)");
    }
    return end;
  }

  @Override
  public long purgedFiles() {
    return purgedFiles.sum();
  }

  @Override
  public long purgedBytes() {
    return purgedBytes.sum();
  }

  @Override
  public PackStatus packing() {
    return packer.status();
  }

  @Override
  public void hurryArchive(boolean on) {
    packer.hurry(on);
  }

  @Override
  public @Nullable FilePin pin(BinlogFileId file, String reader) {
    return live.pin(file, reader);
  }

  @Override
  public int read(BinlogFileId file, long position, ByteBuffer target) throws IOException {
    int entered = gate.enter();
    int limit = target.limit();
    try {
      long end = live.current().streamEnd(file);
      if (end < 0) {
        throw new IOException("binlog file: " + file + " (expected: a file of this store)");
      }
      int room = (int) Math.max(0, Math.min(target.remaining(), end - position));
      target.limit(target.position() + room);
      return catalog.read(file, position, target);
    } finally {
      target.limit(limit);
      gate.leave(entered);
    }
  }

  @Override
  public boolean isInMemory(BinlogFileId file, long position, long length) {
    // Of the newest one the writer may hold the file system's lock.
    return !file.equals(live.current().watermark().file())
        && catalog.isInMemory(file, position, length);
  }

  /** Work on files of the inventory, which are there until it is done. */
  private <T> CompletableFuture<T> onIo(Callable<@Nullable T> work) {
    return submit(
        () -> {
          int entered = gate.enter();
          try {
            return work.call();
          } finally {
            gate.leave(entered);
          }
        });
  }

  private <T> CompletableFuture<T> submit(Callable<@Nullable T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      io.execute(
          () -> {
            try {
              result.complete(work.call());
            } catch (Exception e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new IOException("store: closed", e));
    }
    return result;
  }

  /** Waits until the sidecars of the files that were closed at the start are made. Blocks. */
  void completeSidecars() throws IOException {
    catalog.sidecars().awaitIdle();
  }

  @Override
  public void addListener(StoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public Executor ioExecutor() {
    return io;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    writer.close();
    packer.close();
    for (StoreListener listener : listeners) {
      tell(listener::onClosed);
    }
    io.shutdown();
    try {
      if (!io.awaitTermination(30, TimeUnit.SECONDS)) {
        LOGGER
            .atWarn()
            .addKeyValue("directory", directory)
            .log("binlog readers did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      catalog.close();
      lock.close();
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .setCause(e)
          .addKeyValue("directory", directory)
          .log("closing the binlog store failed");
    }
  }
}
