package io.sluice.binlog.form;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Compresses a file into frames of equal size that can be unpacked each for itself. Every zstd tool
 * unpacks the result. For one file, which it owns; one thread.
 */
public final class ZstdSeekableWriter implements PackWriter {
  /** Plain bytes of a frame: as much as a reader asks for at once. */
  public static final int FRAME_SIZE = 256 << 10;

  private static final int CHECKSUM = 4;

  private final DiskFile target;
  private final int frameSize;
  private final byte[] frame;
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final MessageDigest hash = sha256();
  private long[] offsets = new long[64];
  private int[] checksums = new int[64];
  private int frames;
  private int filled;
  private long plain;

  /** Writes to an empty file. */
  public ZstdSeekableWriter(DiskFile target, int level) {
    this(target, level, FRAME_SIZE);
  }

  ZstdSeekableWriter(DiskFile target, int level, int frameSize) {
    this.target = target;
    this.frameSize = frameSize;
    this.frame = new byte[frameSize];
    context.setLevel(level);
    context.setChecksum(true);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (expected: in every Java)", e);
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    hash.update(bytes.duplicate());
    plain += bytes.remaining();
    while (bytes.hasRemaining()) {
      int length = Math.min(bytes.remaining(), frameSize - filled);
      bytes.get(frame, filled, length);
      filled += length;
      if (filled == frameSize) {
        endFrame();
      }
    }
  }

  private void endFrame() throws IOException {
    ByteBuffer packed;
    try {
      packed =
          ByteBuffer.wrap(context.compress(Arrays.copyOf(frame, filled)))
              .order(ByteOrder.LITTLE_ENDIAN);
    } catch (ZstdException e) {
      throw new IOException("zstd: " + e.getMessage(), e);
    }
    if (frames + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
      checksums = Arrays.copyOf(checksums, offsets.length);
    }
    int length = packed.remaining();
    checksums[frames] = packed.getInt(length - CHECKSUM);
    target.writeFully(packed, offsets[frames]);
    offsets[frames + 1] = offsets[frames] + length;
    frames++;
    filled = 0;
  }

  /** Writes what is left, and where everything is. */
  @Override
  public void finish() throws IOException {
    if (filled > 0) {
      endFrame();
    }
    SeekTable table =
        new SeekTable(
            frameSize,
            plain,
            HexFormat.of().formatHex(hash.digest()),
            Arrays.copyOf(offsets, frames + 1),
            Arrays.copyOf(checksums, frames));
    table.write(target);
    target.force(true);
  }

  @Override
  public void close() throws IOException {
    context.close();
    target.close();
  }
}
