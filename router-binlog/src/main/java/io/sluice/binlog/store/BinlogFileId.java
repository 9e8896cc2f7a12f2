package io.sluice.binlog.store;

import java.util.Comparator;

/**
 * Which file: the epoch (one history of one master) and the master's base name. Ordered by epoch,
 * then by the name's numeric suffix. Immutable.
 *
 * @param epoch from 1 on; 0 only in {@link #NONE}
 * @param name the master's file name without directory, such as {@code bin.000042}
 */
public record BinlogFileId(int epoch, String name) implements Comparable<BinlogFileId> {
  /** No file: the store is empty. */
  public static final BinlogFileId NONE = new BinlogFileId(0, "");

  private static final Comparator<BinlogFileId> ORDER =
      Comparator.comparingInt(BinlogFileId::epoch)
          .thenComparingLong(BinlogFileId::number)
          .thenComparing(BinlogFileId::name);

  /** The numeric suffix, or -1 if the name has none. */
  public long number() {
    return BinlogFileFormat.number(name);
  }

  @Override
  public int compareTo(BinlogFileId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return epoch + "/" + name;
  }
}
