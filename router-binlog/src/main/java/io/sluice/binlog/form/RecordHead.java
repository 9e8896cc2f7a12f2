package io.sluice.binlog.form;

import java.nio.ByteBuffer;

/**
 * The clear beginning of a record. A record, numbers little-endian:
 *
 * <pre>
 *  0   1  type: 1 DATA, 2 CUT, 3 END, 4 BLOB
 *  1   1  flags: bit 0 the content is one zstd frame
 *  2   2  zero
 *  4   4  n, bytes of ciphertext
 *  8   8  DATA: position of the content in the file. CUT: what is behind this position is void.
 *         END: size of the file. BLOB: 0
 * 16   4  bytes of content when it is clear (and not compressed); of CUT 0
 * 20  12  nonce, random
 * 32   n  ciphertext
 *     16  tag
 *      4  52 + n, bytes of the whole record
 * </pre>
 *
 * One that is reused for many records; not for several threads.
 */
final class RecordHead {
  static final int DATA = 1;
  static final int CUT = 2;
  static final int END = 3;
  static final int BLOB = 4;

  static final int ZSTD = 1;

  static final int SIZE = 32;
  static final int TAG = 16;
  static final int LENGTH = 4;

  /** Bytes of a record without its ciphertext. */
  static final int OVERHEAD = SIZE + TAG + LENGTH;

  static final int NONCE = 20;
  static final int NONCE_BYTES = 12;

  /** No DATA has more content than this. */
  static final int MAX_DATA = 1 << 20;

  private static final int MAX_STORED = 1 << 30;

  int type;
  int flags;
  int stored;
  long offset;
  int plain;

  /**
   * Reads the beginning of a record.
   *
   * @return whether it can be one
   */
  boolean parse(ByteBuffer in, int at) {
    type = in.get(at);
    flags = in.get(at + 1);
    stored = in.getInt(at + 4);
    offset = in.getLong(at + 8);
    plain = in.getInt(at + 16);
    if (in.getShort(at + 2) != 0 || offset < 0 || stored < 0 || plain < 0) {
      return false;
    }
    return switch (type) {
      case DATA -> plain > 0 && plain <= MAX_DATA && fits() && stored <= MAX_DATA * 2;
      case CUT -> flags == 0 && stored == 0 && plain == 0;
      case END, BLOB -> fits() && stored <= MAX_STORED && plain <= MAX_STORED;
      default -> false;
    };
  }

  private boolean fits() {
    return flags == 0 ? stored == plain : flags == ZSTD;
  }

  boolean compressed() {
    return flags == ZSTD;
  }

  /** Bytes of the whole record. */
  int total() {
    return OVERHEAD + stored;
  }

  /** Position behind its content. */
  long end() {
    return offset + plain;
  }
}
