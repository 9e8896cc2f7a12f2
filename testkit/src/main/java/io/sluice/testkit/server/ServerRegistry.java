package io.sluice.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows every server directory of this JVM. At exit it kills the servers that still run and removes
 * their directories; on first use it does the same for JVMs that were killed before they could.
 */
final class ServerRegistry {
  private static final Logger LOGGER = LoggerFactory.getLogger(ServerRegistry.class);
  private static final String PREFIX = "slu-";
  private static final String OWNER = "owner";
  private static final String PID = "server.pid";

  /** A Unix socket's path may have 107 bytes. */
  private static final int LONGEST_TEMPORARY = 60;

  private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();
  private static final Deque<Runnable> BEFORE_EXIT = new ConcurrentLinkedDeque<>();
  private static boolean hooked;

  private ServerRegistry() {}

  static synchronized Path newDirectory() {
    Path temporary = SharedCache.temporary();
    if (temporary.toString().length() > LONGEST_TEMPORARY) {
      temporary = Path.of("/tmp");
    }
    if (!hooked) {
      hooked = true;
      sweep(temporary);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(ServerRegistry::removeAll, "testkit-server-cleanup"));
    }
    try {
      Path directory =
          Files.createDirectory(
              temporary.resolve(
                  PREFIX + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36)),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(directory.resolve(OWNER), identity(ProcessHandle.current()));
      DIRECTORIES.add(directory);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a server directory in " + temporary, e);
    }
  }

  static Path pidFile(Path directory) {
    return directory.resolve(PID);
  }

  static void remove(Path directory) {
    killServerOf(directory);
    DIRECTORIES.remove(directory);
    try {
      SharedCache.deleteTree(directory);
    } catch (IOException | UncheckedIOException e) {
      LOGGER.atWarn().addKeyValue("path", directory).setCause(e).log("server directory stays");
    }
  }

  /** At exit, runs before servers are killed; the task given last runs first. */
  static void beforeExit(Runnable task) {
    BEFORE_EXIT.addFirst(task);
  }

  private static void removeAll() {
    for (Runnable task : BEFORE_EXIT) {
      try {
        task.run();
      } catch (RuntimeException | AssertionError e) {
        LOGGER.atWarn().setCause(e).log("task at exit failed");
      }
    }
    for (Path directory : List.copyOf(DIRECTORIES)) {
      remove(directory);
    }
  }

  private static void sweep(Path temporary) {
    try (Stream<Path> all = Files.list(temporary)) {
      all.filter(path -> path.getFileName().toString().startsWith(PREFIX))
          .filter(path -> Files.isRegularFile(path.resolve(OWNER)))
          .filter(path -> !ownerLives(path))
          .forEach(ServerRegistry::remove);
    } catch (IOException e) {
      LOGGER.atWarn().addKeyValue("path", temporary).setCause(e).log("no sweep");
    }
  }

  private static boolean ownerLives(Path directory) {
    try {
      String[] owner = Files.readString(directory.resolve(OWNER)).strip().split(" ", 2);
      return ProcessHandle.of(Long.parseLong(owner[0]))
          .filter(handle -> identity(handle).equals(owner[0] + " " + owner[1]))
          .isPresent();
    } catch (IOException | RuntimeException e) {
      return true;
    }
  }

  private static String identity(ProcessHandle handle) {
    return handle.pid() + " " + handle.info().startInstant().orElse(Instant.EPOCH);
  }

  /** Kills the process of the pid file, if it is really the server of that directory. */
  private static void killServerOf(Path directory) {
    try {
      Path file = directory.resolve(PID);
      if (!Files.exists(file)) {
        return;
      }
      long pid = Long.parseLong(Files.readString(file).strip());
      String commandLine = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
      if (commandLine.contains(directory.toString())) {
        ProcessHandle.of(pid)
            .ifPresent(
                handle -> {
                  if (handle.destroyForcibly()) {
                    handle.onExit().join();
                  }
                });
      }
    } catch (IOException | NumberFormatException e) {
      LOGGER.atDebug().addKeyValue("path", directory).log("no server runs there");
    }
  }
}
