package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.DamagedFileException;
import io.sluice.binlog.form.MissingKeyException;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out in which form each file is, and leaves one where a crash has left two: the packed one
 * if it has the bytes of the other, and what the store itself has before what the archive may have.
 * Confined to one thread, blocks.
 */
final class FormSettler {
  private static final Logger LOGGER = LoggerFactory.getLogger(FormSettler.class);
  private static final int PIECE = 256 << 10;
  private static final int MAX_SIDECAR = 1 << 30;

  private final Disk disk;
  private final FileCatalog catalog;
  private final RecoveryFindings findings;
  private final Map<BinlogFileId, EnumSet<StoredForm>> forms = new TreeMap<>();
  private final NavigableSet<BinlogFileId> stubs = new TreeSet<>();
  private final NavigableSet<BinlogFileId> unended = new TreeSet<>();
  private final NavigableMap<BinlogFileId, String> damaged = new TreeMap<>();

  FormSettler(Disk disk, FileCatalog catalog, RecoveryFindings findings) {
    this.disk = disk;
    this.catalog = catalog;
    this.findings = findings;
  }

  /** Sealed files that were not closed: all but the newest of the log are damaged. */
  NavigableSet<BinlogFileId> unended() {
    return unended;
  }

  /** Sealed files that were closed and cannot be opened: the newest is cut, others are damaged. */
  NavigableMap<BinlogFileId, String> damaged() {
    return damaged;
  }

  /** There is a plain file. */
  void plain(BinlogFileId file) {
    add(file, StoredForm.PLAIN);
  }

  private void add(BinlogFileId file, StoredForm form) {
    forms.computeIfAbsent(file, id -> EnumSet.noneOf(StoredForm.class)).add(form);
  }

  /** Removes a form that was not finished; false if the name is that of something else. */
  boolean removeUnfinished(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    String finished = StoredForm.finishedName(name);
    boolean unfinished =
        ArchiveStub.isUnfinished(name) || (finished != null && packed(finished) != null);
    if (unfinished) {
      disk.delete(entry);
    }
    return unfinished;
  }

  private record Packed(String name, StoredForm form) {}

  private static @Nullable Packed packed(String nameOnDisk) {
    for (StoredForm form : Set.of(StoredForm.ZSTD, StoredForm.SEALED)) {
      String name = form.fileName(nameOnDisk);
      if (name != null && BinlogFileFormat.isValidName(name)) {
        return new Packed(name, form);
      }
    }
    return null;
  }

  /** The file that a packed form or a note of the archive stands for; null for anything else. */
  @Nullable BinlogFileId take(int epoch, Path entry) {
    String nameOnDisk = entry.getFileName().toString();
    Packed packed = packed(nameOnDisk);
    if (packed != null && disk.isRegularFile(entry)) {
      BinlogFileId file = new BinlogFileId(epoch, packed.name());
      add(file, packed.form());
      return file;
    }
    String archived = ArchiveStub.owner(nameOnDisk);
    if (archived != null && disk.isRegularFile(entry)) {
      BinlogFileId file = new BinlogFileId(epoch, archived);
      stubs.add(file);
      return file;
    }
    return null;
  }

  /** Takes note of a purged file that may still be in the archive; false for anything else. */
  boolean takeGone(int epoch, Path entry) {
    String gone = ArchiveStub.ownerOfGone(entry.getFileName().toString());
    if (gone != null) {
      catalog.places().gone().add(new BinlogFileId(epoch, gone));
    }
    return gone != null;
  }

  /**
   * Leaves one form of a file and tells the catalog.
   *
   * @return bytes of the file of the log; negative if there is nothing that tells of it
   */
  long settle(BinlogFileId file) throws IOException {
    EnumSet<StoredForm> found = forms.getOrDefault(file, EnumSet.noneOf(StoredForm.class));
    Path stub = ArchiveStub.path(catalog.home(file));
    if (found.isEmpty()) {
      return archived(file, stub);
    }
    StoredForm kept = found.iterator().next();
    for (StoredForm other : found) {
      if (other != kept) {
        kept = choose(file, kept, other);
      }
    }
    if (stubs.contains(file)) {
      // It was about to be removed here; it goes to the archive again.
      remove(file, stub);
    }
    if (kept == StoredForm.PLAIN) {
      return disk.size(catalog.path(file));
    }
    catalog.places().put(file, FilePlace.local(kept));
    return packedSize(file);
  }

