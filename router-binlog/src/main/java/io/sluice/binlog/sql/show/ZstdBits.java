package io.sluice.binlog.sql.show;

import io.sluice.binlog.event.BinlogFormatException;

/** Bits of a zstd stream that is read from its end; before the beginning there are zeros. */
final class ZstdBits {
  private final byte[] bytes;
  private final int from;
  private int left;

  /** A stream ends with its highest bit that is set. */
  ZstdBits(byte[] bytes, int from, int length) {
    if (length <= 0 || bytes[from + length - 1] == 0) {
      throw new BinlogFormatException("zstd: no end of a bit stream (expected: a bit that is set)");
    }
    this.bytes = bytes;
    this.from = from;
    int last = bytes[from + length - 1] & 0xff;
    this.left = (length - 1) * 8 + 31 - Integer.numberOfLeadingZeros(last);
  }

  /** Bits that are left; negative once zeros were read. */
  int left() {
    return left;
  }

  /** The next bits, up to 32 of them, without going on. */
  long peek(int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      int bit = left - count + i;
      int set = bit < 0 ? 0 : (bytes[from + (bit >> 3)] >> (bit & 7)) & 1;
      value = (value << 1) | set;
    }
    return value;
  }

  /** Goes on. */
  void skip(int count) {
    left -= count;
  }

  /** The next bits, up to 32 of them. */
  long read(int count) {
    long value = peek(count);
    left -= count;
    return value;
  }
}
