package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.GtidListEvent;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.util.HashMap;
import java.util.Map;

/**
 * Each id of our position has to come, and before anything that stands behind it in its domain.
 * Confined to the loop of the connection.
 */
final class MariaDbEpochGuard implements EpochGuard {
  private final Map<Long, MariaDbGtid> missing = new HashMap<>();
  private boolean begun;

  MariaDbEpochGuard(MariaDbGtidList position) {
    for (MariaDbGtid gtid : position) {
      missing.put(gtid.domain(), gtid);
    }
  }

  @Override
  public void onEvent(EventType type, ByteBuf buf, int index, int length, boolean checksums) {
    if (type == EventType.MARIADB_GTID) {
      onGtid(GtidEvent.decode(buf, index, length, checksums).gtid());
    } else if (type == EventType.MARIADB_GTID_LIST) {
      onFileState(GtidListEvent.decode(buf, index, length, checksums).state());
    }
  }

  /** Takes what stands before a file; the first one counts, later ones repeat what came. */
  void onFileState(MariaDbBinlogState state) {
    if (begun) {
      return;
    }
    begun = true;
    missing
        .values()
        .removeIf(
            needed -> {
              MariaDbGtid last = state.last(needed.domain());
              return last != null && last.equals(needed);
            });
  }

  /** Takes the id of a group. */
  void onGtid(MariaDbGtid gtid) {
    MariaDbGtid needed = missing.get(gtid.domain());
    if (needed == null) {
      return;
    }
    if (gtid.equals(needed)) {
      missing.remove(gtid.domain());
    } else if (gtid.reaches(needed.sequence())) {
      throw new MismatchException(
          LinkFailure.fatal(
              "the new master's log goes on to GTID "
                  + gtid
                  + " without "
                  + needed
                  + ", where our store ends: its history is not ours"));
    }
  }

  @Override
  public void onEnd() {
    if (!missing.isEmpty()) {
      throw new MismatchException(
          LinkFailure.fatal(
              "the new master's log ends without GTID "
                  + missing.values().iterator().next()
                  + ", where our store ends: its history is not ours"));
    }
  }
}
