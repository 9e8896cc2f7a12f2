package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.Heartbeat;
import io.sluice.binlog.event.Rotate;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.ResumePoint;
import org.jspecify.annotations.Nullable;

/**
 * Decides event by event whether it is stored, and proves that it may be: checksum, position
 * counted from sizes, {@code end_log_pos} where it is not 0, continuity of file names, and that a
 * resumed file is the one that is stored. Heartbeats, artificial ROTATEs, GTID_LISTs and copies of
 * FORMAT_DESCRIPTION are never stored. Reference §3.2, §3.5, §6.3.
 *
 * <p>Throws {@link MismatchException} or {@link io.sluice.binlog.event.BinlogFormatException} when
 * in doubt. Confined to one loop.
 */
final class EventIntake {
  private static final long FIRST = BinlogFileFormat.FIRST_EVENT;

  /** What to do with an event. */
  enum Verdict {
    /** Append it. */
    STORE,
    /** Belongs to the file, but is stored since earlier. */
    ALREADY_STORED,
    /** Was made for the stream only. */
    DROP,
    /** Was made for the stream only and begins a new file. */
    NEW_FILE
  }

  private final boolean negotiatedChecksums;
  private final LinkCounters counters;
  private final EventChecksum sum = new EventChecksum();
  private final @Nullable FormatDescription storedFormat;
  private final long storedUpTo;
  private @Nullable EpochGuard guard;
  private final @Nullable StoredTail tail;
  private String file;
  private long position;
  private boolean begun;
  private boolean isStored;
  private boolean proven;
  private @Nullable FormatDescription format;
  private @Nullable String nextFile;

  /**
   * Begins a stream.
   *
   * @param resume what the store has; no file but a state if another history begins, which has to
   *     go through that state
   * @param file the file that was asked for; empty for the first that the master has
   * @param position the position that was asked for; below the store's end when the end cannot be
   *     asked for
   * @param tail the last stored event, if the master is asked for it again
   * @param negotiatedChecksums whether the first artificial ROTATE has a CRC-32
   */
  EventIntake(
      ResumePoint resume,
      String file,
      long position,
      boolean negotiatedChecksums,
      @Nullable StoredTail tail,
      LinkCounters counters) {
    this.tail = tail;
    this.file = file;
    this.position = position;
    this.negotiatedChecksums = negotiatedChecksums;
    this.counters = counters;
    this.isStored = !resume.file().equals(BinlogFileId.NONE);
    this.storedUpTo = isStored ? resume.offset() : 0;
    this.storedFormat = resume.formatDescription();
    boolean epoch = !isStored && !resume.state().isEmpty();
    this.guard = epoch ? EpochGuard.of(resume.state()) : null;
  }

  /** The current file of the master. */
  String file() {
    return file;
  }

  /** The file offset behind the last event that belongs to the file. */
  long position() {
    return position;
  }

  /** Where the stream stands, for messages. */
  String where() {
    return (file.isEmpty() ? "the master's first file" : file) + " at " + position;
  }

  /** Whether the master has shown a file that is ours, or a new one. */
  boolean isProven() {
    return proven;
  }

  /** Whether events of the current file end in a CRC-32. */
  boolean hasChecksums() {
    return format == null ? negotiatedChecksums : format.hasChecksums();
  }

  /** Takes a whole event. */
  Verdict onEvent(ByteBuf buf, int index, int length) {
    EventType type = EventHeader.type(buf, index);
    return switch (type) {
      case FORMAT_DESCRIPTION -> onFormat(buf, index, length);
      case HEARTBEAT, HEARTBEAT_V2 -> onHeartbeat(buf, index, length);
      case ROTATE -> onRotate(buf, index, length);
      default -> onOther(type, buf, index, length);
    };
  }

  private Verdict onOther(EventType type, ByteBuf buf, int index, int length) {
    if (format != null && isAtTail() && !isArtificial(buf, index)) {
      // First of all: a MySQL master sends whatever stands at a position, events or not.
      compareUnlessEncryption(type, buf, index, length);
    }
    checksum(buf, index, length);
    if (isArtificial(buf, index)) {
      return Verdict.DROP;
    }
    FormatDescription known = requireFormat();
    if (type == EventType.START_ENCRYPTION
        && EventHeader.endPosition(buf, index) == 0
        && position > FIRST + known.length()) {
      return Verdict.DROP;
    }
    if (guard != null) {
      guard.onEvent(type, buf, index, length, hasChecksums());
    }
    return belongs(buf, index, length);
  }

  /**
   * Takes the header of an event that is too large to gather; returns whether its bytes are to be
   * stored.
   */
  boolean beginGiant(ByteBuf buf, int index, long length) {
    EventType type = EventHeader.type(buf, index);
    switch (type) {
      case FORMAT_DESCRIPTION, HEARTBEAT, HEARTBEAT_V2, ROTATE, STOP ->
          throw MismatchException.of(
              where() + ": a " + type.label() + " event of " + length + " bytes");
      // Too large to look into: the store still demands that the history goes through our end.
      case PREVIOUS_GTIDS -> guard = null;
      default -> {}
    }
    requireFormat();
    checkPosition(buf, index, length);
    return !isStoredSinceEarlier(length);
  }

  /** The giant event is complete and its checksum fits. */
  void endGiant(long length) {
    position += length;
  }

  private Verdict belongs(ByteBuf buf, int index, int length) {
    checkPosition(buf, index, length);
    boolean known = isStoredSinceEarlier(length);
    if (tail != null && isAtTail()) {
      compare(tail, buf, index, length);
      proven = true;
    }
    position += length;
    return known ? Verdict.ALREADY_STORED : Verdict.STORE;
  }

  private boolean isAtTail() {
    return isStored && tail != null && position == tail.position();
  }

