package io.sluice.binlog.store;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files and epochs so that a crash in between leaves nothing in doubt: what belongs to a
 * file goes before it, and each step is on the disk before the next. Blocks; any thread.
 */
final class StoreFolder {
  private static final Logger LOGGER = LoggerFactory.getLogger(StoreFolder.class);

  /** What is known of a closed file stands beside it, under its name with this ending. */
  static final String SIDECAR = ".idx";

  private final StoreFileSystem files;
  private final FileCatalog catalog;

  StoreFolder(StoreFileSystem files, FileCatalog catalog) {
    this.files = files;
    this.catalog = catalog;
  }

  /** Where a file's sidecar is, if it has one. */
  Path sidecar(BinlogFileId file) {
    Path path = catalog.path(file);
    return path.resolveSibling(file.name() + SIDECAR);
  }

  /** Tells whether a name is that of a sidecar. */
  static boolean isSidecar(String name) {
    return name.endsWith(SIDECAR)
        && BinlogFileFormat.isValidName(name.substring(0, name.length() - SIDECAR.length()));
  }

  /** Removes a sidecar whose file has gone. */
  void deleteOrphan(Path sidecar) throws IOException {
    String name = sidecar.getFileName().toString();
    String owner = name.substring(0, name.length() - SIDECAR.length());
    if (Files.notExists(sidecar.resolveSibling(owner))) {
      files.delete(sidecar);
    }
  }

  /** Renames a file that is not to be read, but too large to be forgotten. */
  void setAside(BinlogFileId file) throws IOException {
    catalog.forget(file);
    deleteSidecar(file);
    Path path = catalog.path(file);
    files.replace(path, path.resolveSibling(file.name() + ".broken"));
    files.syncDirectory(catalog.epochDirectory(file.epoch()));
  }

  /** Removes a file's sidecar, because the file grows again. */
  void deleteSidecar(BinlogFileId file) throws IOException {
    Path path = sidecar(file);
    if (Files.exists(path)) {
      files.delete(path);
    }
  }

  /** Removes a file and what belongs to it, if it is there. */
  void delete(BinlogFileId file) throws IOException {
    catalog.forget(file);
    deleteSidecar(file);
    Path path = catalog.path(file);
    if (Files.exists(path)) {
      files.delete(path);
      files.syncDirectory(catalog.epochDirectory(file.epoch()));
    }
  }

  /** Removes the folder of an epoch that has no file any more. What is not ours keeps it there. */
  void deleteEpoch(int epoch) throws IOException {
    Path directory = catalog.epochDirectory(epoch);
    if (!Files.exists(directory)) {
      return;
    }
    try {
      files.delete(directory);
    } catch (DirectoryNotEmptyException e) {
      LOGGER
          .atWarn()
          .addKeyValue("directory", directory)
          .log("folder of an epoch without binlog files has other files, kept");
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      files.syncDirectory(parent);
    }
  }
}
