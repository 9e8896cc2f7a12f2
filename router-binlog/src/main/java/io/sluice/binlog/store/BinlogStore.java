package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One log: a single writer, any number of readers that never pass the watermark.
 *
 * <ol>
 *   <li>Methods that return a value read memory and may be called on any thread; futures complete
 *       on an I/O thread.
 *   <li>{@link #read} and {@link #close} block: never on an event loop.
 *   <li>The watermark moves only to transaction boundaries, and forward. A file's bytes up to it
 *       never change. Only when the disk has refused to make bytes durable that were visible, it
 *       goes back to what is durable ({@link StoreListener#onRetreat}), and the same bytes follow
 *       again: {@link Inventory#wasVisible}.
 * </ol>
 */
public interface BinlogStore extends AutoCloseable {
  /** Up to where the log may be read. */
  Watermark watermark();

  /** The files that may be read. */
  Inventory inventory();

  /** The server family that wrote the log, null while the store is empty. */
  default @Nullable ServerFamily family() {
    return watermark().family();
  }

  /** All that was written, here or before: {@code gtid_executed}. */
  GtidState executedState();

  /** What was written, but stands in no file (any more): {@code gtid_purged}. */
  GtidState purgedState();

  /**
   * The master has told what it has purged ({@code gtid_purged}), and its log goes on where this
   * one ends: what of that is not known here is in none of its files, and will not come.
   *
   * @return completes when that is on disk
   */
  CompletableFuture<Void> masterHasPurged(MySqlGtidSet purged);

  /** The intake. */
  BinlogWriter writer();

  /** Strings that are kept beside the log. */
  StoreMetadata metadata();

  /** What opening the store found. */
  RecoveryReport recovery();

  /**
   * Finds where a replica's stream begins. A refusal is a normal result; an exception means that a
   * file cannot be read.
   */
  CompletableFuture<StartResult> resolve(StartRequest request);

  /** How much was read to find where streams begin. */
  StartScans startScans();

  /**
   * The GTID state at a file position, whose position is the answer of {@code BINLOG_GTID_POS}:
   * empty for an unknown file or a position that is no event boundary.
   *
   * @param file the empty name is the oldest file
   * @param position below 4 counts as 4
   */
  CompletableFuture<Optional<GtidState>> gtidAt(String file, long position);

  /**
   * Where the stream goes on when the last file of an epoch is over.
   *
   * @param from a file of that epoch; it must not be the newest epoch
   */
  CompletableFuture<Crossing> crossing(BinlogFileId from);

  /**
   * Removes oldest files, whole ones only: never the newest, never one that is pinned and what
   * comes behind it.
   *
   * @return what was removed and why no more; fails if a file cannot be removed, and then it and
   *     all behind it are still there
   */
  CompletableFuture<PurgeResult> purge(PurgeRequest request);

  /**
   * Seconds since 1970 of the last event of a file that has a time, as the master says; 0 if none
   * has. Blocks.
   *
   * @throws IOException if the file is unknown or unreadable
   */
  long lastEventSeconds(BinlogFileId file) throws IOException;

  /** Bytes that a file takes on the disk, here or in the archive; fewer than are read from it. */
  long diskBytes(BinlogFileId file);

  /** Bytes that can still be written to the file system of the store. Blocks. */
  long usableBytes() throws IOException;

  /** Files that were purged since the store was opened. */
  long purgedFiles();

  /** Their bytes. */
  long purgedBytes();

  /** What became of closed files. */
  default PackStatus packing() {
    return PackStatus.NONE;
  }

  /**
   * Whether closed files go to the archive before their time, because the disk is short of space.
   */
  default void hurryArchive(boolean on) {}

  /**
   * Keeps a file and all behind it from being purged.
   *
   * @param reader who reads it, for the result of a purge
   * @return null if there is no such file (any more)
   */
  @Nullable FilePin pin(BinlogFileId file, String reader);

  /** The first event of a file. */
  CompletableFuture<FormatDescription> formatDescription(BinlogFileId file);

  /**
   * Reads visible bytes, with the in-use flag cleared. Blocks.
   *
   * @return bytes read: all that the target has room for, fewer only at the end of the file
   * @throws IOException if the file is unknown or unreadable
   */
  int read(BinlogFileId file, long position, ByteBuffer target) throws IOException;

  /**
   * Tells whether reading these visible bytes now is a copy of memory, as it is for a plain, closed
   * file that was read from a moment ago: then {@link #read} may be called where nothing may block.
   * Does not block.
   */
  boolean isInMemory(BinlogFileId file, long position, long length);

  /** Adds a listener; it hears what is published from now on. */
  void addListener(StoreListener listener);

  /** Threads for blocking work on the store's behalf. */
  Executor ioExecutor();

  /** Stops intake, stores what is queued, forces it to disk and frees the directory. Blocks. */
  @Override
  void close();
}
