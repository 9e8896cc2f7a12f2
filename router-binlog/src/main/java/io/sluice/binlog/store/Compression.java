package io.sluice.binlog.store;

/** How closed files are compressed. */
public enum Compression {
  /** Not at all. */
  NONE,
  /** In the zstd seekable format. */
  ZSTD
}
