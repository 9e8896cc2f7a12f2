package io.sluice.binlog;

import io.sluice.binlog.store.SyncPolicy;

/** The values of the setting {@code sync}. */
enum SyncMode {
  /** Soon after each transaction. */
  TRANSACTION,
  /** When the operating system likes. */
  NONE;

  /** What the store does for it. */
  SyncPolicy policy() {
    return switch (this) {
      case TRANSACTION -> SyncPolicy.TRANSACTION;
      case NONE -> SyncPolicy.NONE;
    };
  }
}
