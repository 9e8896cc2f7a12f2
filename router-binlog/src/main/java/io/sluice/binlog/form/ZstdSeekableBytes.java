package io.sluice.binlog.form;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The compressed form: unpacks the frames that a read touches. A frame whose checksum is not that
 * of the seek table is damaged. Owns the file.
 */
public final class ZstdSeekableBytes implements StoredBytes {
  private static final int CHECKSUM = 4;

  private final DiskFile file;
  private final String name;
  private final FrameCache cache;
  private final SeekTable table;

  private ZstdSeekableBytes(DiskFile file, String name, FrameCache cache, SeekTable table) {
    this.file = file;
    this.name = name;
    this.cache = cache;
    this.table = table;
  }

  /**
   * Reads where the frames are. The file is closed if that fails.
   *
   * @param name of the file, for messages
   * @param cache keeps what is unpacked
   * @throws IOException also if it is not a whole compressed file of ours
   */
  public static ZstdSeekableBytes open(DiskFile file, String name, FrameCache cache)
      throws IOException {
    try {
      return new ZstdSeekableBytes(file, name, cache, SeekTable.read(file, name));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public long size() {
    return table.plainSize();
  }

  /** SHA-256 of the plain bytes as the writer saw them, 64 hex digits. */
  public String sha256() {
    return table.sha256();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining() && at < table.plainSize()) {
      int frame = (int) (at / table.frameSize());
      byte[] plain = cache.get(this, frame, () -> unpack(frame));
      int from = (int) (at % table.frameSize());
      int length = Math.min(target.remaining(), plain.length - from);
      target.put(plain, from, length);
      at += length;
    }
    return (int) (at - position);
  }

  private byte[] unpack(int frame) throws IOException {
    int packed = table.packedSize(frame);
    int plain = table.plainSize(frame);
    if (packed > Zstd.compressBound(plain) + CHECKSUM || packed <= CHECKSUM) {
      throw damaged(frame, packed + " bytes for " + plain);
    }
    ByteBuffer source = ByteBuffer.allocate(packed).order(ByteOrder.LITTLE_ENDIAN);
    if (file.readFully(source, table.offset(frame)) < packed) {
      throw damaged(frame, "the file ends");
    }
    if (source.getInt(packed - CHECKSUM) != table.checksum(frame)) {
      throw damaged(frame, "its checksum is not that of the seek table");
    }
    byte[] bytes = new byte[plain];
    long size;
    try {
      size = Zstd.decompressByteArray(bytes, 0, plain, source.array(), 0, packed);
    } catch (ZstdException e) {
      throw damaged(frame, String.valueOf(e.getMessage()));
    }
    if (size != plain) {
      throw damaged(frame, size + " plain bytes (expected: " + plain + ")");
    }
    return bytes;
  }

  private IOException damaged(int frame, String why) {
    return new IOException("compressed file: " + name + ": frame " + frame + " is damaged: " + why);
  }

  @Override
  public void close() throws IOException {
    cache.forget(this);
    file.close();
  }
}
