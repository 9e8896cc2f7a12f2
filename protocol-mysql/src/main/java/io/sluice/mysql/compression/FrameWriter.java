package io.sluice.mysql.compression;

import io.netty.buffer.ByteBuf;

/**
 * Puts bytes into frames: three bytes of length, one of number, three of the length unpacked, which
 * is 0 if the bytes are not packed. Source: the compression page of the public MariaDB protocol
 * reference. Confined to the event loop.
 */
final class FrameWriter {

  /** The highest number of a frame; 0 follows. */
  static final int LAST = 0xff;

  /** The bytes before each body. */
  static final int HEADER = 7;

  /** Less is not packed, as servers and clients do. */
  private static final int WORTH = 50;

  /** Longer bodies pack little better, and the other side must hold a whole one. */
  private static final int PIECE = 256 * 1024;

  private final Compression compression;
  private int next;

  FrameWriter(Compression compression) {
    this.compression = compression;
  }

  /** The next frame gets this number, or its lowest eight bits. */
  void next(int number) {
    next = number;
  }

  /** The number of the frame before. */
  int last() {
    return (next - 1) & LAST;
  }

  /** How much room to begin with for so many bytes. */
  static int room(int length) {
    return HEADER + Math.min(length, PIECE);
  }

  /** Appends the frames of some bytes; indices of {@code in} stay. */
  void frame(ByteBuf in, int index, int length, ByteBuf out) {
    int at = index;
    int end = index + length;
    while (at < end) {
      int size = Math.min(PIECE, end - at);
      int start = out.writerIndex();
      out.writeZero(HEADER);
      boolean packed = size >= WORTH && compression.body().pack(in, at, size, out);
      if (!packed) {
        out.writeBytes(in, at, size);
      }
      out.setMediumLE(start, out.writerIndex() - start - HEADER);
      out.setByte(start + 3, next++);
      out.setMediumLE(start + 4, packed ? size : 0);
      at += size;
    }
  }
}
