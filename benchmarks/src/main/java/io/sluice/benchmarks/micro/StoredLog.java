package io.sluice.benchmarks.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.Compression;
import io.sluice.binlog.store.EncryptionOptions;
import io.sluice.binlog.store.FileBinlogStore;
import io.sluice.binlog.store.FormOptions;
import io.sluice.binlog.store.StoreOptions;
import io.sluice.binlog.store.Watermark;
import io.sluice.binlog.store.WriterFailure;
import io.sluice.binlog.store.WriterListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real store in a folder of its own with one closed file, and the head of the one behind it. */
public final class StoredLog implements AutoCloseable {
  /** How the closed file is kept. */
  public enum Form {
    /** As the master sent it. */
    CLEAR,
    /** In the zstd seekable format. */
    COMPRESSED,
    /** Sealed with a key. */
    ENCRYPTED
  }

  private static final int PIECE = 1 << 20;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);

  private final Path directory;
  private final FileBinlogStore store;
  private final RowLog log;

  /** Writes the file through the store's writer and waits until it is kept as wanted. */
  public StoredLog(RowLog log, Form form) throws IOException {
    this.log = log;
    this.directory = Files.createTempDirectory("sluice-benchmark");
    this.store = FileBinlogStore.open(directory.resolve("store"), options(form));
    fill();
    if (form == Form.COMPRESSED) {
      awaitPacked();
    }
  }

  private StoreOptions options(Form form) throws IOException {
    // Only what is durable is brought into another form: the default forces each transaction.
    StoreOptions clear = StoreOptions.defaults();
    return switch (form) {
      case CLEAR -> clear;
      case COMPRESSED -> clear.withForms(FormOptions.NONE.withCompression(Compression.ZSTD));
      case ENCRYPTED -> {
        Path keys = directory.resolve("keys");
        Files.createFile(
            keys,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, "1;" + "5a".repeat(32) + "\n");
        yield clear.withEncryption(new EncryptionOptions(KeyRing.load(keys), 1));
      }
    };
  }

  private void fill() {
    RowLog next = new RowLog(RowLog.Shape.SINGLE_200, 2, log.sequence(), 0);
    CompletableFuture<Void> visible = new CompletableFuture<>();
    BinlogWriter writer = store.writer();
    writer.listener(
        new WriterListener() {
          @Override
          public void onPublished(Watermark watermark) {
            if (watermark.file().name().equals(next.name())) {
              visible.complete(null);
            }
          }

          @Override
          public void onFailure(WriterFailure failure) {
            visible.completeExceptionally(new IllegalStateException(failure.toString()));
          }
        });
    writer.discardIncomplete().join();
    append(writer, log, log.size());
    append(writer, next, next.groupsEnd());
    visible.orTimeout(PATIENCE, TimeUnit.NANOSECONDS).join();
    Checks.same("visible bytes", store.inventory().visibleEnd(file()), log.size());
  }

  private static void append(BinlogWriter writer, RowLog file, int end) {
    writer.startFile(file.name());
    for (int at = BinlogFileFormat.FIRST_EVENT; at < end; at += PIECE) {
      int length = Math.min(PIECE, end - at);
      ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(length, length);
      writer.append(at, piece.writeBytes(file.bytes(), at, length));
    }
  }

  private void awaitPacked() {
    long deadline = System.nanoTime() + PATIENCE;
    while (store.packing().packedFiles() == 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("packed files: 0 (expected: 1): " + store.packing());
      }
      LockSupport.parkNanos(LOOK);
    }
  }

  /** The store. */
  public FileBinlogStore store() {
    return store;
  }

  /** The closed file. */
  public BinlogFileId file() {
    return new BinlogFileId(1, log.name());
  }

  /** Bytes of the closed file on the disk. */
  public long diskBytes() {
    return store.diskBytes(file());
  }

  /** All chunks of the closed file from a position on, owned by the caller. */
  public List<Chunk> chunks(BinlogFeed feed, long position) throws InterruptedException {
    List<Chunk> all = new ArrayList<>();
    try (ChunkReader reader = new ChunkReader(feed, file(), position)) {
      for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
        all.add(chunk);
      }
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
