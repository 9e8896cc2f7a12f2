package io.sluice.binlog.sql.show;

import io.sluice.binlog.event.BinlogFormatException;

/** The packed bytes, read forwards. Not thread-safe. */
final class ZstdInput {
  private final byte[] bytes;
  private int at;
  private int end;
  private int bit;

  ZstdInput(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return at;
  }

  int left() {
    return end - at;
  }

  /** Goes on; returns where the bytes begin that are left behind. */
  int take(int length) {
    if (length < 0 || length > left()) {
      throw new BinlogFormatException(
          "zstd: " + length + " bytes wanted (expected: up to " + left() + ")");
    }
    int from = at;
    at += length;
    return from;
  }

  int u8() {
    return bytes[take(1)] & 0xff;
  }

  /** A number of some bytes, the lowest first. */
  long number(int length) {
    int from = take(length);
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[from + i] & 0xff);
    }
    return value;
  }

  /** The next bits, the lowest first; up to 16. */
  int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      if (at >= end) {
        throw new BinlogFormatException("zstd: a table is cut off (expected: all of it)");
      }
      value |= ((bytes[at] >> bit) & 1) << i;
      bit++;
      if (bit == 8) {
        bit = 0;
        at++;
      }
    }
    return value;
  }

  /** Goes to the next whole byte. */
  void align() {
    if (bit != 0) {
      bit = 0;
      at++;
    }
  }

  /** The next bytes alone. */
  ZstdInput slice(int length) {
    int from = take(length);
    return new ZstdInput(bytes, from, from + length);
  }
}
