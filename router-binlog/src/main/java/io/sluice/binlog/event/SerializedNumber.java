package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;

/**
 * Numbers in MySQL's serialization format (tagged GTID events): the ones at the low end of the
 * first byte say how many bytes follow it. Stateless.
 */
final class SerializedNumber {
  private SerializedNumber() {}

  /**
   * Reads an unsigned number.
   *
   * @throws IndexOutOfBoundsException if it is not whole
   */
  static long read(ByteBuf in) {
    int first = in.readUnsignedByte();
    int following = Integer.numberOfTrailingZeros(~first);
    if (following == 8) {
      return in.readLongLE();
    }
    long value = (long) first >>> (following + 1);
    int shift = 7 - following;
    for (int i = 0; i < following; i++) {
      value |= (long) in.readUnsignedByte() << (shift + 8 * i);
    }
    return value;
  }

  /** Reads a signed number: its lowest bit is the sign. */
  static long readSigned(ByteBuf in) {
    long value = read(in);
    long magnitude = value >>> 1;
    return (value & 1) == 0 ? magnitude : -magnitude - 1;
  }
}
