package io.sluice.binlog.store;

import java.time.Instant;

/** Which files are to be purged. Immutable. */
public sealed interface PurgeRequest {
  /**
   * All files before one, which stays: PURGE BINARY LOGS TO.
   *
   * @param file its name; of the youngest epoch that has it
   */
  record To(String file) implements PurgeRequest {}

  /**
   * The oldest files whose last event is older than a moment: PURGE BINARY LOGS BEFORE. A master
   * asks the file system when it wrote a file last; the relay asks the events, so that the answer
   * is the master's even if the file was copied later.
   *
   * @param time compared in whole seconds
   */
  record Before(Instant time) implements PurgeRequest {}

  /**
   * All files before one, as retention has decided.
   *
   * @param file the oldest that stays
   * @param overReaders whether also files go that are being read: their readers are cut off
   */
  record Files(BinlogFileId file, boolean overReaders) implements PurgeRequest {
    @Override
    public PurgeRequest upTo(BinlogFileId last) {
      return last.compareTo(file) < 0 ? new Files(last, overReaders) : this;
    }
  }

  /** The same, but a file stays that no request may take, not even one that goes over readers. */
  default PurgeRequest upTo(BinlogFileId last) {
    return this;
  }
}
