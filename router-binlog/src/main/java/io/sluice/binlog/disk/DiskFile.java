package io.sluice.binlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Any thread, but for writes one at a time; everything may block. */
public interface DiskFile extends Closeable {
  /**
   * Reads at a position, possibly less than the target takes.
   *
   * @return bytes read, negative at the end of the file
   */
  int read(ByteBuffer target, long position) throws IOException;

  /**
   * Writes at a position, possibly less than the source has.
   *
   * @return bytes written
   */
  int write(ByteBuffer source, long position) throws IOException;

  /** Cuts the file to a size; a smaller one stays. */
  void truncate(long size) throws IOException;

  /**
   * Makes what was written durable.
   *
   * @param metadata whether times and the like too; the size always is
   */
  void force(boolean metadata) throws IOException;

  /** Bytes of the file. */
  long size() throws IOException;

  /**
   * Tells whether the operating system has all of these bytes, which the file has, in its memory:
   * reading them now is a copy and waits for no device. Nor does this. False where nobody knows.
   */
  default boolean isInMemory(long position, long length) throws IOException {
    return false;
  }

  /**
   * Reads until the target is full or the file ends.
   *
   * @return bytes read
   */
  default int readFully(ByteBuffer target, long position) throws IOException {
    int total = 0;
    while (target.hasRemaining()) {
      int got = read(target, position + total);
      if (got < 0) {
        break;
      }
      total += got;
    }
    return total;
  }

  /** Writes all of the source. */
  default void writeFully(ByteBuffer source, long position) throws IOException {
    long at = position;
    while (source.hasRemaining()) {
      at += write(source, at);
    }
  }
}
