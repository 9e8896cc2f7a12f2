package io.sluice.binlog.form;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The file that the log grows in, in whatever form it is on disk. Positions and sizes are those of
 * the master's bytes. One thread, but for {@link #force}; blocks.
 */
public interface GrowingFile extends Closeable {
  /** Bytes of the master's that the file has. */
  long size() throws IOException;

  /**
   * Takes all of the source for the end of the file.
   *
   * @param position the end
   */
  void append(ByteBuffer source, long position) throws IOException;

  /**
   * Drops what is behind a position. What is kept stays as durable as it was; what was written
   * behind it, even by a write that failed, is not needed for anything any more.
   */
  void truncate(long size) throws IOException;

  /**
   * Makes what was appended durable. Any thread, also while something is appended.
   *
   * @param metadata whether times and the like too
   */
  void force(boolean metadata) throws IOException;

  /** Tells whether the in-use flag of the log's format is set in the file while it is written. */
  boolean showsUse();

  /** Sets or clears the in-use flag, where it is shown. */
  void markInUse(boolean inUse) throws IOException;

  /** Nothing more comes, for now; {@link #force} makes that durable. */
  void end() throws IOException;
}
