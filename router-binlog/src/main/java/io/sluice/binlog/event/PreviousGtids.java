package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MySqlGtidSet;

/**
 * PREVIOUS_GTIDS (35): the GTIDs that were written before a MySQL file. Immutable.
 *
 * @param set what was written
 */
public record PreviousGtids(MySqlGtidSet set) {
  /** Decodes an event. */
  public static PreviousGtids decode(ByteBuf buf, int index, int length, boolean checksums) {
    int end = EventBytes.bodyEnd(buf, index, length, checksums, 8);
    int body = index + EventHeader.SIZE;
    try {
      return new PreviousGtids(MySqlGtidSet.decode(buf, body, end - body));
    } catch (GtidFormatException e) {
      throw new BinlogFormatException("PREVIOUS_GTIDS: malformed (expected: a GTID set)");
    }
  }
}
