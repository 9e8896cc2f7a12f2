package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The second folder, on a share that may come and go. A file in it says whose archive it is: the
 * empty folder that is there while nothing is mounted, and the archive of another store, are never
 * taken for it. One thread; blocks.
 */
final class Archive {
  /** Says whose archive it is. */
  static final String MARKER = "sluice-archive.id";

  private static final String ID = "archive-id";
  private static final String MADE = "archive-made";
  private static final int LIMIT = 1 << 10;

  private final Disk disk;
  private final @Nullable Path directory;
  private final StoreMetadata metadata;

  Archive(Disk disk, @Nullable Path directory, StoreMetadata metadata) {
    this.disk = disk;
    this.directory = directory;
    this.metadata = metadata;
  }

  /** Tells whether there is one. */
  boolean isSet() {
    return directory != null;
  }

  /**
   * The archive's folder, if it is there and ours. It becomes ours if this store has none yet.
   *
   * @throws IOException if not; says why
   */
  Path require() throws IOException {
    Path root = directory;
    if (root == null) {
      throw new IOException("archived binlog files: out of reach (expected: archive-dir is set)");
    }
    if (!disk.isDirectory(root)) {
      throw new IOException("archive-dir: " + root + " (expected: a directory; is it mounted?)");
    }
    String known = metadata.get(ID);
    String there = marker(root);
    if (known != null && known.equals(there)) {
      return root;
    }
    if (there != null) {
      throw new IOException(
          "archive-dir: " + root + " is the archive of another store (expected: one of its own)");
    }
    if (known != null && metadata.get(MADE) != null) {
      throw new IOException(
          "archive-dir: "
              + root
              + " has no "
              + MARKER
              + " (expected: this store's archive; is it mounted?)");
    }
    claim(root, known == null ? UUID.randomUUID().toString() : known);
    return root;
  }

  private @Nullable String marker(Path root) throws IOException {
    try {
      byte[] bytes = WholeFile.read(disk, root.resolve(MARKER), LIMIT);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The id first, so that a crash in between leaves no marker that nobody knows. */
  private void claim(Path root, String id) throws IOException {
    keep(ID, id);
    byte[] bytes = (id + "\n").getBytes(StandardCharsets.UTF_8);
    WholeFile.replace(
        disk, root.resolve(MARKER), root.resolve(MARKER + ".new"), bytes, Disk.Mode.CREATE_NEW);
    keep(MADE, "true");
  }

  private void keep(String key, String value) throws IOException {
    try {
      metadata.update(Map.of(key, value)).get();
    } catch (ExecutionException | CompletionException e) {
      throw new IOException("store metadata: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("store: closed", e);
    }
  }

  /** Makes room for a file and tells where. */
  Path target(BinlogFileId file, StoredForm form) throws IOException {
    Path root = require();
    Path target = FilePlaces.inArchive(root, file, form);
    Path folder = target.getParent();
    if (folder != null && !disk.isDirectory(folder)) {
      disk.createDirectories(folder);
    }
    // Also of a folder that was there: who made it may have been killed before it was kept for
    // good.
    disk.syncDirectory(root);
    return target;
  }

  /** Removes whatever is there of a file. */
  void remove(BinlogFileId file) throws IOException {
    Path root = require();
    Path folder = FilePlaces.inArchive(root, file, StoredForm.PLAIN).getParent();
    if (folder == null || !disk.isDirectory(folder)) {
      return;
    }
    boolean removed = false;
    for (StoredForm form : StoredForm.values()) {
      removed |= WholeFile.deleteIfExists(disk, folder.resolve(form.nameOnDisk(file.name())));
      removed |= WholeFile.deleteIfExists(disk, folder.resolve(form.unfinishedName(file.name())));
    }
    if (disk.list(folder).isEmpty()) {
      disk.delete(folder);
      disk.syncDirectory(root);
    } else if (removed) {
      disk.syncDirectory(folder);
    }
  }
}
