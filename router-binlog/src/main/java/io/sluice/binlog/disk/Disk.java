package io.sluice.binlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the store does to a file system. What is written is durable after {@link
 * DiskFile#force}; what is created, renamed or removed after {@link #syncDirectory} of its folder.
 * Any thread; everything may block. Exceptions are those of {@code java.nio.file}.
 */
public interface Disk {
  /** The file system of the operating system. */
  Disk LOCAL = new LocalDisk();

  /** What a file is opened for. */
  enum Mode {
    /** To be read; it must be there. */
    READ,
    /** To be read and written; it must be there. */
    WRITE,
    /** To be read and written; it must not be there. */
    CREATE_NEW,
    /** The same, and nobody but the owner may read it. */
    CREATE_PRIVATE
  }

  /**
   * Opens a file.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   * @throws java.nio.file.FileAlreadyExistsException if it is there and must not be
   */
  DiskFile open(Path path, Mode mode) throws IOException;

  /** Tells whether there is a file or folder. */
  boolean exists(Path path);

  /** Tells whether there is a plain file. */
  boolean isRegularFile(Path path);

  /** Tells whether there is a folder. */
  boolean isDirectory(Path path);

  /**
   * Bytes of a file.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  long size(Path path) throws IOException;

  /** What is in a folder, in no order. */
  List<Path> list(Path directory) throws IOException;

  /** When a file was changed last. */
  Instant lastModified(Path path) throws IOException;

  /** Bytes that can still be written to the file system of a folder. */
  long usableBytes(Path directory) throws IOException;

  /** Makes a folder and those above it that are missing. */
  void createDirectories(Path directory) throws IOException;

  /**
   * Removes a file or an empty folder.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   * @throws java.nio.file.DirectoryNotEmptyException if there is something in the folder
   */
  void delete(Path path) throws IOException;

  /** Renames a file in one step, over another one if that is there. */
  void move(Path from, Path to) throws IOException;

  /** Makes creations, renames and removals in a folder durable. */
  void syncDirectory(Path directory) throws IOException;

  /**
   * Locks a folder through a file in it against all who do the same, in this process and others.
   *
   * @return ends the lock; null if another has it
   */
  @Nullable Closeable tryLock(Path file) throws IOException;
}
