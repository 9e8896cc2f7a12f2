package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.gtid.MariaDbGtid;

/**
 * MariaDB GTID (162): opens an event group. The static accessors need the first {@link #PREFIX}
 * bytes of the event and allocate nothing. Immutable.
 *
 * @param gtid the id; its server id is that of the header
 * @param flags the second flag byte of the group
 */
public record GtidEvent(MariaDbGtid gtid, int flags) {
  /** Bytes from the start of the event that the accessors read. */
  public static final int PREFIX = EventHeader.SIZE + 13;

  /** The group has no terminating event. */
  public static final int STANDALONE = 0x01;

  /** The group is transactional. */
  public static final int TRANSACTIONAL = 0x04;

  /** The group is DDL. */
  public static final int DDL = 0x20;

  /** Decodes an event. */
  public static GtidEvent decode(ByteBuf buf, int index, int length, boolean checksums) {
    EventBytes.bodyEnd(buf, index, length, checksums, 13);
    return new GtidEvent(
        new MariaDbGtid(domain(buf, index), EventHeader.serverId(buf, index), sequence(buf, index)),
        flags(buf, index));
  }

  /** The sequence number, unsigned. */
  public static long sequence(ByteBuf buf, int index) {
    return buf.getLongLE(index + EventHeader.SIZE);
  }

  /** The domain. */
  public static long domain(ByteBuf buf, int index) {
    return buf.getUnsignedIntLE(index + EventHeader.SIZE + 8);
  }

  /** The flag byte of the group. */
  public static int flags(ByteBuf buf, int index) {
    return buf.getUnsignedByte(index + EventHeader.SIZE + 12);
  }

  /** Tells whether one event ends the group. */
  public boolean isStandalone() {
    return (flags & STANDALONE) != 0;
  }
}
