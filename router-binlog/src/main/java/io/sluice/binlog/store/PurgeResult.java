package io.sluice.binlog.store;

import java.util.List;

/**
 * What a purge did. Immutable.
 *
 * @param targetFound whether the file that a {@link PurgeRequest.To} names exists; if not, nothing
 *     was done (a server answers 1373)
 * @param removed what is gone, oldest first
 * @param stoppedAt the oldest file that was to go but is read, {@link BinlogFileId#NONE} if all
 *     went
 * @param readers who reads it; if the purge went over readers, who was cut off
 */
public record PurgeResult(
    boolean targetFound, List<StoredFile> removed, BinlogFileId stoppedAt, List<String> readers) {
  /** Copies the lists. */
  public PurgeResult {
    removed = List.copyOf(removed);
    readers = List.copyOf(readers);
  }

  /** The answer to an unknown file name. */
  static PurgeResult unknownTarget() {
    return new PurgeResult(false, List.of(), BinlogFileId.NONE, List.of());
  }

  /** Bytes that were given back. */
  public long bytes() {
    return removed.stream().mapToLong(StoredFile::size).sum();
  }
}
