package io.sluice.binlog.form;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Unpacked pieces of files, those that were asked for last, up to a number of bytes. Who asks for a
 * piece that another is just unpacking waits for that. Any thread.
 */
public final class FrameCache {
  /** Makes what is not there. */
  @FunctionalInterface
  public interface Loader {
    /** Reads and unpacks a piece. Blocks. */
    byte[] load() throws IOException;
  }

  private record Key(Object owner, long piece) {}

  private final long maxBytes;
  private final Map<Key, CompletableFuture<byte[]>> pieces = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** Makes an empty one; one of 0 bytes keeps nothing. */
  public FrameCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A piece, which the caller must not change.
   *
   * @param owner the open file, told apart by identity or equality
   * @param piece which one of it
   */
  public byte[] get(Object owner, long piece, Loader loader) throws IOException {
    Key key = new Key(owner, piece);
    CompletableFuture<byte[]> mine = new CompletableFuture<>();
    CompletableFuture<byte[]> known;
    synchronized (this) {
      known = pieces.putIfAbsent(key, mine);
    }
    return known == null ? load(key, mine, loader) : await(known);
  }

  private byte[] load(Key key, CompletableFuture<byte[]> mine, Loader loader) throws IOException {
    try {
      byte[] piece = loader.load();
      synchronized (this) {
        // What is done and in the map is counted: both under the lock.
        mine.complete(piece);
        if (pieces.get(key) == mine) {
          bytes += piece.length;
          evict();
        }
      }
      return piece;
    } catch (IOException | RuntimeException | Error e) {
      synchronized (this) {
        mine.completeExceptionally(e);
        pieces.remove(key, mine);
      }
      throw e;
    }
  }

  private static byte[] await(CompletableFuture<byte[]> known) throws IOException {
    try {
      return known.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage(), cause);
    }
  }

  /** Those that were not asked for the longest go, but none that is being made. */
  private void evict() {
    Iterator<CompletableFuture<byte[]>> oldest = pieces.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      CompletableFuture<byte[]> piece = oldest.next();
      if (piece.isDone()) {
        bytes -= piece.join().length;
        oldest.remove();
      }
    }
  }

  /** Forgets the pieces of a file. */
  public synchronized void forget(Object owner) {
    Iterator<Map.Entry<Key, CompletableFuture<byte[]>>> all = pieces.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Key, CompletableFuture<byte[]>> entry = all.next();
      if (entry.getKey().owner().equals(owner)) {
        all.remove();
        if (entry.getValue().isDone()) {
          bytes -= entry.getValue().join().length;
        }
      }
    }
  }

  /** Bytes that are kept. */
  public synchronized long bytes() {
    return bytes;
  }
}
