package io.sluice.mysql.compression;

import io.netty.buffer.ByteBuf;

/** Packs and unpacks the bodies of frames, each for itself. Shared by a thread's connections. */
interface FrameBody {

  /**
   * Appends the packed form of some bytes; indices of {@code in} stay.
   *
   * @return whether it is smaller; if not, nothing was appended
   */
  boolean pack(ByteBuf in, int index, int length, ByteBuf out);

  /**
   * Appends exactly {@code size} bytes unpacked from some bytes; indices of {@code in} stay.
   *
   * @throws io.sluice.mysql.wire.ProtocolException if they are not the packed form of so many bytes
   */
  void unpack(ByteBuf in, int index, int length, ByteBuf out, int size);
}
