package io.sluice.binlog.retention;

import io.sluice.binlog.store.BinlogFileId;

/**
 * Somebody needs a file and all behind it. Immutable.
 *
 * @param file the oldest that is needed
 * @param who for people
 */
record Need(BinlogFileId file, String who) {

  /** For people, with the file. */
  String describe() {
    return who + " needs " + file.name();
  }
}
