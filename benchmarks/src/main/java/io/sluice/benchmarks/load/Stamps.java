package io.sluice.benchmarks.load;

import java.nio.ByteBuffer;

/**
 * The table whose rows say when they were made, and where that stands in a replication stream.
 *
 * <p>A stamp is {@link System#nanoTime}, which on Linux all processes of a machine share, and a
 * mark, both in little-endian order. The mark comes last because a server leaves out zeros at the
 * end of a {@code BINARY}.
 */
public final class Stamps {
  /** Makes the table anew. */
  public static final String CREATE =
      "CREATE OR REPLACE TABLE bench.stamped (id BIGINT NOT NULL PRIMARY KEY,"
          + " stamp BINARY(16) NOT NULL, note VARCHAR(64) NOT NULL)"
          + " ENGINE=InnoDB CHARACTER SET latin1";

  /** Adds a row; its number and its stamp are parameters. */
  public static final String INSERT =
      "INSERT INTO bench.stamped VALUES (?, ?, '" + "a small row like many, ".repeat(2) + "')";

  /** Packets of a replication stream for each such transaction: GTID, table, row, XID. */
  public static final int PACKETS = 4;

  /** The length of a stamp. */
  public static final int LENGTH = 16;

  private static final long MARK = 0x6b72616d_65636973L;
  private static final int WRITE_ROWS = 23;

  /** The byte that says that an event follows, the time of its header. */
  private static final int TYPE = 1 + 4;

  /**
   * The event's header; the table's number, flags, the number of columns, those that are there and
   * those that are null; the row's number and the length of its stamp.
   */
  private static final int TIME = 1 + 19 + 6 + 2 + 1 + 1 + 1 + 8 + 1;

  /** So much of a packet's payload is looked at. */
  public static final int PACKET_END = TIME + LENGTH;

  private Stamps() {}

  /** Writes one. */
  static void write(ByteBuffer to, int at, long nanoTime) {
    to.putLong(at, nanoTime);
    to.putLong(at + Long.BYTES, MARK);
  }

  /** Whether the packet whose payload begins there is a row of this table. */
  public static boolean isAt(ByteBuffer packet, int at) {
    return packet.get(at + TYPE) == WRITE_ROWS && packet.getLong(at + TIME + Long.BYTES) == MARK;
  }

  /** The time of that row. */
  public static long timeAt(ByteBuffer packet, int at) {
    return packet.getLong(at + TIME);
  }
}
