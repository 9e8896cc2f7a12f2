package io.sluice.binlog.store;

import io.sluice.binlog.form.SealedFiles;

/**
 * What the newest file of a store looks like.
 *
 * @param follower what the events up to the safe end said
 * @param safeEnd behind its last whole transaction
 * @param size bytes that were found
 * @param dropped whole and valid events behind the safe end
 * @param reason why the bytes behind it are of no use, empty if there are none
 */
record RecoveredTail(
    BinlogFileId file, FileFollower follower, long safeEnd, long size, int dropped, String reason) {

  /** The same, with what is on the disk behind it in a sealed file. */
  RecoveredTail behind(SealedFiles.Recovered good) {
    return good.torn() == 0
        ? this
        : new RecoveredTail(file, follower, safeEnd, size + good.torn(), dropped, good.problem());
  }

  /** Tells whether there are bytes behind the safe end. */
  boolean isTorn() {
    return safeEnd < size;
  }
}
