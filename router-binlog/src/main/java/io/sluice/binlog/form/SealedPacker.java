package io.sluice.binlog.form;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes a whole file in the sealed form, its content compressed or not. */
final class SealedPacker implements PackWriter {
  /** Content of a compressed record. */
  private static final int BLOCK = 256 << 10;

  /** Ciphertext of one that did not get smaller. */
  static final int LARGEST = BLOCK + (BLOCK >> 7) + 1024;

  private final SealedWriter writer;
  private final int level;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
  private final byte[] packed = new byte[LARGEST];

  SealedPacker(SealedWriter writer, int level) {
    this.writer = writer;
    this.level = level;
  }

  @Override
  public void write(ByteBuffer plain) throws IOException {
    int limit = plain.limit();
    while (plain.hasRemaining()) {
      plain.limit(Math.min(limit, plain.position() + block.remaining()));
      block.put(plain);
      plain.limit(limit);
      if (!block.hasRemaining()) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    block.flip();
    if (level == 0) {
      writer.append(block, writer.size());
    } else if (block.hasRemaining()) {
      int plain = block.remaining();
      byte[] clear = plain == BLOCK ? block.array() : Arrays.copyOf(block.array(), plain);
      long length = Zstd.compress(packed, clear, level);
      if (Zstd.isError(length)) {
        throw new IOException("zstd: " + Zstd.getErrorName(length));
      }
      writer.appendCompressed(ByteBuffer.wrap(packed, 0, (int) length), plain);
    }
    block.clear();
  }

  @Override
  public void finish() throws IOException {
    flush();
    writer.end();
    writer.force(true);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
