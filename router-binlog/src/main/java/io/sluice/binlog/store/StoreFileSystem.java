package io.sluice.binlog.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Every change that the store makes to the disk; tests put faults in between. */
interface StoreFileSystem {
  /** The file system of the operating system. */
  StoreFileSystem DEFAULT = new StoreFileSystem() {};

  /** Opens a file. */
  default FileChannel open(Path path, OpenOption... options) throws IOException {
    return FileChannel.open(path, options);
  }

  /** Removes a file. */
  default void delete(Path path) throws IOException {
    Files.delete(path);
  }

  /** Replaces a file atomically. */
  default void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes a file's bytes durable. */
  default void force(FileChannel channel, boolean metadata) throws IOException {
    channel.force(metadata);
  }

  /** Makes creations, renames and removals in a directory durable. */
  default void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