  private void compareUnlessEncryption(EventType type, ByteBuf buf, int index, int length) {
    if (tail != null && type != EventType.START_ENCRYPTION) {
      compare(tail, buf, index, length);
    }
  }

  private void compare(StoredTail ours, ByteBuf buf, int index, int length) {
    if (!ours.matches(buf, index, length)) {
      throw new MismatchException(
          LinkFailure.fatal(
              where()
                  + ": the master's event is not the one that is stored: its history is not ours"));
    }
  }

  private boolean isStoredSinceEarlier(long length) {
    if (!isStored || position >= storedUpTo) {
      return false;
    }
    if (position + length > storedUpTo) {
      throw new MismatchException(
          LinkFailure.fatal(
              where()
                  + ": the master has an event of "
                  + length
                  + " bytes where our store ends at "
                  + storedUpTo
                  + ": its history is not ours"));
    }
    return true;
  }

  private void checkPosition(ByteBuf buf, int index, long length) {
    long end = EventHeader.endPosition(buf, index);
    if (!EventHeader.endPositionAgrees(end, position, length)) {
      throw MismatchException.of(
          where()
              + ": a "
              + EventHeader.type(buf, index).label()
              + " event of "
              + length
              + " bytes says that it ends at "
              + end
              + " (expected: "
              + (position + length)
              + ")");
    }
  }

  private FormatDescription requireFormat() {
    if (format == null) {
      throw MismatchException.of(where() + ": an event came before the FORMAT_DESCRIPTION");
    }
    return format;
  }

  private void checksum(ByteBuf buf, int index, int length) {
    if (hasChecksums() && !sum.fits(buf, index, length)) {
      throw MismatchException.of(where() + ": the event's checksum is wrong");
    }
  }

  private Verdict onFormat(ByteBuf buf, int index, int length) {
    FormatDescription coming =
        position == FIRST
            ? FormatDescription.decode(buf, index, length)
            : FormatDescription.decodeMidFile(buf, index, length);
    if (!begun) {
      throw MismatchException.of(where() + ": a FORMAT_DESCRIPTION came before the file's name");
    }
    format = coming;
    if (isStored && storedFormat != null && !storedFormat.describesSameFile(coming)) {
      throw new MismatchException(
          LinkFailure.fatal(
              "the master's file "
                  + file
                  + " was written by "
                  + coming
                  + ", ours by "
                  + storedFormat
                  + ": its history is not ours"));
    }
    proven = tail == null || !isStored;
    return position == FIRST ? belongs(buf, index, length) : Verdict.DROP;
  }

  private Verdict onHeartbeat(ByteBuf buf, int index, int length) {
    checksum(buf, index, length);
    counters.heartbeat();
    if (guard != null) {
      guard.onEnd();
    }
    Heartbeat heartbeat = Heartbeat.decode(buf, index, length, hasChecksums());
    if (!heartbeat.fileName().equals(file) || heartbeat.position() > position) {
      throw new MismatchException(
          new LinkFailure(
              LinkFailure.Kind.MISMATCH,
              LinkFailure.HEARTBEAT,
              where()
                  + ": the master says that it has sent everything up to "
                  + heartbeat.fileName()
                  + " at "
                  + heartbeat.position()));
    }
    return Verdict.DROP;
  }

  private Verdict onRotate(ByteBuf buf, int index, int length) {
    checksum(buf, index, length);
    Rotate rotate = Rotate.decode(buf, index, length, hasChecksums());
    boolean artificial =
        isArtificial(buf, index)
            || (EventHeader.timestamp(buf, index) == 0 && EventHeader.endPosition(buf, index) == 0);
    if (artificial) {
      return begun ? onNextFile(rotate) : onFirstFile(rotate);
    }
    requireFormat();
    nextFile = rotate.fileName();
    return belongs(buf, index, length);
  }

  private Verdict onFirstFile(Rotate rotate) {
    if ((!file.isEmpty() && !rotate.fileName().equals(file)) || rotate.position() != position) {
      throw MismatchException.of(
          "asked for "
              + where()
              + ", but the master begins with "
              + rotate.fileName()
              + " at "
              + rotate.position());
    }
    begun = true;
    return isStored ? Verdict.DROP : newFile(rotate.fileName());
  }

  private Verdict onNextFile(Rotate rotate) {
    if (rotate.fileName().equals(file) && rotate.position() == position) {
      return Verdict.DROP;
    }
    if (isStored && position < storedUpTo) {
      throw new MismatchException(
          LinkFailure.fatal(
              "the master's file "
                  + file
                  + " ends at "
                  + position
                  + ", ours at "
                  + storedUpTo
                  + ": its history is not ours"));
    }
    boolean follows =
        nextFile == null
            ? BinlogFileFormat.base(rotate.fileName()).equals(BinlogFileFormat.base(file))
                && BinlogFileFormat.number(rotate.fileName()) == BinlogFileFormat.number(file) + 1
            : nextFile.equals(rotate.fileName());
    if (!follows || rotate.position() != FIRST) {
      throw MismatchException.of(
          where()
              + ": the master goes on with "
              + rotate.fileName()
              + " at "
              + rotate.position()
              + " (expected: "
              + (nextFile == null ? "the next file" : nextFile)
              + " at "
              + FIRST
              + ")");
    }
    return newFile(rotate.fileName());
  }

  private Verdict newFile(String name) {
    file = name;
    position = FIRST;
    isStored = false;
    format = null;
    nextFile = null;
    return Verdict.NEW_FILE;
  }

  private static boolean isArtificial(ByteBuf buf, int index) {
    return EventHeader.hasFlag(buf, index, EventHeader.FLAG_ARTIFICIAL);
  }
}
