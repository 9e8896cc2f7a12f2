package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MySqlGtidSet;

/**
 * Watches whether the history of another master really goes through the end of ours; throws {@link
 * MismatchException} if not. Confined to the loop of the connection.
 */
sealed interface EpochGuard permits MariaDbEpochGuard, MySqlEpochGuard {

  /** For a history that has to go through this state. */
  static EpochGuard of(GtidState end) {
    return switch (end.family()) {
      case MARIADB -> new MariaDbEpochGuard(MariaDbBinlogState.of(end).position());
      case MYSQL -> new MySqlEpochGuard(MySqlGtidSet.of(end));
    };
  }

  /** Takes an event of the log, whole. */
  void onEvent(EventType type, ByteBuf buf, int index, int length, boolean checksums);

  /** The master has nothing more to send. */
  void onEnd();
}
