package io.sluice.binlog.form;

import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by the position of their content, reading the file in pieces. It goes by the clear
 * beginnings of records only; whoever uses a record opens it. One thread.
 */
final class RecordWalk {
  private static final int PIECE = 68 << 10;

  private final DiskFile file;
  private final Path path;
  private final RecordMap map;
  private final RecordHead head = new RecordHead();
  private ByteBuffer piece = ByteBuffer.allocate(0);
  private long pieceStart;

  RecordWalk(DiskFile file, Path path, RecordMap map) {
    this.file = file;
    this.path = path;
    this.map = map;
  }

  /**
   * A DATA record.
   *
   * @param at where it begins in the file
   * @param total bytes of it
   * @param position of its content
   * @param plain bytes of its content
   * @param place where the walk to it began
   */
  record Found(long at, int total, long position, int plain, RecordMap.Place place) {
    /** Position behind its content. */
    long end() {
      return position + plain;
    }
  }

  /** The record that has the byte at a position, null if that is behind the end. */
  @Nullable Found find(long position) throws IOException {
    RecordMap.Place place = map.find(position);
    return place == null ? null : find(position, place, place.stored());
  }

  /**
   * The same, from a record on that is known.
   *
   * @param from where a record begins that is not behind the one that is looked for
   */
  Found find(long position, RecordMap.Place place, long from) throws IOException {
    long at = from;
    long expected = -1;
    while (at < place.storedLimit()) {
      ByteBuffer bytes = load(at, RecordHead.SIZE, place.storedLimit());
      int index = (int) (at - pieceStart);
      if (!head.parse(bytes, index)
          || head.type != RecordHead.DATA
          || (expected >= 0 && head.offset != expected)
          || head.offset > position) {
        break;
      }
      if (position < head.end()) {
        return new Found(at, head.total(), head.offset, head.plain, place);
      }
      expected = head.end();
      at += head.total();
    }
    throw new DamagedFileException(path, "no record for position " + position + " at " + at);
  }

  /**
   * Makes sure that bytes are in memory.
   *
   * @param limit do not read beyond, unless it is asked for
   * @return has them at {@code at} minus {@link #start}, with the chain's bytes in front
   */
  ByteBuffer load(long at, int length, long limit) throws IOException {
    long wantedStart = at - RecordCipher.CHAIN;
    if (wantedStart >= pieceStart && at + length <= pieceStart + piece.limit()) {
      return piece;
    }
    long wanted = Math.max(RecordCipher.CHAIN + length, Math.min(PIECE, limit - wantedStart));
    if (piece.capacity() < wanted) {
      piece = ByteBuffer.allocate((int) wanted).order(ByteOrder.LITTLE_ENDIAN);
    }
    piece.clear().limit((int) wanted);
    pieceStart = wantedStart;
    int got = file.readFully(piece, wantedStart);
    piece.position(0).limit(got);
    if (got < RecordCipher.CHAIN + length) {
      throw new DamagedFileException(
          path, "it ends at " + (wantedStart + got) + " (expected: a record at " + at + ")");
    }
    return piece;
  }

  /** Forgets what is in memory: what was not needed yet may be written again. */
  void forget() {
    piece.limit(0);
  }

  /** Where in the file the loaded bytes begin. */
  long start() {
    return pieceStart;
  }

  /** The beginning of the record that was found last. */
  RecordHead head() {
    return head;
  }
}
