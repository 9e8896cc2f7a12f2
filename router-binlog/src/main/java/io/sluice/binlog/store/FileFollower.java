package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.GtidListEvent;
import io.sluice.binlog.event.TransactionTracker;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one file say, in order: its format, where it may be cut, the GTID state there.
 * The writer, recovery and searches all look through these eyes. Confined to one thread.
 */
final class FileFollower {
  private final TransactionTracker tracker = new TransactionTracker();
  private final MariaDbBinlogState.Builder state = new MariaDbBinlogState.Builder();
  private @Nullable FormatDescription format;
  private boolean headComplete;
  private boolean gtidList;
  private boolean terminated;
  private long timestamp;

  /** Begins a file; the GTID state goes on. */
  void startFile() {
    tracker.reset();
    format = null;
    headComplete = false;
    gtidList = false;
    terminated = false;
  }

  /** Goes on at a boundary of a file. */
  void resume(FormatDescription fileFormat, MariaDbBinlogState gtidState, long lastTimestamp) {
    tracker.reset();
    format = fileFormat;
    state.set(gtidState);
    timestamp = lastTimestamp;
    headComplete = true;
    terminated = false;
  }

  /** Goes back to a state between files. */
  void reset(MariaDbBinlogState gtidState, long lastTimestamp) {
    startFile();
    state.set(gtidState);
    timestamp = lastTimestamp;
  }

  /**
   * Takes the next event.
   *
   * @param available bytes of it in the buffer: all of it, or at least {@link
   *     TransactionTracker#PREFIX}
   * @return whether the file may be cut behind the event
   */
  boolean onEvent(ByteBuf buf, int index, int available, int length) {
    FormatDescription known = format;
    if (known == null) {
      if (available < length) {
        throw new BinlogFormatException(
            "first event: " + length + " bytes (expected: FORMAT_DESCRIPTION)");
      }
      format = FormatDescription.decode(buf, index, length);
      tracker.reset();
      return false;
    }
    EventType type = EventHeader.type(buf, index);
    if (type == EventType.FORMAT_DESCRIPTION) {
      throw new BinlogFormatException("FORMAT_DESCRIPTION: another one (expected: one per file)");
    }
    boolean safe = tracker.onEvent(buf, index, available, length, known.hasChecksums());
    if (type == EventType.MARIADB_GTID_LIST) {
      if (available < length) {
        throw new BinlogFormatException(
            "GTID_LIST: " + length + " bytes (expected: at most 256 KiB)");
      }
      state.set(GtidListEvent.decode(buf, index, length, known.hasChecksums()).state());
      gtidList = true;
    }
    headComplete |= type != EventType.START_ENCRYPTION;
    long seconds = EventHeader.timestamp(buf, index);
    if (seconds != 0) {
      timestamp = seconds;
    }
    terminated = type == EventType.ROTATE || type == EventType.STOP;
    if (safe && tracker.hasGtid()) {
      state.update(tracker.gtidDomain(), tracker.gtidServer(), tracker.gtidSequence());
    }
    return safe && headComplete;
  }

  /** The format, or null before the first event. */
  @Nullable FormatDescription format() {
    return format;
  }

  /** GTID state behind the last whole group. */
  MariaDbBinlogState state() {
    return state.snapshot();
  }

  /** GTID state as BINLOG_GTID_POS sees it: an open group counts from its GTID event on. */
  MariaDbBinlogState stateWithOpenGroup() {
    if (tracker.isSafe() || !tracker.hasGtid()) {
      return state.snapshot();
    }
    MariaDbBinlogState.Builder open = state.snapshot().toBuilder();
    open.update(tracker.gtidDomain(), tracker.gtidServer(), tracker.gtidSequence());
    return open.snapshot();
  }

  /** Tells whether the file began with a GTID_LIST, which was seen. */
  boolean hasGtidList() {
    return gtidList;
  }

  /** Tells whether the last event ended a group that has a GTID. */
  boolean endsGroup() {
    return tracker.isSafe() && tracker.hasGtid();
  }

  /** Tells whether the events in front of the first group were seen. */
  boolean headComplete() {
    return headComplete;
  }

  /** Tells whether the last event was ROTATE or STOP. */
  boolean terminated() {
    return terminated;
  }

  /** Tells whether the last event cut off the group before it. */
  boolean wasInterrupted() {
    return tracker.wasInterrupted();
  }

  /** Seconds since 1970 of the last event that has a timestamp. */
  long timestamp() {
    return timestamp;
  }
}
