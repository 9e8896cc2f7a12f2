package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the events of a file with all checks, and tells where transactions begin and end. Confined
 * to one thread; blocks.
 *
 * <p>After {@link #next} answered true, the event stands at {@link #index} of {@link #window},
 * whole or its first {@link #available} bytes. After false, {@link #problem} tells what is wrong
 * with the rest, or is empty at a clean end.
 */
public final class FileWalk {
  private final FileScanner scan;
  private final FileFollower follower;
  private long safeEnd;
  private boolean safe;
  private boolean groupStart;
  private @Nullable GtidState start;
  private long firstTime;
  private long time;
  private boolean atFirst = true;
  private @Nullable String problem;

  FileWalk(FileScanner scan, FileFollower follower) {
    this.scan = scan;
    this.follower = follower;
    this.safe = follower.headComplete();
    this.safeEnd = safe ? scan.nextPosition() : 0;
  }

  /** Moves to the next event. */
  public boolean next() throws IOException {
    if (problem != null) {
      return false;
    }
    if (!scan.next()) {
      problem = scan.stopReason();
      return false;
    }
    groupStart = safe;
    try {
      safe = follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
    } catch (BinlogFormatException e) {
      problem = String.valueOf(e.getMessage());
      return false;
    }
    FormatDescription format = follower.format();
    scan.checksums(format != null && format.hasChecksums());
    if (atFirst) {
      firstTime = EventHeader.timestamp(scan.window(), scan.index());
      atFirst = false;
    }
    if (start == null && follower.hasStartState()) {
      start = follower.state();
    }
    if (safe) {
      safeEnd = scan.nextPosition();
      time = follower.timestamp();
    }
    return true;
  }

  /** Walks to the end; tells where the file may be cut behind its last whole transaction. */
  public long toEnd() throws IOException {
    while (next()) {
      groupStart = false;
    }
    return safeEnd;
  }

  /** The bytes around the event. */
  public ByteBuf window() {
    return scan.window();
  }

  /** Where the event begins in the window. */
  public int index() {
    return scan.index();
  }

  /** Bytes of the event in the window. */
  public int available() {
    return scan.available();
  }

  /** Bytes of the event. */
  public int length() {
    return scan.length();
  }

  /** File offset of the event; after the walk stopped, where it stopped. */
  public long position() {
    return scan.position();
  }

  /** File offset behind the event. */
  public long nextPosition() {
    return scan.nextPosition();
  }

  /** The type of the event. */
  public EventType type() {
    return EventHeader.type(scan.window(), scan.index());
  }

  /** Tells whether a group begins with the event, or it stands alone behind the file's head. */
  public boolean beginsGroup() {
    return groupStart;
  }

  /** Where the file may be cut behind the last whole transaction so far, 0 if there is none. */
  public long safeEnd() {
    return safeEnd;
  }

  /** What is wrong with the event where the walk stopped; empty while nothing is. */
  public String problem() {
    return problem == null ? "" : problem;
  }

  /** Tells whether nothing is wrong but that the last event is not all there. */
  public boolean endsEarly() {
    return scan.endsEarly();
  }

  /** The file's format, null before the first event. */
  public @Nullable FormatDescription format() {
    return follower.format();
  }

  /** GTID state at the start of the file, null if it does not tell, or has not yet. */
  public @Nullable GtidState start() {
    return start;
  }

  /** GTID state behind the last whole transaction so far. */
  public GtidState state() {
    return follower.state();
  }

  /** Seconds since 1970 of the first event. */
  public long firstTime() {
    return firstTime;
  }

  /** Seconds since 1970 of the last event with a time in a whole transaction so far. */
  public long lastTime() {
    return time;
  }
}
