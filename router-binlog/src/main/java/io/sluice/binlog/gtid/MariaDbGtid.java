package io.sluice.binlog.gtid;

/**
 * One MariaDB GTID, {@code domain-server-sequence}. Immutable.
 *
 * @param domain unsigned 32-bit value
 * @param server unsigned 32-bit value
 * @param sequence unsigned 64-bit value in a long: compare with {@link Long#compareUnsigned}
 */
public record MariaDbGtid(long domain, long server, long sequence) {
  private static final long MAX_INT = 0xffffffffL;

  /** Checks the ranges. */
  public MariaDbGtid {
    if (domain < 0 || domain > MAX_INT) {
      throw new IllegalArgumentException("domain: " + domain + " (expected: 0 to 4294967295)");
    }
    if (server < 0 || server > MAX_INT) {
      throw new IllegalArgumentException("server: " + server + " (expected: 0 to 4294967295)");
    }
  }

  /**
   * Parses {@code d-s-n}.
   *
   * @throws GtidFormatException (1941) for anything else
   */
  public static MariaDbGtid parse(String text) {
    MariaDbGtidParser parser = new MariaDbGtidParser(text);
    MariaDbGtid gtid = parser.next();
    parser.expectEnd();
    return gtid;
  }

  /** Tells whether this sequence number is at least the other one, unsigned. */
  public boolean reaches(long otherSequence) {
    return Long.compareUnsigned(sequence, otherSequence) >= 0;
  }

  @Override
  public String toString() {
    return domain + "-" + server + "-" + Long.toUnsignedString(sequence);
  }
}
