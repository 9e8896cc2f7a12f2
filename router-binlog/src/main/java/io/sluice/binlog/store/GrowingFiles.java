package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.form.GrowingFile;
import io.sluice.binlog.form.PlainFile;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the file that the log grows in, in the form that it has or shall have. */
final class GrowingFiles {
  private final Disk disk;

  GrowingFiles(Disk disk) {
    this.disk = disk;
  }

  /**
   * Creates an empty file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   */
  GrowingFile create(Path path) throws IOException {
    return plain(path, Disk.Mode.CREATE_NEW);
  }

  /** Opens a file that grows again. */
  GrowingFile reopen(Path path) throws IOException {
    return plain(path, Disk.Mode.WRITE);
  }

  private GrowingFile plain(Path path, Disk.Mode mode) throws IOException {
    return new PlainFile(
        disk.open(path, mode), BinlogFileFormat.IN_USE_OFFSET, EventHeader.FLAG_IN_USE);
  }
}
