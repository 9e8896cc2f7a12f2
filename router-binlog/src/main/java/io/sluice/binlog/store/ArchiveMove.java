package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.StoredBytes;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Moves one closed file to the archive: a copy is made there, forced to disk and compared, then an
 * {@link ArchiveStub} tells that it is there, and only then the store's own bytes go. Whatever is
 * cut short leaves the store's own bytes, or all of the copy and its stub. One thread; blocks.
 */
final class ArchiveMove {
  private final Disk disk;
  private final FileCatalog catalog;
  private final Archive archive;
  private final Predicate<BinlogFileId> present;
  private final PacedCopy copy;

  ArchiveMove(
      Disk disk,
      FileCatalog catalog,
      Archive archive,
      Predicate<BinlogFileId> present,
      PacedCopy copy) {
    this.disk = disk;
    this.catalog = catalog;
    this.archive = archive;
    this.present = present;
    this.copy = copy;
  }

  /**
   * Does it.
   *
   * @return false if the file was purged meanwhile
   * @throws UnreadableSourceException if the file itself is damaged
   */
  boolean run(StoredFile stored) throws IOException {
    BinlogFileId file = stored.id();
    StoredForm form = catalog.places().of(file).form();
    Path source = catalog.path(file);
    String hash = FormChange.hash(catalog, stored);
    Path target = archive.target(file, form);
    if (!disk.exists(target) || !isWhole(target, form, hash)) {
      copy(stored, target, hash);
    } else {
      force(target);
    }
    ArchiveStub stub = new ArchiveStub(form, stored.size(), disk.size(target), head(stored));
    forceSidecar(stored);
    synchronized (catalog.changes()) {
      if (present.test(file)) {
        stub.write(disk, catalog.forms().smallFiles(), catalog.home(file));
        catalog.moved(file, stub.place());
        disk.delete(source);
        disk.syncDirectory(catalog.epochDirectory(file.epoch()));
        return true;
      }
    }
    archive.remove(file);
    return false;
  }

  /** Copies what is on the disk; of a plain file without the in-use flag. */
  private void copy(StoredFile stored, Path target, String hash) throws IOException {
    BinlogFileId file = stored.id();
    StoredForm form = catalog.places().of(file).form();
    Path unfinished = target.resolveSibling(form.unfinishedName(file.name()));
    WholeFile.deleteIfExists(disk, unfinished);
    boolean renamed = false;
    try (DiskFile local = disk.open(catalog.path(file), Disk.Mode.READ);
        DiskFile made = disk.open(unfinished, Disk.Mode.CREATE_NEW)) {
      PacedCopy.Source source =
          form == StoredForm.PLAIN ? FormChange.source(catalog, file) : local::readFully;
      String copied =
          copy.copy(source, local.size(), (bytes, position) -> made.writeFully(bytes, position));
      made.force(true);
      if (!isWhole(unfinished, form, hash)) {
        String back = copy.hash(made::readFully, made.size());
        if (back.equals(copied)) {
          throw new UnreadableSourceException(file, "not the bytes of SHA-256 " + hash);
        }
        throw new IOException("file: " + unfinished + " (expected: the bytes of " + file + ")");
      }
      disk.move(unfinished, target);
      renamed = true;
      syncFolder(target);
    } finally {
      if (!renamed) {
        WholeFile.deleteIfExists(disk, unfinished);
      }
    }
  }

  /** Who copied it may not have come to that. */
  private void force(Path target) throws IOException {
    try (DiskFile there = disk.open(target, Disk.Mode.WRITE)) {
      there.force(true);
    }
    syncFolder(target);
  }

  private void syncFolder(Path target) throws IOException {
    Path folder = target.getParent();
    if (folder != null) {
      disk.syncDirectory(folder);
    }
  }

  private boolean isWhole(Path path, StoredForm form, String hash) throws IOException {
    try (StoredBytes bytes = catalog.forms().open(path, form)) {
      return copy.hash(bytes::read, bytes.size()).equals(hash);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      if (copy.isStopped()) {
        throw e;
      }
      return false;
    }
  }

  private byte[] head(StoredFile stored) throws IOException {
    try {
      ByteBuffer head =
          ByteBuffer.allocate(Math.toIntExact(catalog.head(stored.id(), stored.size()).end()));
      catalog.read(stored.id(), 0, head);
      return head.array();
    } catch (IOException e) {
      throw new UnreadableSourceException(stored.id(), e);
    }
  }

  /** Without it, who looks for a GTID would have to read the archive. */
  private void forceSidecar(StoredFile stored) throws IOException {
    try {
      forceSidecar(stored.id());
    } catch (NoSuchFileException e) {
      // It could not be written when it was made.
      catalog.sidecars().writeAgain(stored.id(), stored.size());
      forceSidecar(stored.id());
    }
  }

  private void forceSidecar(BinlogFileId file) throws IOException {
    try (DiskFile sidecar = disk.open(Sidecar.path(catalog.home(file)), Disk.Mode.WRITE)) {
      sidecar.force(true);
    }
  }
}
