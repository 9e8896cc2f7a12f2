package io.sluice.binlog.event;

/** How the events of a file are protected; told by its FORMAT_DESCRIPTION. Immutable. */
public enum ChecksumAlgorithm {
  /** No checksum behind events. */
  NONE(0),
  /** Four bytes of CRC-32 behind each event. */
  CRC32(1),
  /** The writer is too old to know checksums. */
  UNDEFINED(255);

  private final int code;

  ChecksumAlgorithm(int code) {
    this.code = code;
  }

  /** The byte in the FORMAT_DESCRIPTION. */
  public int code() {
    return code;
  }

  /** Bytes behind each event: 4 or 0. */
  public int trailerLength() {
    return this == CRC32 ? EventChecksum.LENGTH : 0;
  }

  /**
   * Finds an algorithm.
   *
   * @throws BinlogFormatException for a code that no server writes
   */
  public static ChecksumAlgorithm of(int code) {
    return switch (code) {
      case 0 -> NONE;
      case 1 -> CRC32;
      case 255 -> UNDEFINED;
      default ->
          throw new BinlogFormatException("checksum algorithm: " + code + " (expected: 0, 1)");
    };
  }
}
