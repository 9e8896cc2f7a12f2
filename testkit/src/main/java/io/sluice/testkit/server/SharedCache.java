package io.sluice.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Directories that are made once per machine and user and then shared by all JVMs: the unpacked
 * server, the template data directories. An entry appears by rename, so it is whole or not there.
 */
final class SharedCache {
  private static final Object IN_JVM = new Object();

  private SharedCache() {}

  /** Fills an empty directory. */
  @FunctionalInterface
  interface Filler {
    void fill(Path emptyDirectory) throws IOException;
  }

  static Path root() {
    Path root = temporary().resolve("sluice-testkit-" + System.getProperty("user.name", "user"));
    try {
      if (!Files.isDirectory(root)) {
        Files.createDirectories(
            root,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the cache directory " + root, e);
    }
    return root;
  }

  static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toAbsolutePath();
  }

  /** Returns the directory of that name, filling it first if this machine does not have it yet. */
  static Path directory(String name, Filler filler) {
    Path target = root().resolve(name);
    if (Files.isDirectory(target)) {
      return target;
    }
    synchronized (IN_JVM) {
      Path lockFile = root().resolve(name + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new IOException("lock lost: " + lockFile);
        }
        if (!Files.isDirectory(target)) {
          Path partial = root().resolve(name + ".partial");
          deleteTree(partial);
          Files.createDirectory(partial);
          filler.fill(partial);
          Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot prepare " + target, e);
      }
    }
  }

  static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path source : (Iterable<Path>) all::iterator) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(target);
        } else {
          Files.copy(source, target);
        }
      }
    }
  }

  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }
}
