package io.sluice.binlog.form;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a file of the log at the master's positions, whatever its form on the disk is. What it
 * gives are the bytes that were stored, or an exception: never others. Any thread; blocks.
 */
public interface StoredBytes extends Closeable {
  /** Bytes of the file of the log. */
  long size() throws IOException;

  /** Tells whether reading these bytes now is a copy of memory; itself it waits for nothing. */
  default boolean isInMemory(long position, long length) throws IOException {
    return false;
  }

  /**
   * Reads until the target is full or the file of the log ends.
   *
   * @return bytes read; 0 at the end and behind it
   * @throws IOException if they cannot be read, or are damaged
   */
  int read(ByteBuffer target, long position) throws IOException;
}
