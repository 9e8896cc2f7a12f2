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

  private final StoreFileSystem files;
  private final FileCatalog catalog;

  StoreFolder(StoreFileSystem files, FileCatalog catalog) {
    this.files = files;
    this.catalog = catalog;
  }

  /** Removes a sidecar whose file has gone; false if the name is not that of a sidecar. */
  boolean deleteOrphan(Path sidecar) throws IOException {
    String owner = Sidecar.owner(sidecar.getFileName().toString());
    if (owner != null && Files.notExists(sidecar.resolveSibling(owner))) {
      files.delete(sidecar);
    }
    return owner != null;
  }

  /** Renames a file that is not to be read, but too large to be forgotten. */
  void setAside(BinlogFileId file) throws IOException {
    catalog.forget(file);
    Path path = catalog.path(file);
    files.replace(path, path.resolveSibling(file.name() + ".broken"));
    files.syncDirectory(catalog.epochDirectory(file.epoch()));
  }

  /** Removes a file and what belongs to it, if it is there. */
  void delete(BinlogFileId file) throws IOException {
    catalog.forget(file);
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
