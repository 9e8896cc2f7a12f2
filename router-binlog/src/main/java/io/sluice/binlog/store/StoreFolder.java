package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.form.StoredForm;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files and epochs so that a crash in between leaves nothing in doubt: what belongs to a
 * file goes before it, and each step is on the disk before the next. Blocks; any thread.
 */
final class StoreFolder {
  private static final Logger LOGGER = LoggerFactory.getLogger(StoreFolder.class);
  static final String LOCK = "lock";
  private static final int LOCK_TRIES = 4;
  private static final Duration LOCK_PAUSE = Duration.ofMillis(50);

  private final Disk disk;
  private final FileCatalog catalog;

  /** Where a removal is not known to be on the disk, for its force has failed. */
  private @Nullable Path unforced;

  StoreFolder(Disk disk, FileCatalog catalog) {
    this.disk = disk;
    this.catalog = catalog;
  }

  /**
   * Takes a store's lock.
   *
   * @throws StoreLockedException if somebody else has it for longer than a moment
   */
  static Closeable lock(Disk disk, Path directory) throws IOException {
    Closeable lock = disk.tryLock(directory.resolve(LOCK));
    for (int i = 0; lock == null && i < LOCK_TRIES; i++) {
      // Who only asks whether the store is in use has the lock for a moment too.
      LockSupport.parkNanos(LOCK_PAUSE.toNanos());
      lock = disk.tryLock(directory.resolve(LOCK));
    }
    if (lock == null) {
      throw new StoreLockedException(directory);
    }
    return lock;
  }

  /**
   * Makes the folder of a store. That of an empty one is forced to disk with those above it, since
   * nobody knows whether the run that made them came so far.
   */
  static void prepare(Disk disk, Path directory) throws IOException {
    disk.createDirectories(directory);
    Path whole = directory.toAbsolutePath();
    if (disk.exists(epochDirectory(directory, 1))) {
      return;
    }
    for (Path parent = whole.getParent(); parent != null; parent = parent.getParent()) {
      try {
        disk.syncDirectory(parent);
      } catch (AccessDeniedException e) {
        // Then it was not this user who made what is in it.
        return;
      }
    }
  }

  /** Where the files of an epoch are. */
  static Path epochDirectory(Path directory, int epoch) {
    String number = Integer.toString(epoch);
    return directory.resolve(
        number.length() < 4 ? "0000".substring(number.length()) + number : number);
  }

  /** Removes a sidecar whose file has gone; false if the name is not that of a sidecar. */
  boolean deleteOrphan(Path sidecar) throws IOException {
    String owner = Sidecar.owner(sidecar.getFileName().toString());
    if (owner != null && !hasOwner(sidecar.resolveSibling(owner))) {
      disk.delete(sidecar);
    }
    return owner != null;
  }

  private boolean hasOwner(Path home) {
    boolean has = disk.exists(ArchiveStub.path(home));
    for (StoredForm form : StoredForm.values()) {
      has |= disk.exists(home.resolveSibling(form.nameOnDisk(home.getFileName().toString())));
    }
    return has;
  }

  /** Tells whether a file is on the disk. */
  boolean has(BinlogFileId file) {
    return catalog.has(file);
  }

  /** Renames a file that is not to be read, but too large to be forgotten. */
  void setAside(BinlogFileId file) throws IOException {
    catalog.forget(file);
    setAside(catalog.path(file));
    disk.syncDirectory(catalog.epochDirectory(file.epoch()));
    catalog.places().forget(file);
  }

  /** Makes room for a new file: what has its name and is not ours gets another one. */
  void clear(BinlogFileId file) throws IOException {
    Path path = catalog.path(file);
    if (disk.exists(path)) {
      LOGGER
          .atWarn()
          .addKeyValue("file", path)
          .log("not a file of this binlog store, but in its way: renamed");
      setAside(path);
    }
  }

  /** Renames a file to a name that no file has yet. */
  private void setAside(Path path) throws IOException {
    String name = path.getFileName() + ".broken";
    Path aside = path.resolveSibling(name);
    for (int i = 2; disk.exists(aside); i++) {
      aside = path.resolveSibling(name + "." + i);
    }
    disk.move(path, aside);
  }

  /**
   * Removes a file in whatever form and what belongs to it, if it is there. After a failure the
   * next removal first forces what that one left: else an older file could be there again after a
   * crash, and a newer one not.
   */
  void delete(BinlogFileId file) throws IOException {
    synchronized (catalog.changes()) {
      Path before = unforced;
      if (before != null && disk.exists(before)) {
        disk.syncDirectory(before);
      }
      unforced = catalog.epochDirectory(file.epoch());
      catalog.forget(file);
      FilePlaces places = catalog.places();
      Path home = catalog.home(file);
      boolean removed = places.of(file).archived();
      if (removed) {
        // What the archive has is removed when it is there.
        disk.move(ArchiveStub.path(home), ArchiveStub.gonePath(home));
        places.gone().add(file);
        places.forget(file);
      } else {
        removed = deleteIfThere(ArchiveStub.path(home));
      }
      for (StoredForm form : StoredForm.values()) {
        removed |= deleteIfThere(places.local(file, form));
      }
      places.forget(file);
      if (removed) {
        disk.syncDirectory(catalog.epochDirectory(file.epoch()));
      }
      unforced = null;
    }
  }

  private boolean deleteIfThere(Path path) throws IOException {
    boolean there = disk.exists(path);
    if (there) {
      disk.delete(path);
    }
    return there;
  }

  /** Removes the folder of an epoch that has no file any more. What is not ours keeps it there. */
  void deleteEpoch(int epoch) throws IOException {
    Path directory = catalog.epochDirectory(epoch);
    if (!disk.exists(directory)) {
      return;
    }
    try {
      disk.delete(directory);
    } catch (DirectoryNotEmptyException e) {
      if (catalog.places().gone().stream().anyMatch(file -> file.epoch() == epoch)) {
        LOGGER.atDebug().addKeyValue("directory", directory).log("folder waits for the archive");
        return;
      }
      LOGGER
          .atWarn()
          .addKeyValue("directory", directory)
          .log("folder of an epoch without binlog files has other files, kept");
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      disk.syncDirectory(parent);
    }
  }
}
