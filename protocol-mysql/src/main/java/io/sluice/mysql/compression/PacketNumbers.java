package io.sluice.mysql.compression;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.Packets;

/**
 * Walks over the packet headers in a stream, piece by piece, and lets a visitor change the packets'
 * numbers where they lie. Confined to the event loop.
 */
final class PacketNumbers {

  /** Who decides. */
  interface Visitor {

    /**
     * A packet begins.
     *
     * @param number that it has
     * @param length of its payload
     * @param continuation whether it continues the payload of the packet before
     * @return the number that it gets
     */
    int onPacket(int number, int length, boolean continuation);

    /** One of the first {@value #HEAD} bytes of a payload. */
    default void onHead(int offset, byte value) {}

    /**
     * A payload ended.
     *
     * @return whether to walk on; false to stop behind it
     */
    default boolean onEnd() {
      return true;
    }
  }

  /** How many bytes of a payload are shown. */
  static final int HEAD = 3;

  private final Visitor visitor;
  private int headerBytes;
  private int length;
  private int remaining;
  private boolean full;
  private boolean continuation;

  PacketNumbers(Visitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Walks from one index to another.
   *
   * @return where it stopped
   */
  int walk(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (headerBytes < Packets.HEADER) {
        header(bytes, at++);
        if (headerBytes < Packets.HEADER || remaining > 0) {
          continue;
        }
      } else {
        int step = Math.min(remaining, to - at);
        head(bytes, at, step);
        remaining -= step;
        at += step;
        if (remaining > 0) {
          break;
        }
      }
      headerBytes = 0;
      full = length == Packets.MAX_PAYLOAD;
      if (!full && !visitor.onEnd()) {
        break;
      }
    }
    return at;
  }

  private void header(ByteBuf bytes, int index) {
    int value = bytes.getUnsignedByte(index);
    if (headerBytes == 0) {
      length = 0;
    }
    if (headerBytes < Packets.HEADER - 1) {
      length |= value << (Byte.SIZE * headerBytes);
    } else {
      continuation = full;
      remaining = length;
      int number = visitor.onPacket(value, length, continuation) & 0xff;
      if (number != value) {
        bytes.setByte(index, number);
      }
    }
    headerBytes++;
  }

  private void head(ByteBuf bytes, int index, int step) {
    int done = length - remaining;
    if (continuation || done >= HEAD) {
      return;
    }
    int end = Math.min(HEAD, done + step);
    for (int offset = done; offset < end; offset++) {
      visitor.onHead(offset, bytes.getByte(index + offset - done));
    }
  }
}
