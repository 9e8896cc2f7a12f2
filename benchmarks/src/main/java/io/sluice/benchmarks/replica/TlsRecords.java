package io.sluice.benchmarks.replica;

import java.nio.ByteBuffer;

/**
 * Looks at the heads of TLS records only and adds up how many bytes are in them, encrypted. So a
 * replica costs no more with TLS than without, and what is measured is the sender. Confined to one
 * thread.
 */
final class TlsRecords {
  private static final int HEAD = 5;
  private static final int LENGTH = 3;
  private static final int APPLICATION_DATA = 23;

  private final int overhead;
  private final long wanted;
  private int headFill;
  private int length;
  private int left;
  private long bytes;

  /**
   * Begins a stream.
   *
   * @param overhead so many bytes of each record are not data: what the cipher adds
   * @param wanted so many bytes of data come; a record behind them says that the stream is closed
   */
  TlsRecords(int overhead, long wanted) {
    this.overhead = overhead;
    this.wanted = wanted;
  }

  /** What a suite adds: the type and the tag in TLS 1.3, a number and the tag in TLS 1.2. */
  static int overhead(String protocol, String suite) {
    if (protocol.equals("TLSv1.3")) {
      return 1 + 16;
    }
    if (protocol.equals("TLSv1.2") && suite.contains("_GCM_")) {
      return 8 + 16;
    }
    throw new IllegalStateException(
        protocol + ", " + suite + " (expected: TLSv1.3, or TLSv1.2 with GCM)");
  }

  /** Bytes of data in all records that have begun. */
  long bytes() {
    return bytes;
  }

  /** Whether the last record is whole. */
  boolean isWhole() {
    return left == 0 && headFill == 0;
  }

  /** Takes what was read, from any place of the stream on. */
  void walk(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (left > 0) {
        int part = Math.min(left, in.remaining());
        in.position(in.position() + part);
        left -= part;
      } else {
        head(in.get() & 0xff);
      }
    }
  }

  private void head(int value) {
    if (headFill == 0 && value != APPLICATION_DATA) {
      throw new IllegalStateException(
          "TLS record of type: " + value + " (expected: " + APPLICATION_DATA + ")");
    }
    if (headFill >= LENGTH) {
      length = (length << 8 | value) & 0xffff;
    }
    headFill++;
    if (headFill == HEAD) {
      headFill = 0;
      left = length;
      if (bytes < wanted) {
        bytes += length - overhead;
      }
    }
  }
}
