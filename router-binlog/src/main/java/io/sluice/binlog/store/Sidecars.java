package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.DamagedFileException;
import io.sluice.binlog.form.MissingKeyException;
import io.sluice.binlog.form.SealedBlob;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of all files. That of a file which is written grows with it; when the file is closed
 * its {@link Sidecar} is made from the bytes, on a thread of its own. The sidecars of closed files
 * are read when they are needed and made again when they are missing or do not fit. Any thread;
 * {@link #index} blocks.
 */
final class Sidecars implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Sidecars.class);
  private static final int KEPT = 64;
  private static final int MAX_SIDECAR = 1 << 30;

  /** Reads bytes of a file. */
  interface Reader {
    int read(BinlogFileId file, long position, ByteBuffer target) throws IOException;

    /** Tells whether the file is there. */
    boolean has(BinlogFileId file);

    /** Tells whether its bytes may be out of reach, and cannot change any more. */
    boolean isArchived(BinlogFileId file);
  }

  private final Disk disk;
  private final SealedBlob smallFiles;
  private final Function<BinlogFileId, Path> paths;
  private final Reader reader;
  private final Map<BinlogFileId, FileIndex> growing = new ConcurrentHashMap<>();
  private final Map<BinlogFileId, Sidecar> loaded =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BinlogFileId, Sidecar> eldest) {
          return size() > KEPT;
        }
      };

  /** What the writer knows of files that it has just closed, without the sums of their edges. */
  private final Map<BinlogFileId, Sidecar> written = new ConcurrentHashMap<>();

  /**
   * Who reads, makes, links or writes a file's sidecar holds that file's lock: else one thread's
   * copy takes the place of what another has linked meanwhile. Only the worker holds two, so that
   * none waits for another in a circle. More than there are files that are looked at at a time.
   */
  private final Object[] locks = new Object[64];

  private final ThreadPoolExecutor worker;
  private volatile boolean closed;
  private volatile ReadGate gate = new ReadGate();
  private volatile @Nullable Supplier<Inventory> inventory;

  /** Closed files whose sidecars are not linked to the one before yet. */
  private final NavigableSet<BinlogFileId> unlinked = new ConcurrentSkipListSet<>();

  Sidecars(
      Disk disk,
      SealedBlob smallFiles,
      Function<BinlogFileId, Path> paths,
      Reader reader,
      String name) {
    this.disk = disk;
    this.smallFiles = smallFiles;
    this.paths = paths;
    this.reader = reader;
    Arrays.setAll(locks, i -> new Object());
    this.worker =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "binlog-index-" + name);
              thread.setDaemon(true);
              return thread;
            });
    worker.allowCoreThreadTimeOut(true);
  }

  /**
   * From now on work goes through a gate, and only on files that are still there: none of it is
   * under way when a file is removed.
   */
  void guard(ReadGate readers, Supplier<Inventory> files) {
    gate = readers;
    inventory = files;
  }

  /** The index of a file that is being written, empty at first. */
  FileIndex growing(BinlogFileId file) {
    return growing.computeIfAbsent(file, id -> new FileIndex());
  }

  /** The writer has ended a file and knows what there is to know of it; null if it does not. */
  void written(BinlogFileId file, @Nullable Sidecar sidecar) {
    if (sidecar == null) {
      written.remove(file);
    } else {
      written.put(file, sidecar);
    }
  }

  /** A file is closed; its sidecar follows. */
  void closed(BinlogFileId file, long size) {
    onWorker(
        () -> {
          synchronized (lock(file)) {
            if (load(file, size, ScanMeter.uncounted()) == null) {
              make(file, size, ScanMeter.uncounted());
            }
          }
          growing.remove(file);
          link(file);
        },
        file);
  }

  /** Makes what is missing of closed files, the newest first. */
  void completeAll(Collection<StoredFile> closedFiles) {
    closedFiles.forEach(file -> closed(file.id(), file.size()));
  }

  /** Links a file to the one before it, and then all behind it that wait for that. */
  private void link(BinlogFileId from) throws IOException {
    Supplier<Inventory> files = inventory;
    if (files == null) {
      return;
    }
    NavigableMap<BinlogFileId, Long> closedFiles = files.get().closed();
    BinlogFileId file = from;
    while (file != null && isWanted(file) && linkOne(file, closedFiles)) {
      file = closedFiles.higherKey(file);
    }
  }

  /** Tells whether it was linked now. */
  private boolean linkOne(BinlogFileId file, NavigableMap<BinlogFileId, Long> closedFiles)
      throws IOException {
    synchronized (lock(file)) {
      Sidecar sidecar = unlinked.contains(file) ? linkable(file, closedFiles) : null;
      SidecarChain link = sidecar == null ? null : link(file, sidecar, closedFiles);
      if (sidecar == null || link == null) {
        return false;
      }
      Sidecar linked = sidecar.linked(link);
      keep(file, linked);
      write(paths.apply(file), linked);
      return true;
    }
  }

  private Object lock(BinlogFileId file) {
    return locks[file.hashCode() & (locks.length - 1)];
  }

  /** The sidecar of a closed file, however it is linked; null if there is none. */
  private @Nullable Sidecar linkable(
      @Nullable BinlogFileId file, NavigableMap<BinlogFileId, Long> closedFiles)
      throws IOException {
    Long size = file == null ? null : closedFiles.get(file);
    if (file == null || size == null) {
      return null;
    }
    synchronized (lock(file)) {
      Sidecar known = kept(file);
      Sidecar found = known == null ? read(file, ScanMeter.uncounted()) : known;
      return found != null && found.size() == size ? found : null;
    }
  }

  private @Nullable SidecarChain link(
      BinlogFileId file, Sidecar sidecar, NavigableMap<BinlogFileId, Long> closedFiles)
      throws IOException {
    BinlogFileId before = closedFiles.lowerKey(file);
    Sidecar next = linkable(closedFiles.higherKey(file), closedFiles);
    if (before == null) {
      return SidecarChain.first(file.name(), sidecar, next);
    }
    Sidecar older = unlinked.contains(before) ? null : linkable(before, closedFiles);
    if (older == null || older.chain() == null) {
      return null;
    }
    SidecarChain link = SidecarChain.after(older.chain().value(), file.name(), sidecar);
    SidecarChain wanted = next == null ? null : next.chain();
    if (wanted != null && wanted.before() != null && !link.value().equals(wanted.before())) {
      LOGGER
          .atError()
          .addKeyValue("file", file)
          .log("binlog file is not the one that its successor was linked to");
    }
    return link;
  }

  /** Waits until all that was asked for so far is made. Blocks. */
  void awaitIdle() throws IOException {
    try {
      worker.submit(() -> {}).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException | RejectedExecutionException e) {
      throw new IOException("store: closed", e);
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private void onWorker(Task task, BinlogFileId file) {
    try {
      worker.execute(
          () -> {
            ReadGate readers = gate;
            int entered = readers.enter();
            try {
              if (isWanted(file)) {
                task.run();
              }
            } catch (IOException | RuntimeException e) {
              if (isWanted(file)) {
                LOGGER.atWarn().addKeyValue("file", file).setCause(e).log("no index for this file");
              }
            } finally {
              readers.leave(entered);
            }
          });
    } catch (RejectedExecutionException e) {
      LOGGER.atDebug().addKeyValue("file", file).log("no index for this file: the store closes");
    }
  }

  private boolean isWanted(BinlogFileId file) {
    Supplier<Inventory> files = inventory;
    boolean present = files == null || files.get().visibleEnd(file) >= 0;
    return !closed && present && reader.has(file);
  }

  /** The index of any file that can be read. */
  FileIndex index(BinlogFileId file, long size, ScanMeter.Scan scan) throws IOException {
    FileIndex live = growing.get(file);
    return live != null ? live : sidecar(file, size, scan).index();
  }

  /**
   * The sidecar of a closed file, made if there is none that fits.
   *
   * @throws IOException if the file cannot be read or is corrupt
   */
  Sidecar sidecar(BinlogFileId file, long size, ScanMeter.Scan scan) throws IOException {
    Sidecar known = kept(file);
    if (known != null && known.size() == size) {
      return known;
    }
    synchronized (lock(file)) {
      Sidecar found = existing(file, size, scan);
      if (found == null) {
        found = make(file, size, scan);
        onWorker(() -> link(file), file);
      }
      return found;
    }
  }

  /** The sidecar of a closed file, if there is one that fits. */
  @Nullable Sidecar existing(BinlogFileId file, long size) throws IOException {
    return existing(file, size, ScanMeter.uncounted());
  }

  private @Nullable Sidecar existing(BinlogFileId file, long size, ScanMeter.Scan scan)
      throws IOException {
    synchronized (lock(file)) {
      Sidecar known = kept(file);
      return known != null && known.size() == size ? known : load(file, size, scan);
    }
  }

  private @Nullable Sidecar kept(BinlogFileId file) {
    synchronized (loaded) {
      return loaded.get(file);
    }
  }

  private void keep(BinlogFileId file, Sidecar sidecar) {
    written.remove(file);
    if (sidecar.chain() == null) {
      unlinked.add(file);
    } else {
      unlinked.remove(file);
    }
    synchronized (loaded) {
      loaded.put(file, sidecar);
    }
  }

  /** Reads a sidecar; null if there is none, or it is not that of these bytes. */
  private @Nullable Sidecar load(BinlogFileId file, long size, ScanMeter.Scan scan)
      throws IOException {
    Sidecar sidecar = read(file, scan);
    if (sidecar == null) {
      return null;
    }
    scan.add(2L * Math.min(size, Sidecar.EDGE));
    if (sidecar.size() != size
        || (!reader.isArchived(file)
            && sidecar.edges() != FileIndexer.edges(source(file, ScanMeter.uncounted()), size))) {
      LOGGER.atWarn().addKeyValue("file", file).log("index does not fit its file, made again");
      return null;
    }
    keep(file, sidecar);
    return sidecar;
  }

  /** Reads a sidecar, whatever its file looks like; null if there is none of this version. */
  private @Nullable Sidecar read(BinlogFileId file, ScanMeter.Scan scan) throws IOException {
    Path path = Sidecar.path(paths.apply(file));
    try {
      if (disk.size(path) > MAX_SIDECAR) {
        return null;
      }
      byte[] stored = WholeFile.read(disk, path, MAX_SIDECAR);
      scan.add(stored.length);
      Sidecar sidecar = Sidecar.decode(smallFiles.open(path, stored));
      if (sidecar != null && smallFiles.isOutdated(stored)) {
        write(paths.apply(file), sidecar);
      }
      if (sidecar == null) {
        LOGGER.atInfo().addKeyValue("file", path).log("index is damaged or of another version");
      }
      return sidecar;
    } catch (NoSuchFileException e) {
      return null;
    } catch (DamagedFileException | MissingKeyException e) {
      LOGGER.atWarn().addKeyValue("file", path).setCause(e).log("index cannot be opened");
      return null;
    }
  }

  private FileScanner.Source source(BinlogFileId file, ScanMeter.Scan scan) {
    return (position, target) -> {
      int got = reader.read(file, position, target);
      scan.add(Math.max(0, got));
      return got;
    };
  }

  private Sidecar make(BinlogFileId file, long size, ScanMeter.Scan scan) throws IOException {
    Sidecar known = written.get(file);
    Sidecar sidecar;
    try {
      sidecar =
          known != null && known.size() == size
              ? known.withEdges(FileIndexer.edges(source(file, scan), size))
              : new FileIndexer(source(file, scan), size, () -> !isWanted(file)).run();
    } catch (IOException e) {
      throw new IOException("binlog file: " + paths.apply(file) + ": " + e.getMessage(), e);
    }
    keep(file, sidecar);
    write(paths.apply(file), sidecar);
    return sidecar;
  }

  /**
   * Not forced to disk: nothing depends on it, and a sidecar that cannot be written, or is not
   * whole after a crash, is made again.
   */
  private void write(Path file, Sidecar sidecar) {
    try {
      store(file, sidecar);
    } catch (IOException e) {
      LOGGER.atDebug().addKeyValue("file", file).setCause(e).log("index was not written");
    }
  }

  /**
   * Writes the sidecar of a closed file again, since it is not on the disk.
   *
   * @throws IOException if that cannot be done
   */
  void writeAgain(BinlogFileId file, long size) throws IOException {
    synchronized (lock(file)) {
      store(paths.apply(file), sidecar(file, size, ScanMeter.uncounted()));
    }
  }

  private void store(Path file, Sidecar sidecar) throws IOException {
    Path temporary = Sidecar.unfinishedPath(file);
    Path path = Sidecar.path(file);
    try {
      WholeFile.deleteIfExists(disk, temporary);
      try (DiskFile target = disk.open(temporary, Disk.Mode.CREATE_NEW)) {
        target.writeFully(ByteBuffer.wrap(smallFiles.seal(path, sidecar.encode())), 0);
      }
      disk.move(temporary, path);
    } catch (IOException e) {
      removeUnfinished(temporary);
      throw e;
    }
  }

  /** A disk that is full needs the room. */
  private void removeUnfinished(Path temporary) {
    try {
      WholeFile.deleteIfExists(disk, temporary);
    } catch (IOException e) {
      LOGGER.atDebug().addKeyValue("file", temporary).setCause(e).log("index was not removed");
    }
  }

  /** Forgets a file that is removed or cut, and removes its sidecar. */
  void forget(BinlogFileId file) throws IOException {
    growing.remove(file);
    drop(file);
  }

  /**
   * Removes a file's sidecar, because the file grows again. Not forced to disk either: a sidecar
   * that comes back after a crash does not fit its file any more.
   */
  void drop(BinlogFileId file) throws IOException {
    unlinked.remove(file);
    written.remove(file);
    synchronized (loaded) {
      loaded.remove(file);
    }
    WholeFile.deleteIfExists(disk, Sidecar.path(paths.apply(file)));
  }

  @Override
  public void close() {
    closed = true;
    worker.shutdown();
    try {
      if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
        LOGGER.atWarn().log("an index was not finished in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
