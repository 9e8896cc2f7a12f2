package io.sluice.benchmarks.contestant;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The events of one binlog file as packets of a dump, in direct memory. Cut to whole groups of 256
 * packets, the first of which has number 1, so that any group can follow any other. Immutable,
 * except for the positions of {@link #content}.
 */
final class FramedFile {
  private static final int MAGIC = 4;
  private static final int LENGTH_AT = 9;
  private static final int GROUP = 256;
  private static final int MAX_PAYLOAD = 0xffffff;

  private final ByteBuffer content;
  private final int[] offsets;

  private FramedFile(ByteBuffer content, int[] offsets) {
    this.content = content;
    this.offsets = offsets;
  }

  static FramedFile read(Path file, int capacity) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer in =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer out = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
      int[] offsets = new int[1];
      int groups = 0;
      int packets = 0;
      for (int at = MAGIC; at < in.limit(); packets++) {
        int length = in.getInt(at + LENGTH_AT);
        if (length + 1 >= MAX_PAYLOAD) {
          throw new IllegalArgumentException(
              file + ": event of " + length + " bytes (expected: one packet)");
        }
        if (packets % GROUP == 0) {
          if (groups == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * groups);
          }
          offsets[groups++] = out.position();
        }
        out.putInt(length + 1 | ((packets + 1) & 0xff) << 24);
        out.put((byte) 0);
        out.put(in.slice(at, length));
        at += length;
      }
      if (groups < 2) {
        throw new IllegalArgumentException(
            file + ": " + packets + " events (expected: more than " + GROUP + ")");
      }
      // The last group may be short: its beginning is the end.
      ByteBuffer whole = out.flip().slice(0, offsets[groups - 1]);
      return new FramedFile(whole, Arrays.copyOf(offsets, groups - 1));
    }
  }

  /** All packets, with a position of its own. */
  ByteBuffer content() {
    return content.duplicate();
  }

  int groups() {
    return offsets.length;
  }

  int offset(int group) {
    return offsets[group];
  }

  /** Where the next group begins; the end behind the last. */
  int groupAtOrBehind(int offset) {
    int found = Arrays.binarySearch(offsets, offset);
    int group = found >= 0 ? found : -found - 1;
    return group == offsets.length ? content.capacity() : offsets[group];
  }
}
