package io.sluice.binlog.replica;

import io.sluice.binlog.event.EventType;
import java.util.Arrays;

/**
 * What becomes of each type of event on its way to one replica: reference §5.3. A replica says with
 * {@code @mariadb_slave_capability} what it knows; an event that it does not know is left out if it
 * tolerates holes, and replaced by one of the same length if not. Immutable.
 */
final class EventPolicy {
  private static final int KNOWS_ANNOTATE = 1;
  private static final int TOLERATES_HOLES = 2;
  private static final int KNOWS_CHECKPOINT = 3;
  private static final int KNOWS_GTID = 4;

  /** What becomes of an event. */
  enum Treatment {
    /** It is sent as it is. */
    SEND,
    /** It is left out. */
    DROP,
    /** A comment takes its place. */
    DUMMY,
    /** BEGIN takes the place of a transaction's GTID; another GTID is left out or a comment. */
    GTID
  }

  private final Treatment[] byType = new Treatment[256];
  private final Treatment unknown;

  EventPolicy(int capability, boolean annotateRows) {
    unknown = capability >= TOLERATES_HOLES ? Treatment.DROP : Treatment.DUMMY;
    Arrays.fill(byType, Treatment.SEND);
    if (!annotateRows && (capability >= TOLERATES_HOLES || capability < KNOWS_ANNOTATE)) {
      set(EventType.ANNOTATE_ROWS, unknown);
    }
    if (capability < KNOWS_CHECKPOINT) {
      set(EventType.BINLOG_CHECKPOINT, unknown);
    }
    if (capability < KNOWS_GTID) {
      set(EventType.MARIADB_GTID_LIST, unknown);
      set(EventType.MARIADB_GTID, Treatment.GTID);
    }
  }

  /** Every event is sent as it is. */
  static EventPolicy untouched() {
    return new EventPolicy(KNOWS_GTID, true);
  }

  private void set(EventType type, Treatment treatment) {
    byType[type.code()] = treatment;
  }

  /**
   * What becomes of an event.
   *
   * @param type its type byte
   */
  Treatment of(byte type) {
    return byType[type & 0xff];
  }

  /** By type byte: which events are sent as they are, whatever is in them. */
  boolean[] sentAsTheyAre() {
    boolean[] plain = new boolean[byType.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = byType[i] == Treatment.SEND;
    }
    // The stream depends on what it says.
    plain[EventType.FORMAT_DESCRIPTION.code()] = false;
    return plain;
  }

  /** What becomes of a GTID whose group is no transaction, for {@link Treatment#GTID}. */
  Treatment ofStandaloneGtid() {
    return unknown;
  }
}
