package io.sluice.core.boot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data directory, held by this process alone until closed. */
final class DataDirectory implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(DataDirectory.class);
  private static final String LOCK_FILE = "sluice.lock";

  private final FileChannel channel;

  private DataDirectory(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the directory if it is not there and locks it.
   *
   * @throws StartException if it cannot be used
   */
  static DataDirectory open(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel)) {
        return new DataDirectory(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new StartException(
          "data-dir: " + directory + " (expected: a directory that can be written): " + e, e);
    }
    throw new StartException(
        "data-dir: " + directory + ": in use by another process (expected: one of its own)", null);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Lets others have it. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOGGER.atWarn().setCause(e).log("lock of the data directory not closed");
    }
  }
}
