package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.event.PreviousGtids;
import io.sluice.binlog.gtid.MySqlGtidSet;

/**
 * Each id of our set has to come, in whatever order, in a log that begins behind nothing that we
 * lack. Confined to the loop of the connection.
 */
final class MySqlEpochGuard implements EpochGuard {
  private final MySqlGtidSet ours;
  private final MySqlGtidSet.Builder seen = new MySqlGtidSet.Builder();
  private MySqlGtidSet needed;
  private long missing;
  private boolean begun;

  MySqlEpochGuard(MySqlGtidSet ours) {
    this.ours = ours;
    this.needed = ours;
    this.missing = ours.count();
  }

  @Override
  public void onEvent(EventType type, ByteBuf buf, int index, int length, boolean checksums) {
    if (missing == 0) {
      return;
    }
    if (type == EventType.PREVIOUS_GTIDS) {
      onPrevious(PreviousGtids.decode(buf, index, length, checksums).set());
    } else if (type == EventType.MYSQL_GTID || type == EventType.MYSQL_GTID_TAGGED) {
      onGtid(MySqlGtidEvent.decode(buf, index, length));
    }
  }

  /** The first one counts, later ones repeat what came. */
  void onPrevious(MySqlGtidSet previous) {
    if (begun) {
      return;
    }
    begun = true;
    if (!ours.contains(previous)) {
      throw new MismatchException(
          LinkFailure.fatal(
              "the new source's log begins behind '"
                  + previous.subtract(ours)
                  + "', which our store lacks: there would be a gap"));
    }
    needed = ours.subtract(previous);
    missing = needed.count();
  }

  /** Takes the id of a transaction. */
  void onGtid(MySqlGtidEvent gtid) {
    if (needed.contains(gtid.tsid(), gtid.number())) {
      seen.add(gtid.tsid().high(), gtid.tsid().low(), gtid.tsid().tag(), gtid.number());
      missing--;
    }
  }

  @Override
  public void onEnd() {
    if (missing > 0) {
      throw new MismatchException(
          LinkFailure.fatal(
              "the new source's log ends without '"
                  + needed.subtract(seen.snapshot())
                  + "', which our store has: its history is not ours"));
    }
  }
}
