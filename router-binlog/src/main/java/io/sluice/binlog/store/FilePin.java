package io.sluice.binlog.store;

/**
 * Keeps one file, and all behind it, from being purged until it is closed or a purge goes over
 * readers. Any thread.
 */
public interface FilePin extends AutoCloseable {
  /** Moves on to a later file. */
  void moveTo(BinlogFileId file);

  /** Whether nobody else pins the same file. */
  boolean isAlone();

  /**
   * Whether a purge that goes over readers has taken the file, or will in a moment: it must not be
   * read any more.
   */
  boolean isPurged();

  /** Lets go; a second call does nothing. */
  @Override
  void close();
}
