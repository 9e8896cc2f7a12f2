package io.sluice.binlog.form;

import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The master's bytes as they are, with the in-use flag while the file is written. */
public final class PlainFile implements GrowingFile {
  private final DiskFile file;
  private final int flagAt;
  private final int flag;

  /**
   * For a file that is open.
   *
   * @param flagAt where the in-use flag is
   * @param flag its bit
   */
  public PlainFile(DiskFile file, int flagAt, int flag) {
    this.file = file;
    this.flagAt = flagAt;
    this.flag = flag;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void append(ByteBuffer source, long position) throws IOException {
    file.writeFully(source, position);
  }

  @Override
  public void truncate(long size) throws IOException {
    file.truncate(size);
  }

  @Override
  public void force(boolean metadata) throws IOException {
    file.force(metadata);
  }

  @Override
  public boolean showsUse() {
    return true;
  }

  @Override
  public void markInUse(boolean inUse) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    if (file.read(one, flagAt) < 1) {
      throw new IOException("binlog file: no FORMAT_DESCRIPTION");
    }
    byte old = one.get(0);
    byte wanted = (byte) (inUse ? old | flag : old & ~flag);
    if (old != wanted) {
      file.writeFully(one.put(0, wanted).rewind(), flagAt);
    }
  }

  @Override
  public void end() throws IOException {
    markInUse(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
