package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings closed files into the wanted form and then to the archive, oldest first, one at a time, on
 * a thread of its own. It never waits for anything but the disks, and nothing waits for it. What
 * fails is tried again later; a file whose own bytes are damaged stays as it is.
 */
final class FilePacker implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(FilePacker.class);

  /** How often an archive is looked at, that may be gone or back. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** When it is looked again whether the newest closed file is safe on the disk. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** When a damaged file is looked at again. */
  private static final Duration AGAIN = Duration.ofMinutes(10);

  private static final long CLOSE_SECONDS = 30;

  private final Disk disk;
  private final FileCatalog catalog;
  private final StoreFolder folder;
  private final LiveInventory live;
  private final Supplier<Watermark> durable;
  private final Archive archive;
  private final FormOptions options;
  private final Clock clock;
  private final StoredForm wanted;
  private final int level;
  private final Pacer pacer;
  private final FormChange change;
  private final ArchiveMove move;
  private final PackRetry packing = new PackRetry("change of the form", System::nanoTime);
  private final PackRetry archiving = new PackRetry("archive", System::nanoTime);
  private final Map<BinlogFileId, Damage> damaged = new ConcurrentHashMap<>();

  /** Sealed files that are known to be compressed. */
  private final Set<BinlogFileId> compressed = new HashSet<>();

  private final LongAdder packedFiles = new LongAdder();
  private final LongAdder plainBytes = new LongAdder();
  private final LongAdder packedBytes = new LongAdder();
  private final LongAdder movedFiles = new LongAdder();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread;
  private @Nullable ScheduledFuture<?> next;
  private volatile boolean hurried;

  /** Whether there are closed files that may not be touched yet. */
  private boolean waiting;

  /** What is wrong with a file, and when it is looked at again, by {@link System#nanoTime}. */
  private record Damage(String what, long again) {}

  FilePacker(
      Disk disk,
      FileCatalog catalog,
      LiveInventory live,
      Supplier<Watermark> durable,
      Archive archive,
      FormOptions options,
      Clock clock) {
    this.disk = disk;
    this.catalog = catalog;
    this.folder = new StoreFolder(disk, catalog);
    this.live = live;
    this.durable = durable;
    this.archive = archive;
    this.options = options;
    this.clock = clock;
    boolean compresses = options.compression() == Compression.ZSTD;
    boolean seals = catalog.forms().smallFiles().seals();
    StoredForm clear = compresses ? StoredForm.ZSTD : StoredForm.PLAIN;
    this.wanted = seals ? StoredForm.SEALED : clear;
    this.level = compresses ? options.level() : 0;
    this.pacer = new Pacer(options.rate(), System::nanoTime);
    PacedCopy copy = new PacedCopy(pacer);
    this.change = new FormChange(disk, catalog, this::isPresent, copy);
    this.move = new ArchiveMove(disk, catalog, archive, this::isPresent, copy);
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread worker = new Thread(task, "binlog-pack");
              worker.setDaemon(true);
              return worker;
            });
    thread.setKeepAliveTime(10, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.setRemoveOnCancelPolicy(true);
  }

  private boolean isPresent(BinlogFileId file) {
    return live.current().visibleEnd(file) >= 0;
  }

  /** Files were closed or purged: there may be work. Any thread. */
  synchronized void wake() {
    boolean work =
        wanted != StoredForm.PLAIN
            || archive.isSet()
            || catalog.places().archived() > 0
            || !catalog.places().gone().isEmpty();
    if (work && asked.compareAndSet(false, true)) {
      schedule(Duration.ZERO);
    }
  }

  /** While the disk is short of space, files go to the archive before their time. Any thread. */
  void hurry(boolean on) {
    if (hurried != on) {
      hurried = on;
      wake();
    }
  }

  /** One date at a time: a sooner one takes the place of a later one. */
  private synchronized void schedule(Duration delay) {
    ScheduledFuture<?> other = next;
    if (other != null) {
      other.cancel(false);
    }
    try {
      next = thread.schedule(this::pass, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOGGER.atDebug().log("no more packing: the store closes");
    }
  }

  PackStatus status() {
    String problem = packing.problem();
    if (problem.isEmpty() && !damaged.isEmpty()) {
      problem = damaged.values().iterator().next().what();
    }
    return new PackStatus(
        packedFiles.sum(),
        plainBytes.sum(),
        packedBytes.sum(),
        catalog.places().archived(),
        movedFiles.sum(),
        problem,
        archiving.problem());
  }

  /** All that is due, and a date for what is not. */
  private void pass() {
    asked.set(false);
    Duration pause = LOOK;
    try {
      waiting = false;
      pause = sooner(packAll(), archiveAll());
      pause = waiting ? sooner(pause, SOON) : pause;
    } catch (RuntimeException e) {
      LOGGER.atError().setCause(e).log("work on closed binlog files failed");
    }
    synchronized (this) {
      if (pause != null && !asked.get() && !pacer.isStopped()) {
        schedule(pause.plusMillis(1));
      }
    }
  }

  private static @Nullable Duration sooner(@Nullable Duration a, @Nullable Duration b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) < 0 ? a : b;
  }

  /** The files that a crash cannot make the newest again. */
  private List<StoredFile> closedFiles() {
    BinlogFileId end = durable.get().file();
    List<StoredFile> files = new ArrayList<>();
    for (StoredFile file : live.current().files()) {
      if (file.id().compareTo(end) < 0) {
        files.add(file);
      }
    }
    damaged.keySet().removeIf(file -> !isPresent(file));
    compressed.removeIf(file -> !isPresent(file));
    waiting = files.size() < live.current().size() - 1;
    return files;
  }

  /** What is to be done with one file. */
  private interface Step {
    /** Returns zero if it was done, how long it has to wait, or null if there is nothing to do. */
    @Nullable Duration run() throws IOException;
  }

  private @Nullable Duration attempt(StoredFile file, Step step) throws IOException {
    try {
      Duration early = step.run();
      if (early != null && early.isZero()) {
        damaged.remove(file.id());
      }
      return early;
    } catch (UnreadableSourceException e) {
      if (pacer.isStopped()) {
        throw e;
      }
      if (isPresent(file.id())) {
        String what = String.valueOf(e.getMessage());
        Damage known =
            damaged.put(file.id(), new Damage(what, System.nanoTime() + AGAIN.toNanos()));
        if (known == null || !known.what().equals(what)) {
          LOGGER
              .atError()
              .addKeyValue("file", file.id())
              .setCause(e)
              .log("binlog file cannot be read, it stays as it is");
        }
      }
    } catch (IOException e) {
      // Of a file that was purged, nothing needs to be where it was.
      if (pacer.isStopped() || isPresent(file.id())) {
        throw e;
      }
    }
    return null;
  }

  private boolean isLeftAlone(BinlogFileId file) {
    Damage damage = damaged.get(file);
    return damage != null && damage.again() - System.nanoTime() > 0;
  }

  private boolean isUnpacked(BinlogFileId file) throws IOException {
    FilePlace place = catalog.places().of(file);
    if (place.archived() || place.form().compareTo(wanted) > 0) {
      return false;
    }
    return place.form() != wanted || (wanted == StoredForm.SEALED && level > 0 && grew(file));
  }

  /** Tells whether a sealed file is as it was when it grew: not compressed. */
  private boolean grew(BinlogFileId file) throws IOException {
    if (compressed.contains(file)) {
      return false;
    }
    if (catalog.forms().sealed().isCompressed(catalog.path(file))) {
      compressed.add(file);
      return false;
    }
    return true;
  }

  private @Nullable Duration packAll() {
    if (wanted == StoredForm.PLAIN) {
      return null;
    }
    if (!packing.left().isZero()) {
      return packing.left();
    }
    try {
      for (StoredFile file : closedFiles()) {
        if (!isLeftAlone(file.id())) {
          attempt(file, () -> pack(file));
        }
      }
      packing.worked();
    } catch (IOException e) {
      if (pacer.isStopped()) {
        return null;
      }
      packing.failed(e);
      return packing.left();
    }
    return damaged.isEmpty() ? null : AGAIN;
  }

  private @Nullable Duration pack(StoredFile file) throws IOException {
    if (!isUnpacked(file.id())) {
      return null;
    }
    long bytes = change.run(file, wanted, level);
    if (bytes >= 0) {
      plainBytes.add(file.size());
      packedBytes.add(bytes);
      packedFiles.increment();
      LOGGER
          .atDebug()
          .addKeyValue("file", file.id())
          .addKeyValue("form", wanted)
          .addKeyValue("bytes", file.size())
          .addKeyValue("stored", bytes)
          .log("binlog file brought into another form");
    }
    return Duration.ZERO;
  }

  private @Nullable Duration archiveAll() {
    FilePlaces places = catalog.places();
    boolean used = archive.isSet() || places.archived() > 0;
    if (!used && places.gone().isEmpty()) {
      return null;
    }
    if (!archiving.left().isZero()) {
      return archiving.left();
    }
    try {
      archive.require();
      for (BinlogFileId file : places.gone()) {
        removeGone(file);
      }
      Duration next = archive.isSet() ? moveAll() : null;
      archiving.worked();
      return used ? sooner(next, LOOK) : next;
    } catch (IOException e) {
      if (pacer.isStopped()) {
        return null;
      }
      archiving.failed(e);
      return archiving.left();
    }
  }

  private void removeGone(BinlogFileId file) throws IOException {
    archive.remove(file);
    WholeFile.deleteIfExists(disk, ArchiveStub.gonePath(catalog.home(file)));
    disk.syncDirectory(catalog.epochDirectory(file.epoch()));
    catalog.places().gone().remove(file);
    BinlogFileId oldest = live.current().oldest();
    if (oldest != null && oldest.epoch() > file.epoch()) {
      folder.deleteEpoch(file.epoch());
    }
  }

  private @Nullable Duration moveAll() throws IOException {
    for (StoredFile file : closedFiles()) {
      Duration early = isLeftAlone(file.id()) ? null : attempt(file, () -> archive(file));
      if (early != null && !early.isZero()) {
        return early;
      }
    }
    return null;
  }

  /** In its form, or in the one that it has while it cannot be changed; never clear for sealed. */
  private boolean isReady(BinlogFileId file) throws IOException {
    FilePlace place = catalog.places().of(file);
    if (place.archived()) {
      return false;
    }
    if (packing.problem().isEmpty()) {
      return !isUnpacked(file);
    }
    return wanted != StoredForm.SEALED || place.form() == StoredForm.SEALED;
  }

  /** How long a file stays here yet. */
  private Duration early(BinlogFileId file) throws IOException {
    if (hurried || options.archiveAfter().isZero()) {
      return Duration.ZERO;
    }
    Instant closed = disk.lastModified(catalog.path(file));
    try {
      // A file that was packed is younger than its closing.
      Instant indexed = disk.lastModified(Sidecar.path(catalog.home(file)));
      closed = indexed.isBefore(closed) ? indexed : closed;
    } catch (NoSuchFileException e) {
      LOGGER.atDebug().addKeyValue("file", file).log("no index yet");
    }
    Duration left = Duration.between(clock.instant(), closed.plus(options.archiveAfter()));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private @Nullable Duration archive(StoredFile file) throws IOException {
    if (!isReady(file.id())) {
      return null;
    }
    Duration early = early(file.id());
    if (early.isZero() && move.run(file)) {
      movedFiles.increment();
      LOGGER.atDebug().addKeyValue("file", file.id()).log("binlog file archived");
    }
    return early;
  }

  /** Ends what is under way without finishing it. Blocks. */
  @Override
  public void close() {
    pacer.stop();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.atWarn().log("work on a closed binlog file did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
