package io.sluice.binlog.form;

import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Where the frames of a compressed file are: the end of the file, in the <em>zstd seekable
 * format</em>, 0.1.0. In front of its seek table stands a skippable frame of our own, the summary,
 * which the table lists too:
 *
 * <pre>
 * 4 bytes  0x184D2A5E                4 bytes  64
 * 8 bytes  "SLUICEZS"                4 bytes  layout version, 1
 * 4 bytes  plain bytes per frame, but for the last one
 * 8 bytes  plain bytes               4 bytes  number of frames with plain bytes
 * 32 bytes SHA-256 of the plain bytes
 * 4 bytes  CRC-32 of all that from "SLUICEZS" on, and of the entries of the seek table
 * </pre>
 *
 * All numbers are little-endian. Nothing in it is believed before the CRC-32 agrees. Immutable.
 */
final class SeekTable {
  /** Larger frames are not read. */
  static final int MAX_FRAME_SIZE = 16 << 20;

  private static final int SKIPPABLE = 0x184D2A5E;
  private static final int SEEKABLE = 0x8F92EAB1;
  private static final int CHECKSUMS = 0x80;
  private static final int RESERVED = 0x7c;
  private static final int ENTRY = 12;
  private static final int FOOTER = 9;
  private static final int HEADER = 8;
  private static final byte[] MAGIC = {'S', 'L', 'U', 'I', 'C', 'E', 'Z', 'S'};
  private static final int VERSION = 1;
  private static final int HASH = 32;
  private static final int SUMMARY = MAGIC.length + 4 + 4 + 8 + 4 + HASH + 4;
  private static final int MAX_FRAMES = 0x8000000;

  /** The lower half of the XXH64 of nothing. */
  private static final int NOTHING = 0x51d8e999;

  private static final int PIECE = ENTRY * 4096;

  private final int frameSize;
  private final long plainSize;
  private final String sha256;
  private final long[] offsets;
  private final int[] checksums;

  /**
   * Describes a file.
   *
   * @param frameSize plain bytes of each frame but the last
   * @param plainSize plain bytes of all
   * @param sha256 of the plain bytes, 64 hex digits
   * @param offsets where the frames begin, and behind the last one where it ends
   * @param checksums the content checksum of each frame
   */
  SeekTable(int frameSize, long plainSize, String sha256, long[] offsets, int[] checksums) {
    this.frameSize = frameSize;
    this.plainSize = plainSize;
    this.sha256 = sha256;
    this.offsets = offsets;
    this.checksums = checksums;
  }

  int frameSize() {
    return frameSize;
  }

  long plainSize() {
    return plainSize;
  }

  String sha256() {
    return sha256;
  }

  int frames() {
    return checksums.length;
  }

  long offset(int frame) {
    return offsets[frame];
  }

  int packedSize(int frame) {
    return (int) (offsets[frame + 1] - offsets[frame]);
  }

  int plainSize(int frame) {
    return (int) Math.min(frameSize, plainSize - (long) frame * frameSize);
  }

