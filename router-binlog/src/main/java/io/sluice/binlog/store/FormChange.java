package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.PackWriter;
import io.sluice.binlog.form.StoredBytes;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Brings one closed file into another form: the new form is written under another name, forced to
 * disk, read back and compared, and only then takes the place of the old one. Whatever is cut short
 * leaves one whole form. One thread; blocks.
 */
final class FormChange {
  private final Disk disk;
  private final FileCatalog catalog;
  private final Predicate<BinlogFileId> present;
  private final PacedCopy copy;

  /**
   * Prepares for files of a catalog.
   *
   * @param present whether a file is still part of the log, asked under the catalog's lock
   */
  FormChange(Disk disk, FileCatalog catalog, Predicate<BinlogFileId> present, PacedCopy copy) {
    this.disk = disk;
    this.catalog = catalog;
    this.present = present;
    this.copy = copy;
  }

  /**
   * Does it.
   *
   * @return bytes on the disk afterwards; -1 if the file was purged meanwhile
   * @throws UnreadableSourceException if the file itself is damaged
   */
  long run(StoredFile stored, StoredForm form, int level) throws IOException {
    BinlogFileId file = stored.id();
    Path unfinished = catalog.home(file).resolveSibling(form.unfinishedName(file.name()));
    boolean renamed = false;
    try {
      String hash = write(stored, unfinished, form, level);
      compare(unfinished, form, hash);
      synchronized (catalog.changes()) {
        if (!present.test(file)) {
          return -1;
        }
        Path before = catalog.path(file);
        Path after = catalog.places().local(file, form);
        disk.move(unfinished, after);
        renamed = true;
        disk.syncDirectory(catalog.epochDirectory(file.epoch()));
        catalog.moved(file, FilePlace.local(form));
        if (!before.equals(after)) {
          disk.delete(before);
        }
        disk.syncDirectory(catalog.epochDirectory(file.epoch()));
        return disk.size(after);
      }
    } finally {
      if (!renamed) {
        WholeFile.deleteIfExists(disk, unfinished);
      }
    }
  }

  /** Writes the new form; returns the SHA-256 of what the old one has, which is the right one. */
  private String write(StoredFile stored, Path unfinished, StoredForm form, int level)
      throws IOException {
    BinlogFileId file = stored.id();
    String expected = hash(catalog, stored);
    WholeFile.deleteIfExists(disk, unfinished);
    try (PackWriter writer = catalog.forms().create(unfinished, form, level)) {
      String hash =
          copy.copy(source(catalog, file), stored.size(), (bytes, position) -> writer.write(bytes));
      if (!hash.equals(expected)) {
        throw new UnreadableSourceException(
            file, "SHA-256 " + hash + " (expected: " + expected + ")");
      }
      writer.finish();
    }
    return expected;
  }

  private void compare(Path path, StoredForm form, String expected) throws IOException {
    try (StoredBytes bytes = catalog.forms().open(path, form)) {
      String hash = copy.hash(bytes::read, bytes.size());
      if (!hash.equals(expected)) {
        throw new IOException(
            "file: " + path + " has the SHA-256 " + hash + " (expected: " + expected + ")");
      }
    }
  }

  /** The SHA-256 that a closed file must have. */
  static String hash(FileCatalog catalog, StoredFile stored) throws UnreadableSourceException {
    try {
      return catalog.sidecars().sidecar(stored.id(), stored.size(), ScanMeter.uncounted()).sha256();
    } catch (IOException e) {
      throw new UnreadableSourceException(stored.id(), e);
    }
  }

  /** The bytes of a file wherever it is. */
  static PacedCopy.Source source(FileCatalog catalog, BinlogFileId file) {
    return (target, position) -> {
      try {
        return catalog.read(file, position, target);
      } catch (IOException e) {
        throw new UnreadableSourceException(file, e);
      }
    };
  }
}
