package io.sluice.binlog.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Reads files from end to end, to hash or to copy them, no faster than allowed. One thread. */
final class PacedCopy {
  private static final int PIECE = 256 << 10;

  /** Where bytes come from. */
  interface Source {
    /** Reads until the target is full or the source ends. */
    int read(ByteBuffer target, long position) throws IOException;
  }

  /** Where they go. */
  interface Sink {
    /** Takes all of them. */
    void write(ByteBuffer bytes, long position) throws IOException;
  }

  private final Pacer pacer;

  PacedCopy(Pacer pacer) {
    this.pacer = pacer;
  }

  /** Tells whether the store closes. */
  boolean isStopped() {
    return pacer.isStopped();
  }

  /** SHA-256 of a number of bytes, 64 hex digits; reading has no limit of its own. */
  String hash(Source source, long size) throws IOException {
    return walk(source, size, (bytes, position) -> pacer.handled(0));
  }

  /**
   * Copies a number of bytes.
   *
   * @return their SHA-256, 64 hex digits
   * @throws IOException also if the source ends before, or the store closes
   */
  String copy(Source source, long size, Sink sink) throws IOException {
    return walk(
        source,
        size,
        (bytes, position) -> {
          int length = bytes.remaining();
          sink.write(bytes, position);
          pacer.handled(length);
        });
  }

  private static String walk(Source source, long size, Sink sink) throws IOException {
    MessageDigest hash = FileIndexer.sha256();
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    long at = 0;
    while (at < size) {
      piece.clear().limit((int) Math.min(PIECE, size - at));
      int got = source.read(piece, at);
      if (got < piece.limit()) {
        throw new IOException("at " + (at + got) + ": the file ends (expected: " + size + ")");
      }
      hash.update(piece.flip());
      sink.write(piece.rewind(), at);
      at += got;
    }
    return HexFormat.of().formatHex(hash.digest());
  }
}
