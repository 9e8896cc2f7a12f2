package io.sluice.binlog.store;

/** Which stored bytes replicas may see. */
public enum ServeAfter {
  /** As soon as they are written to the operating system. */
  WRITTEN,
  /** Only when they are forced to the disk. */
  SYNCED
}
