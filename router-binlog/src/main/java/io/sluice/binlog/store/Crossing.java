package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;

/**
 * The way from the end of one epoch into the next one. The first files of an epoch repeat what the
 * epoch before has at its end. Immutable, the same for all replicas.
 *
 * @param file where the stream goes on
 * @param position in it: the beginning of the file, or a group boundary. What stands before it in
 *     the new epoch was in the old one
 * @param formatDescription the file's first event
 * @param overlap what the new epoch repeats behind the position, and the stream must leave out
 *     ({@link GroupFilter#cross}): MariaDB, of some domains the last id that the old epoch has;
 *     MySQL, the ids
 */
public record Crossing(
    BinlogFileId file, long position, FormatDescription formatDescription, GtidState overlap) {
  /**
   * Tells whether nothing behind the position was in the old epoch: then a replica that knows no
   * GTIDs may go on too.
   */
  public boolean exact() {
    return overlap.isEmpty();
  }
}
