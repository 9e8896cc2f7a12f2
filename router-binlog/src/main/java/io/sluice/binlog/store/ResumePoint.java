package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import org.jspecify.annotations.Nullable;

/**
 * Where the master has to go on. Immutable.
 *
 * @param file the newest file, {@link BinlogFileId#NONE} in an empty store
 * @param offset its size: the position of the next byte
 * @param state GTID state at that point
 * @param formatDescription the file's first event, null in an empty store
 */
public record ResumePoint(
    BinlogFileId file,
    long offset,
    MariaDbBinlogState state,
    @Nullable FormatDescription formatDescription) {
  /** An empty store. */
  public static final ResumePoint EMPTY =
      new ResumePoint(BinlogFileId.NONE, 0, MariaDbBinlogState.EMPTY, null);

  /** Tells whether the store is empty. */
  public boolean isEmpty() {
    return offset == 0;
  }
}
