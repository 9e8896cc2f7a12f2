package io.sluice.binlog.form;

import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The plain form. Owns the file. */
public final class PlainBytes implements StoredBytes {
  private final DiskFile file;

  /** Reads an open file. */
  public PlainBytes(DiskFile file) {
    this.file = file;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return file.readFully(target, position);
  }

  @Override
  public boolean isInMemory(long position, long length) throws IOException {
    return file.isInMemory(position, length);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
