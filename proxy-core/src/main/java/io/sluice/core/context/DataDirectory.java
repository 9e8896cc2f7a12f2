package io.sluice.core.context;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory below {@code data-dir}, made at the first call, readable by its owner only. */
public final class DataDirectory {

  private final Path path;
  private boolean made;

  /** Makes nothing yet. */
  public DataDirectory(Path root, String kind, String name) {
    this.path = root.resolve(kind).resolve(name).toAbsolutePath().normalize();
  }

  /**
   * The directory. Blocks: not for event loops.
   *
   * @throws UncheckedIOException if it cannot be made
   */
  public synchronized Path get() {
    if (!made) {
      try {
        Files.createDirectories(path, ownerOnly());
      } catch (IOException e) {
        throw new UncheckedIOException("data directory: " + path + " (expected: writable)", e);
      }
      made = true;
    }
    return path;
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
