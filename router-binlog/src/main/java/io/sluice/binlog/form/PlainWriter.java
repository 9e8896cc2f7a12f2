package io.sluice.binlog.form;

import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes bytes as they are to a file, which it owns. One thread. */
public final class PlainWriter implements PackWriter {
  private final DiskFile file;
  private long end;

  /** Writes to an empty file. */
  public PlainWriter(DiskFile file) {
    this.file = file;
  }

  @Override
  public void write(ByteBuffer plain) throws IOException {
    int length = plain.remaining();
    file.writeFully(plain, end);
    end += length;
  }

  @Override
  public void finish() throws IOException {
    file.force(true);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
