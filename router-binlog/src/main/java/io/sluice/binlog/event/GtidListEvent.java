package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.gtid.MariaDbBinlogState;

/**
 * MariaDB GTID_LIST (163): the state of the log at the start of its file; as an artificial event,
 * where a replica stands. Immutable.
 *
 * @param state the ids, the last of a domain being its most recent one
 * @param flags the upper four bits of the count word, in place
 */
public record GtidListEvent(MariaDbBinlogState state, int flags) {
  /** The replica's UNTIL condition is fulfilled; only in artificial events. */
  public static final int UNTIL_REACHED = 0x10000000;

  private static final int COUNT_MASK = 0x0fffffff;

  /** Decodes an event. */
  public static GtidListEvent decode(ByteBuf buf, int index, int length, boolean checksums) {
    int end = EventBytes.bodyEnd(buf, index, length, checksums, 4);
    int body = index + EventHeader.SIZE;
    int word = buf.getIntLE(body);
    long count = word & COUNT_MASK;
    if (count * MariaDbBinlogState.ENTRY_SIZE > end - body - 4) {
      throw new BinlogFormatException(
          "GTID_LIST count: " + count + " (expected: what fits in " + (end - body - 4) + " bytes)");
    }
    return new GtidListEvent(
        MariaDbBinlogState.decode(buf, body + 4, (int) count), word & ~COUNT_MASK);
  }
}
