package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/** Finds out whether a disk takes bytes, with some that nobody needs. */
final class DiskProbe {
  private static final String NAME = "probe";

  /** As much as one batch of the writer. */
  private static final int BYTES = 1 << 20;

  private DiskProbe() {}

  /**
   * Writes and forces a file beside the log, and removes it.
   *
   * @throws IOException if that cannot be done; what is stored is as it was
   */
  static void run(Disk disk, Path directory) throws IOException {
    Path probe = directory.resolve(NAME);
    WholeFile.deleteIfExists(disk, probe);
    byte[] bytes = new byte[BYTES];
    new Random().nextBytes(bytes);
    try (DiskFile file = disk.open(probe, Disk.Mode.CREATE_NEW)) {
      file.writeFully(ByteBuffer.wrap(bytes), 0);
      file.force(true);
    } finally {
      WholeFile.deleteIfExists(disk, probe);
    }
  }
}
