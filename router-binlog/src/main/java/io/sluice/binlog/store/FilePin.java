package io.sluice.binlog.store;

/** Keeps one file, and all behind it, from being purged until it is closed. Any thread. */
public interface FilePin extends AutoCloseable {
  /** Moves on to a later file. */
  void moveTo(BinlogFileId file);

  /** Lets go; a second call does nothing. */
  @Override
  void close();
}
