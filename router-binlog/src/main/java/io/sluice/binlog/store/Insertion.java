package io.sluice.binlog.store;

import io.sluice.binlog.gtid.MariaDbBinlogState;

/** An event that a source puts into a replica's stream without having it in a file. Immutable. */
public sealed interface Insertion {
  /**
   * A MariaDB master tells what the replica has been given.
   *
   * @param state the ids met so far
   * @param untilReached whether the stream ends here
   */
  record GtidList(MariaDbBinlogState state, boolean untilReached) implements Insertion {}

  /**
   * A MySQL source tells up to where there was nothing for the replica.
   *
   * @param position in the current file
   */
  record Heartbeat(long position) implements Insertion {}
}
