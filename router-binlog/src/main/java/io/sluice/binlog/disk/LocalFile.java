package io.sluice.binlog.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of the operating system. */
final class LocalFile implements DiskFile {
  private final FileChannel channel;

  LocalFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    return channel.write(source, position);
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  @Override
  public void force(boolean metadata) throws IOException {
    channel.force(metadata);
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public boolean isInMemory(long position, long length) throws IOException {
    return ResidentPages.contain(channel, position, length);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
