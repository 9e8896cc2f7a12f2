package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;

/**
 * ROTATE (4): the log goes on in another file. Immutable.
 *
 * @param position where to go on, 4 in files
 * @param fileName base name of the next file
 */
public record Rotate(long position, String fileName) {
  /**
   * Decodes an event.
   *
   * @param length bytes of the event
   * @param checksums whether the event ends in a CRC-32
   */
  public static Rotate decode(ByteBuf buf, int index, int length, boolean checksums) {
    int end = EventBytes.bodyEnd(buf, index, length, checksums, 9);
    int body = index + EventHeader.SIZE;
    return new Rotate(buf.getLongLE(body), EventBytes.fileName(buf, body + 8, end));
  }
}
