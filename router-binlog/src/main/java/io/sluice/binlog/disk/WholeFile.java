package io.sluice.binlog.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Small files that are read and replaced as a whole. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * All bytes of a file.
   *
   * @throws NoSuchFileException if it is not there
   * @throws IOException also if it is larger than a limit
   */
  public static byte[] read(Disk disk, Path path, int limit) throws IOException {
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      long size = file.size();
      if (size > limit) {
        throw new IOException(
            "file: " + path + " has " + size + " bytes (expected: at most " + limit + ")");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      if (file.readFully(bytes, 0) < size) {
        throw new IOException("file: " + path + " became shorter while it was read");
      }
      return bytes.array();
    }
  }

  /**
   * Replaces a file, or makes it: after a crash it has the old bytes or the new ones. It is durable
   * when this returns.
   *
   * @param temporary where the new bytes are written first, in the same folder
   */
  public static void replace(Disk disk, Path path, Path temporary, byte[] bytes, Disk.Mode creation)
      throws IOException {
    deleteIfExists(disk, temporary);
    try (DiskFile file = disk.open(temporary, creation)) {
      file.writeFully(ByteBuffer.wrap(bytes), 0);
      file.force(true);
    }
    disk.move(temporary, path);
    Path directory = path.getParent();
    if (directory != null) {
      disk.syncDirectory(directory);
    }
  }

  /** Removes a file if it is there; tells whether it was. */
  public static boolean deleteIfExists(Disk disk, Path path) throws IOException {
    try {
      disk.delete(path);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
