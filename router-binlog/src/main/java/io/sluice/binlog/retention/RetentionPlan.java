package io.sluice.binlog.retention;

import io.sluice.binlog.store.BinlogFileId;
import java.util.List;

/**
 * What is to be done about the oldest files. Immutable.
 *
 * @param limit the oldest file that stays; {@link BinlogFileId#NONE} if nothing goes
 * @param hardLimit the oldest file that the hard limit leaves, whoever reads; {@link
 *     BinlogFileId#NONE} if it takes nothing
 * @param goes how many files go
 * @param goesBytes their bytes on disk
 * @param held how many more would go if nobody needed them
 * @param heldBytes their bytes on disk
 * @param holders who needs them
 * @param strands who needs what the hard limit takes
 * @param why which limit is exceeded, also if nothing can go; empty for none
 */
record RetentionPlan(
    BinlogFileId limit,
    BinlogFileId hardLimit,
    int goes,
    long goesBytes,
    int held,
    long heldBytes,
    List<Need> holders,
    List<Need> strands,
    String why) {

  static final RetentionPlan NOTHING =
      new RetentionPlan(BinlogFileId.NONE, BinlogFileId.NONE, 0, 0, 0, 0, List.of(), List.of(), "");
}
