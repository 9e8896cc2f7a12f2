package io.sluice.binlog.form;

import io.sluice.binlog.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A file in memory that counts what is read of it. */
final class MemoryFile implements DiskFile {
  byte[] bytes;
  long read;
  int reads;
  long forced;
  boolean closed;

  MemoryFile(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public synchronized int read(ByteBuffer target, long position) {
    if (position >= bytes.length) {
      return -1;
    }
    int length = (int) Math.min(target.remaining(), bytes.length - position);
    target.put(bytes, (int) position, length);
    read += length;
    reads++;
    return length;
  }

  @Override
  public synchronized int write(ByteBuffer source, long position) {
    int length = source.remaining();
    if (position + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) position + length);
    }
    source.get(bytes, (int) position, length);
    return length;
  }

  @Override
  public void truncate(long size) {
    bytes = Arrays.copyOf(bytes, (int) Math.min(size, bytes.length));
  }

  @Override
  public void force(boolean metadata) {
    forced = bytes.length;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void close() {
    closed = true;
  }
}
