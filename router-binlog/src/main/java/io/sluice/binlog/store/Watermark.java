package io.sluice.binlog.store;

import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.ServerFamily;
import org.jspecify.annotations.Nullable;

/**
 * Up to where the log may be read: always a transaction boundary behind bytes that are stored (or
 * synced, by setting). Immutable.
 *
 * @param version grows with each publication
 * @param file the current file, {@link BinlogFileId#NONE} in an empty store
 * @param offset end of what is visible in it
 * @param state GTID state at that point
 * @param eventTimestamp seconds since 1970 of the last event with a timestamp, 0 if none
 * @param publishedMillis wall clock of the publication, milliseconds since 1970
 */
public record Watermark(
    long version,
    BinlogFileId file,
    long offset,
    GtidState state,
    long eventTimestamp,
    long publishedMillis) {
  /** Nothing is visible. */
  public static final Watermark EMPTY =
      new Watermark(0, BinlogFileId.NONE, 0, MariaDbBinlogState.EMPTY, 0, 0);

  /** The same at another place of the file. */
  Watermark at(long end) {
    return new Watermark(version, file, end, state, eventTimestamp, publishedMillis);
  }

  /** The same place as a newer publication. */
  Watermark again(long newVersion, long millis) {
    return new Watermark(newVersion, file, offset, state, eventTimestamp, millis);
  }

  /** The server family that wrote the log, null in an empty store. */
  public @Nullable ServerFamily family() {
    return isEmpty() ? null : state.family();
  }

  /** Tells whether the store holds nothing. */
  public boolean isEmpty() {
    return offset == 0;
  }
}