  int checksum(int frame) {
    return checksums[frame];
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long framesOf(long plainSize, int frameSize) {
    return (plainSize + frameSize - 1) / frameSize;
  }

  /** Writes summary and table behind the frames. */
  void write(DiskFile file) throws IOException {
    int frames = frames();
    ByteBuffer entries = buffer((frames + 1) * ENTRY);
    for (int frame = 0; frame < frames; frame++) {
      entries.putInt(packedSize(frame)).putInt(plainSize(frame)).putInt(checksum(frame));
    }
    entries.putInt(HEADER + SUMMARY).putInt(0).putInt(NOTHING).flip();
    ByteBuffer summary = buffer(HEADER + SUMMARY);
    summary.putInt(SKIPPABLE).putInt(SUMMARY).put(MAGIC).putInt(VERSION);
    summary.putInt(frameSize).putLong(plainSize).putInt(frames);
    summary.put(HexFormat.of().parseHex(sha256));
    CRC32 sum = new CRC32();
    sum.update(summary.duplicate().position(HEADER).limit(summary.position()));
    sum.update(entries.duplicate());
    summary.putInt((int) sum.getValue()).flip();
    ByteBuffer table = buffer(HEADER + entries.remaining() + FOOTER);
    table.putInt(SKIPPABLE).putInt(entries.remaining() + FOOTER).put(entries);
    table.putInt(frames + 1).put((byte) CHECKSUMS).putInt(SEEKABLE).flip();
    long at = offsets[frames];
    file.writeFully(summary, at);
    file.writeFully(table, at + HEADER + SUMMARY);
  }

  /**
   * Reads them.
   *
   * @param name of the file, for messages
   */
  static SeekTable read(DiskFile file, String name) throws IOException {
    return new Reading(file, name).run();
  }

  /** One pass over the end of a file. */
  private static final class Reading {
    private final DiskFile file;
    private final String name;

    Reading(DiskFile file, String name) {
      this.file = file;
      this.name = name;
    }

    SeekTable run() throws IOException {
      long size = file.size();
      require(size >= HEADER + SUMMARY + HEADER + ENTRY + FOOTER, "no seek table");
      ByteBuffer footer = bytes(size - FOOTER, FOOTER);
      int listed = footer.getInt();
      int descriptor = footer.get();
      require(footer.getInt() == SEEKABLE, "no seek table");
      require((descriptor & CHECKSUMS) != 0 && (descriptor & RESERVED) == 0, "seek table");
      require(listed >= 1 && listed <= MAX_FRAMES, "seek table");
      long entries = size - FOOTER - (long) listed * ENTRY;
      long data = entries - HEADER - SUMMARY - HEADER;
      require(data >= 0, "seek table");
      ByteBuffer header = bytes(entries - HEADER, HEADER);
      require(
          header.getInt() == SKIPPABLE && header.getInt() == size - entries, "seek table's head");
      ByteBuffer summary = bytes(data, HEADER + SUMMARY);
      require(summary.getInt() == SKIPPABLE && summary.getInt() == SUMMARY, "summary's head");
      byte[] magic = new byte[MAGIC.length];
      summary.get(magic);
      require(Arrays.equals(magic, MAGIC), "summary's magic");
      int version = summary.getInt();
      require(version == VERSION, "layout version " + version);
      int frameSize = summary.getInt();
      long plainSize = summary.getLong();
      int frames = summary.getInt();
      byte[] hash = new byte[HASH];
      summary.get(hash);
      CRC32 sum = new CRC32();
      sum.update(summary.duplicate().flip().position(HEADER));
      walk(entries, listed, sum::update);
      require((int) sum.getValue() == summary.getInt(), "checksum of the seek table");
      require(
          frameSize > 0
              && frameSize <= MAX_FRAME_SIZE
              && plainSize >= 0
              && frames == listed - 1
              && frames == framesOf(plainSize, frameSize),
          "summary");
      return table(frameSize, plainSize, HexFormat.of().formatHex(hash), entries, data, frames);
    }

    private SeekTable table(
        int frameSize, long plainSize, String sha256, long entries, long data, int frames)
        throws IOException {
      long[] offsets = new long[frames + 1];
      int[] checksums = new int[frames];
      SeekTable table = new SeekTable(frameSize, plainSize, sha256, offsets, checksums);
      int[] frame = {0};
      walk(
          entries,
          frames,
          piece -> {
            for (; piece.hasRemaining(); frame[0]++) {
              int packed = piece.getInt();
              require(packed > 0 && piece.getInt() == table.plainSize(frame[0]), "seek table");
              offsets[frame[0] + 1] = offsets[frame[0]] + packed;
              checksums[frame[0]] = piece.getInt();
            }
          });
      require(offsets[frames] == data, "sizes of the frames");
      return table;
    }

    private interface Visitor {
      void visit(ByteBuffer entries) throws IOException;
    }

    private void walk(long entries, int count, Visitor visitor) throws IOException {
      long at = entries;
      long end = entries + (long) count * ENTRY;
      while (at < end) {
        int length = (int) Math.min(PIECE, end - at);
        visitor.visit(bytes(at, length));
        at += length;
      }
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
      ByteBuffer bytes = buffer(length);
      require(file.readFully(bytes, position) == length, "end");
      return bytes.flip();
    }

    private void require(boolean holds, String what) throws IOException {
      if (!holds) {
        throw new IOException(
            "compressed file: " + name + ": " + what + " (expected: as it was written)");
      }
    }
  }
}
