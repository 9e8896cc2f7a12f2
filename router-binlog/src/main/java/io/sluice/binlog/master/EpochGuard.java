package io.sluice.binlog.master;

import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches whether the history of another master really goes through the end of ours: each id of our
 * position has to come, and before anything that stands behind it in its domain. Confined to the
 * loop of the connection.
 */
final class EpochGuard {
  private final Map<Long, MariaDbGtid> missing = new HashMap<>();
  private boolean begun;

  EpochGuard(MariaDbGtidList position) {
    for (MariaDbGtid gtid : position) {
      missing.put(gtid.domain(), gtid);
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

  /** The master has nothing more to send. */
  void onEnd() {
    if (!missing.isEmpty()) {
      throw new MismatchException(
          LinkFailure.fatal(
              "the new master's log ends without GTID "
                  + missing.values().iterator().next()
                  + ", where our store ends: its history is not ours"));
    }
  }
}
