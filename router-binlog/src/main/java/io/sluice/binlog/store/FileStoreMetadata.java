package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.SealedBlob;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** {@link StoreMetadata} in one properties file of mode 0600 that is replaced as a whole. */
final class FileStoreMetadata implements StoreMetadata {
  private static final int MAX_SIZE = 16 << 20;

  private final Disk disk;
  private final SealedBlob smallFiles;
  private final Path file;
  private final Executor executor;
  private final Object writing = new Object();
  private Map<String, String> values = new TreeMap<>();
  private long changes;
  private long saved;

  FileStoreMetadata(Disk disk, SealedBlob smallFiles, Path file, Executor executor)
      throws IOException {
    this.disk = disk;
    this.smallFiles = smallFiles;
    this.file = file;
    this.executor = executor;
    if (disk.exists(file)) {
      Properties stored = new Properties();
      try {
        byte[] bytes = WholeFile.read(disk, file, MAX_SIZE);
        byte[] clear = smallFiles.open(file, bytes);
        stored.load(new StringReader(new String(clear, StandardCharsets.UTF_8)));
        if (smallFiles.isOutdated(bytes)) {
          write(clear);
        }
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

  /** Saves what could not be saved when it was changed. */
  void saveAgain() {
    CompletableFuture<Void> unused = update(Map.of());
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

  private void write(byte[] clear) throws IOException {
    WholeFile.replace(
        disk,
        file,
        file.resolveSibling(file.getFileName() + ".tmp"),
        smallFiles.seal(file, clear),
        Disk.Mode.CREATE_PRIVATE);
  }
}
