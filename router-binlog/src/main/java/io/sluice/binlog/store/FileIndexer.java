package io.sluice.binlog.store;

import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.FormatDescription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Makes the sidecar of a closed file from its bytes, in one pass. For one file; blocks. */
final class FileIndexer implements FileScanner.Source {
  private static final int PIECE = 256 << 10;

  private final FileScanner.Source file;
  private final long size;
  private final BooleanSupplier stopped;
  private final boolean verify;
  private final MessageDigest hash = sha256();
  private long hashed;

  /**
   * Prepares a pass.
   *
   * @param file reads the bytes
   * @param size bytes of the file
   * @param stopped asked often; true ends the pass with an exception
   */
  FileIndexer(FileScanner.Source file, long size, BooleanSupplier stopped) {
    this(file, size, stopped, false);
  }

  private FileIndexer(FileScanner.Source file, long size, BooleanSupplier stopped, boolean verify) {
    this.file = file;
    this.size = size;
    this.stopped = stopped;
    this.verify = verify;
  }

  /** A pass that also checks the checksum and end position of each event. */
  static FileIndexer verifying(FileScanner.Source file, long size) {
    return new FileIndexer(file, size, () -> false, true);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (expected: in every Java)", e);
    }
  }

  /**
   * Reads the file from end to end.
   *
   * @throws IOException if it cannot be read, or its events are not whole
   */
  Sidecar run() throws IOException {
    FileFollower follower = new FileFollower();
    follower.startFile();
    FileIndex index = new FileIndex();
    FileScanner scan = new FileScanner(this, BinlogFileFormat.FIRST_EVENT, size, verify);
    try {
      long wanted = index.nextWanted();
      while (scan.next()) {
        boolean safe =
            follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
        FormatDescription format = follower.format();
        scan.checksums(format != null && format.hasChecksums());
        if (safe && scan.nextPosition() >= wanted) {
          wanted = index.offer(scan.nextPosition(), follower);
        }
      }
    } catch (BinlogFormatException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
    FormatDescription format = follower.format();
    if (!scan.stopReason().isEmpty() || format == null) {
      throw new IOException("at " + scan.position() + ": " + scan.stopReason());
    }
    hashUpTo(size);
    return new Sidecar(
        size,
        edges(file, size),
        HexFormat.of().formatHex(hash.digest()),
        follower.startState(),
        follower.state(),
        follower.firstTime(),
        follower.lastTime(),
        null,
        index);
  }

  /** CRC-32 of the first and last bytes of a file. */
  static int edges(FileScanner.Source file, long size) throws IOException {
    CRC32 sum = new CRC32();
    ByteBuffer edge = ByteBuffer.allocate(Sidecar.EDGE);
    for (long from : new long[] {0, Math.max(0, size - Sidecar.EDGE)}) {
      edge.clear();
      file.read(from, edge);
      sum.update(edge.flip());
    }
    return (int) sum.getValue();
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    if (stopped.getAsBoolean()) {
      throw new IOException("store: closed");
    }
    hashUpTo(position);
    int before = target.position();
    int got = file.read(position, target);
    if (position + got > hashed && got > 0) {
      ByteBuffer fresh = target.duplicate();
      fresh.limit(before + got).position(before + (int) (hashed - position));
      hash.update(fresh);
      hashed = position + got;
    }
    return got;
  }

  /** Hashes what the walk leaves out: the magic and the insides of large events. */
  private void hashUpTo(long position) throws IOException {
    @Nullable ByteBuffer piece = null;
    while (hashed < position) {
      if (stopped.getAsBoolean()) {
        throw new IOException("store: closed");
      }
      if (piece == null) {
        piece = ByteBuffer.allocate(PIECE);
      }
      piece.clear().limit((int) Math.min(PIECE, position - hashed));
      int got = file.read(hashed, piece);
      if (got <= 0) {
        throw new IOException("at " + hashed + ": the file ends (expected: " + size + " bytes)");
      }
      hash.update(piece.flip());
      hashed += got;
    }
  }
}
