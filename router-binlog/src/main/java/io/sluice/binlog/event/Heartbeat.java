package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;

/**
 * HEARTBEAT (27): the master is alive and stands at a position. Above 4 GiB MariaDB sends 0 in the
 * header and the position in front of the name. Immutable.
 *
 * @param fileName the master's current file
 * @param position offset in it
 */
public record Heartbeat(String fileName, long position) {
  /** Decodes an event. */
  public static Heartbeat decode(ByteBuf buf, int index, int length, boolean checksums) {
    int end = EventBytes.bodyEnd(buf, index, length, checksums, 1);
    int body = index + EventHeader.SIZE;
    long position = EventHeader.endPosition(buf, index);
    if (position == 0 && end - body > 8) {
      position = buf.getLongLE(body);
      body += 8;
    }
    return new Heartbeat(EventBytes.fileName(buf, body, end), position);
  }
}
