package io.sluice.binlog.form;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where in a sealed file the content of a position is: about one place per 64 KiB, from which on
 * the records are walked. Behind a CUT there always is a place, so that a walk never runs into what
 * is void. The one who writes a file and all who read it share one. Any thread.
 */
final class RecordMap {
  private static final int STEP = 64 << 10;

  private long[] plain = new long[16];
  private long[] stored = new long[16];
  private int count;
  private long plainEnd;
  private long storedEnd = SealedHeader.SIZE;
  private boolean fresh = true;
  private int version;

  /**
   * A place from which on records can be walked.
   *
   * @param plain position of the content of the first record there
   * @param stored where that record begins
   * @param plainLimit up to this position the walk is good
   * @param storedLimit never walk beyond
   * @param version another one when something was made void
   */
  record Place(long plain, long stored, long plainLimit, long storedLimit, int version) {
    /** Tells whether a record is one that a walk from here may come to. */
    boolean leadsTo(RecordWalk.Found found) {
      return found.place().version == version && found.at() >= stored && found.at() < storedLimit;
    }
  }

  /** A DATA record was written at the end. */
  synchronized void data(int length, int recordLength) {
    if (fresh || plainEnd - plain[count - 1] >= STEP) {
      place(plainEnd, storedEnd);
      fresh = false;
    }
    plainEnd += length;
    storedEnd += recordLength;
  }

  private void place(long position, long at) {
    if (count == plain.length) {
      plain = Arrays.copyOf(plain, count * 2);
      stored = Arrays.copyOf(stored, count * 2);
    }
    plain[count] = position;
    stored[count++] = at;
  }

  /** A CUT record was written at the end. */
  synchronized void cut(long position, int recordLength) {
    storedEnd += recordLength;
    drop(position);
  }

  private void drop(long position) {
    while (count > 0 && plain[count - 1] >= position) {
      count--;
    }
    plainEnd = position;
    fresh = true;
    version++;
  }

  /** The file itself was cut behind a record. */
  synchronized void truncate(long position, long storedSize) {
    while (count > 0 && stored[count - 1] >= storedSize) {
      count--;
    }
    plainEnd = position;
    storedEnd = storedSize;
    fresh = true;
    version++;
  }

  /** Where a position is to be looked for; null if it is behind the end. */
  synchronized @Nullable Place find(long position) {
    if (position < 0 || position >= plainEnd || count == 0) {
      return null;
    }
    int found = Arrays.binarySearch(plain, 0, count, position);
    int at = found < 0 ? -found - 2 : found;
    boolean last = at + 1 == count;
    return new Place(
        plain[at],
        stored[at],
        last ? plainEnd : plain[at + 1],
        last ? storedEnd : stored[at + 1],
        version);
  }

  /** Bytes of the master's. */
  synchronized long plainEnd() {
    return plainEnd;
  }

  /** Where the next record goes. */
  synchronized long storedEnd() {
    return storedEnd;
  }

  /** All places as an END has them: 8 bytes position, 8 bytes where the record is. */
  synchronized ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(count * 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      out.putLong(plain[i]).putLong(stored[i]);
    }
    return out.flip();
  }

  /**
   * Reads it back.
   *
   * @param in little-endian
   * @return null if it makes no sense
   */
  static @Nullable RecordMap decode(ByteBuffer in, long plainEnd, long storedEnd) {
    if (in.remaining() % 16 != 0) {
      return null;
    }
    RecordMap map = new RecordMap();
    long plainBefore = -1;
    long storedBefore = 0;
    while (in.hasRemaining()) {
      long position = in.getLong();
      long at = in.getLong();
      if (position <= plainBefore || at <= storedBefore || position > plainEnd || at > storedEnd) {
        return null;
      }
      plainBefore = position;
      storedBefore = at;
      map.place(position, at);
    }
    map.plainEnd = plainEnd;
    map.storedEnd = storedEnd;
    return map;
  }
}