  /** Of a file whose note is damaged, the sidecar tells the size. */
  private long archived(BinlogFileId file, Path stub) throws IOException {
    try {
      ArchiveStub note = ArchiveStub.read(disk, catalog.forms().smallFiles(), stub);
      catalog.places().put(file, note.place());
      return note.size();
    } catch (IOException e) {
      Long size = sizeInSidecar(file);
      String what = "binlog file " + file + " is archived and cannot be read: " + e.getMessage();
      if (size == null) {
        findings.problem(what + "; left out, since it has no sidecar either");
        return -1;
      }
      findings.problem(what);
      catalog.places().put(file, FilePlace.UNTOLD);
      return size;
    }
  }

  private long packedSize(BinlogFileId file) throws IOException {
    try {
      return catalog.storedSize(file);
    } catch (IOException e) {
      Long size = sizeInSidecar(file);
      if (catalog.places().of(file).form() == StoredForm.SEALED) {
        Path path = catalog.path(file);
        long closed = catalog.forms().sealed().closedSize(path);
        if (closed < 0) {
          unended.add(file);
          return size == null ? disk.size(path) : size;
        }
        damaged.put(file, String.valueOf(e.getMessage()));
        return closed;
      }
      if (size == null) {
        throw e;
      }
      findings.problem("binlog file " + file + " is damaged: " + e.getMessage());
      return size;
    }
  }

  private @Nullable Long sizeInSidecar(BinlogFileId file) throws IOException {
    try {
      Path path = Sidecar.path(catalog.home(file));
      byte[] stored = WholeFile.read(disk, path, MAX_SIDECAR);
      Sidecar sidecar = Sidecar.decode(catalog.forms().smallFiles().open(path, stored));
      return sidecar == null ? null : sidecar.size();
    } catch (NoSuchFileException | DamagedFileException | MissingKeyException e) {
      return null;
    }
  }

  /** The second one was made from the first one: it counts if it has the same bytes. */
  private StoredForm choose(BinlogFileId file, StoredForm first, StoredForm second)
      throws IOException {
    boolean same = haveSameBytes(file, first, second);
    remove(file, catalog.places().local(file, same ? first : second));
    return same ? second : first;
  }

  private boolean haveSameBytes(BinlogFileId file, StoredForm first, StoredForm second)
      throws IOException {
    FilePlaces places = catalog.places();
    try {
      places.put(file, FilePlace.local(second));
      long size = catalog.storedSize(file);
      places.put(file, FilePlace.local(first));
      if (catalog.storedSize(file) != size) {
        return false;
      }
      ByteBuffer one = ByteBuffer.allocate(PIECE);
      ByteBuffer other = ByteBuffer.allocate(PIECE);
      boolean same = true;
      for (long at = 0; same && at < size; at += PIECE) {
        places.put(file, FilePlace.local(first));
        catalog.read(file, at, one.clear());
        places.put(file, FilePlace.local(second));
        catalog.read(file, at, other.clear());
        same = one.flip().equals(other.flip());
      }
      return same;
    } catch (IOException e) {
      LOGGER.atWarn().addKeyValue("file", file).setCause(e).log("a form of this file is damaged");
      return false;
    } finally {
      catalog.moved(file, FilePlace.local(first));
      catalog.moved(file, FilePlace.local(second));
      catalog.moved(file, FilePlace.PLAIN);
    }
  }

  private void remove(BinlogFileId file, Path path) throws IOException {
    LOGGER
        .atInfo()
        .addKeyValue("file", path)
        .log("a second form of a binlog file, left by a crash, removed");
    // The form that stays may have got its name just before the process was killed.
    disk.syncDirectory(catalog.epochDirectory(file.epoch()));
    disk.delete(path);
    disk.syncDirectory(catalog.epochDirectory(file.epoch()));
  }
}
