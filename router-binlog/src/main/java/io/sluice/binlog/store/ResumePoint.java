package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import org.jspecify.annotations.Nullable;

/**
 * Where the master has to go on. Immutable.
 *
 * @param file the newest file, {@link BinlogFileId#NONE} if there is none: the store is empty or an
 *     epoch begins
 * @param offset its size: the position of the next byte
 * @param state GTID state at that point; at the beginning of an epoch the state that it must reach
 * @param formatDescription the file's first event, null if there is no file
 */
public record ResumePoint(
    BinlogFileId file,
    long offset,
    GtidState state,
    @Nullable FormatDescription formatDescription) {
  /** An empty store. */
  public static final ResumePoint EMPTY =
      new ResumePoint(BinlogFileId.NONE, 0, MariaDbBinlogState.EMPTY, null);

  /** Tells whether there is no file to go on with. */
  public boolean isEmpty() {
    return offset == 0;
  }
}
