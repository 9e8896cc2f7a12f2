package io.sluice.binlog.store;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** {@link StoreMetadata} in one properties file of mode 0600 that is replaced as a whole. */
final class FileStoreMetadata implements StoreMetadata {
  private final StoreFileSystem files;
  private final Path file;
  private final Executor executor;
  private final Object writing = new Object();
  private Map<String, String> values = new TreeMap<>();
  private long changes;
  private long saved;

  FileStoreMetadata(StoreFileSystem files, Path file, Executor executor) throws IOException {
    this.files = files;
    this.file = file;
    this.executor = executor;
    if (Files.exists(file)) {
      Properties stored = new Properties();
      try {
        stored.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException e) {
        throw new IOException("metadata file: " + file + " (expected: a properties file)", e);
      }
      stored.forEach((key, value) -> values.put((String) key, (String) value));
    }
  }

  @Override
  public synchronized @Nullable String get(String key) {
    return values.get(key);
  }

  @Override
  public synchronized Map<String, String> all() {
    return new TreeMap<>(values);
  }

  @Override
  public CompletableFuture<Void> update(Map<String, @Nullable String> wanted) {
    long change;
    synchronized (this) {
      Map<String, String> next = new TreeMap<>(values);
      wanted.forEach(
          (key, value) -> {
            if (value == null) {
              next.remove(key);
            } else {
              next.put(key, value);
            }
          });
      values = next;
      change = ++changes;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      executor.execute(() -> complete(change, done));
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(new IOException("store: closed", e));
    }
    return done;
  }

  private void complete(long change, CompletableFuture<Void> done) {
    try {
      save(change);
      done.complete(null);
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  /** Writes the newest values; a change that a later save has covered costs nothing. */
  private void save(long change) throws IOException {
    synchronized (writing) {
      Properties all = new Properties();
      long covered;
      synchronized (this) {
        if (saved >= change) {
          return;
        }
        all.putAll(values);
        covered = changes;
      }
      StringWriter text = new StringWriter();
      all.store(text, null);
      write(text.toString().getBytes(StandardCharsets.UTF_8));
      synchronized (this) {
        saved = covered;
      }
    }
  }

  private void write(byte[] bytes) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        files.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      if (temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      files.force(channel, true);
    }
    files.replace(temporary, file);
    Path directory = file.getParent();
    if (directory != null) {
      files.syncDirectory(directory);
    }
  }
}
