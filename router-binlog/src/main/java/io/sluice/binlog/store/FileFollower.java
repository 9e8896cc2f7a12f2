package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.TransactionTracker;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.ServerFamily;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one file say, in order: its format, where it may be cut, the GTID state there.
 * The writer, recovery and searches all look through these eyes. Confined to one thread.
 */
final class FileFollower {
  private TransactionTracker tracker = new TransactionTracker(ServerFamily.MARIADB);
  private GtidState.Builder state = GtidState.builder(ServerFamily.MARIADB);
  private @Nullable FormatDescription format;
  private @Nullable ServerFamily required;
  private boolean headComplete;
  private @Nullable GtidState startState;
  private boolean terminated;
  private long timestamp;
  private long firstTime;
  private long lastTime;

  /** One that has seen the same events and goes on by itself. */
  FileFollower copy() {
    FileFollower copy = new FileFollower();
    copy.tracker = tracker.copy();
    copy.state = state.snapshot().toBuilder();
    copy.format = format;
    copy.required = required;
    copy.headComplete = headComplete;
    copy.startState = startState;
    copy.terminated = terminated;
    copy.timestamp = timestamp;
    copy.firstTime = firstTime;
    copy.lastTime = lastTime;
    return copy;
  }

  /** From now on only files of this family are understood; null for that of the next file. */
  void require(@Nullable ServerFamily family) {
    required = family;
  }

  /** Begins a file; the GTID state goes on. */
  void startFile() {
    tracker.reset();
    format = null;
    headComplete = false;
    startState = null;
    terminated = false;
    firstTime = 0;
    lastTime = 0;
  }

  /** Goes on at a boundary of a file. */
  void resume(FormatDescription fileFormat, GtidState gtidState, long lastTimestamp) {
    state = GtidState.builder(fileFormat.family());
    state.set(gtidState);
    tracker = new TransactionTracker(fileFormat.family());
    format = fileFormat;
    timestamp = lastTimestamp;
    headComplete = true;
    terminated = false;
  }

  /** Goes back to a state between files. */
  void reset(GtidState gtidState, long lastTimestamp) {
    startFile();
    state = gtidState.toBuilder();
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
      firstTime = EventHeader.timestamp(buf, index);
      begin(FormatDescription.decode(buf, index, length));
      return false;
    }
    EventType type = EventHeader.type(buf, index);
    if (type == EventType.FORMAT_DESCRIPTION) {
      throw new BinlogFormatException("FORMAT_DESCRIPTION: another one (expected: one per file)");
    }
    boolean safe = tracker.onEvent(buf, index, available, length, known.hasChecksums());
    if (BinlogFileFormat.isStartState(type)) {
      takeStartState(known, buf, index, available, length);
    }
    headComplete |= type != EventType.START_ENCRYPTION;
    long seconds = EventHeader.timestamp(buf, index);
    if (seconds != 0) {
      timestamp = seconds;
      lastTime = seconds;
    }
    terminated = type == EventType.ROTATE || type == EventType.STOP;
    if (safe) {
      tracker.addGtidTo(state);
    }
    return safe && headComplete;
  }

  private void begin(FormatDescription fileFormat) {
    ServerFamily family = fileFormat.family();
    ServerFamily wanted = state.isEmpty() ? required : state.family();
    if (wanted != null && wanted != family) {
      throw new BinlogFormatException(
          "file of a "
              + family.label()
              + " server (expected: of "
              + wanted.label()
              + ", as those before it)");
    }
    if (state.family() != family) {
      state = GtidState.builder(family);
    }
    required = family;
    tracker = new TransactionTracker(family);
    format = fileFormat;
  }

  private void takeStartState(
      FormatDescription known, ByteBuf buf, int index, int available, int length) {
    if (available < length) {
      throw new BinlogFormatException(
          EventHeader.type(buf, index)
              + ": "
              + length
              + " bytes (expected: at most "
              + BinlogFileFormat.MAX_START_STATE
              + ")");
    }
    GtidState told = known.stateIn(buf, index, length);
    if (told != null) {
      state.set(told);
      if (startState == null) {
        startState = state.snapshot();
      }
    }
  }

  /** The format, or null before the first event. */
  @Nullable FormatDescription format() {
    return format;
  }

  /** GTID state behind the last whole group. */
  GtidState state() {
    return state.snapshot();
  }

  /** GTID state as BINLOG_GTID_POS sees it: an open group counts from its GTID event on. */
  GtidState stateWithOpenGroup() {
    if (tracker.isSafe() || !tracker.hasGtid()) {
      return state.snapshot();
    }
    GtidState.Builder open = state.snapshot().toBuilder();
    tracker.addGtidTo(open);
    return open.snapshot();
  }

  /** Tells whether the file told the GTID state at its start, and that was seen. */
  boolean hasStartState() {
    return startState != null;
  }

  /** The GTID state that the file told first; null if it has told none. */
  @Nullable GtidState startState() {
    return startState;
  }

  /** Seconds since 1970 of the file's first event. */
  long firstTime() {
    return firstTime;
  }

  /** Seconds since 1970 of the last event behind the first one that has a timestamp; or 0. */
  long lastTime() {
    return lastTime;
  }

  /**
   * Tells whether the last event ended a group: one that has a GTID in MariaDB's logs, since a
   * master has only those in its index.
   */
  boolean endsGroup() {
    return tracker.isSafe() && (tracker.hasGtid() || state.family() == ServerFamily.MYSQL);
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
