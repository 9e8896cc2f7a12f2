package io.sluice.binlog.master;

import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.Watermark;

/**
 * What a source that runs has said of its {@code gtid_purged}, until it can be told what of it is
 * in no file: a transaction that the source has purged from its files may still be on its way to
 * us, one that an administrator has added to the set will never come. Purged files are the oldest
 * ones, so all that was on its way has come as soon as we have what the source had in its files
 * then, or stand where its log ended. Immutable.
 *
 * @param purged {@code gtid_purged}
 * @param executed {@code gtid_executed}, asked together with it
 * @param file the file in which the log ended, asked later; empty if that was not told
 * @param position where in that file
 */
record PurgedNews(MySqlGtidSet purged, MySqlGtidSet executed, String file, long position) {

  /** Whether nothing is new in it. */
  boolean isKnown(MySqlGtidSet ours) {
    return ours.containsAll(purged);
  }

  /**
   * Whether all that was on its way is here.
   *
   * @param end where our log of this source ends
   * @param ours all that we know of
   */
  boolean isDecided(Watermark end, MySqlGtidSet ours) {
    MySqlGtidSet inFiles = executed.subtract(purged);
    return (!inFiles.isEmpty() && ours.containsAll(inFiles)) || isReached(end);
  }

  private boolean isReached(Watermark end) {
    String ourFile = end.file().name();
    if (file.isEmpty()
        || !BinlogFileFormat.isValidName(file)
        || !BinlogFileFormat.base(file).equals(BinlogFileFormat.base(ourFile))) {
      return false;
    }
    int order = Long.compare(BinlogFileFormat.number(ourFile), BinlogFileFormat.number(file));
    return order > 0 || (order == 0 && end.offset() >= position);
  }
}
