package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.TransactionTracker;
import io.sluice.binlog.form.GrowingFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open end of one file: collects bytes, splits them into events, writes them in large pieces
 * and keeps the runs of whole events that become visible at the next boundary. Confined to the
 * writer's thread.
 *
 * <p>Whole events that come in {@link IntakeMemory} are left where they are; everything else is
 * copied into a staging buffer of its own.
 *
 * <p>Events up to {@link #WHOLE_EVENT} bytes are written whole; of larger ones each part as it
 * comes.
 */
final class LogAppender {
  /** Events larger than this are passed through in parts. */
  static final int WHOLE_EVENT = 256 << 10;

  private static final int STAGING = 512 << 10;
  private static final int RUN_LIMIT = 256 << 10;
  private static final int PENDING_LIMIT = 8 << 20;

  /** Whole events in one buffer. */
  static final class Run {
    private final long position;
    private final ByteBuf data;
    private final int[] offsets;

    Run(long position, ByteBuf data, int[] offsets) {
      this.position = position;
      this.data = data;
      this.offsets = offsets;
    }

    long position() {
      return position;
    }

    ByteBuf data() {
      return data;
    }

    /** Start of each event in data, and behind the last one the length. */
    int[] offsets() {
      return offsets;
    }
  }

  private final GrowingFile file;
  private final FileFollower follower;
  private final FileIndex places;
  private final ByteBuf giantHead = Unpooled.buffer(TransactionTracker.PREFIX);

  /** What is collected: its own memory, or a window on the giver's. */
  private ByteBuf staging;

  /** The giver's memory that the staging buffer is; null if that is its own. */
  private IntakeMemory.@Nullable Buffer shared;

  /** Position of the staging buffer's index 0, which may lie before the file's beginning. */
  private long base;

  private int written;
  private int parsed;
  private long giantLeft;
  private int giantLength;
  private int giantKept;
  private byte inUseByte;
  private long boundary;
  private long boundaryTimestamp;
  private int boundaryEvents;
  private int[] starts = new int[256];
  private int runStart;
  private int runEvents;
  private final List<Run> runs = new ArrayList<>();
  private int runsAtBoundary;
  private long pendingBytes;
  private long indexAt;

  /** Hash of what was written; null if that is not all of the file. */
  private final @Nullable MessageDigest hash;

  /**
   * Starts at the end of a file.
   *
   * @param places gets places where streams may begin
   * @param position size of the file
   */
  LogAppender(GrowingFile file, FileFollower follower, FileIndex places, long position) {
    this.file = file;
    this.follower = follower;
    this.places = places;
    this.indexAt = places.nextWanted();
    this.staging = allocate();
    this.base = position;
    boolean whole = position == BinlogFileFormat.FIRST_EVENT && indexAt == 0;
    this.hash = whole ? FileIndexer.sha256() : null;
    if (hash != null) {
      hash.update(BinlogFileFormat.magic());
    }
  }

  private static ByteBuf allocate() {
    return ByteBufAllocator.DEFAULT.directBuffer(STAGING, STAGING);
  }

  /** Offset that the next byte gets. */
  long end() {
    return base + staging.writerIndex();
  }

  /** The newest offset behind which the file may be cut, 0 if there was none. */
  long boundary() {
    return boundary;
  }

  /** The follower's timestamp there. */
  long boundaryTimestamp() {
    return boundaryTimestamp;
  }

  /** Offset behind the last whole event. */
  long wholeEnd() {
    return base + parsed - (giantLeft > 0 ? giantLength - giantLeft : 0);
  }

  /** Tells whether the last event is incomplete. */
  boolean insideEvent() {
    return giantLeft > 0 || parsed < staging.writerIndex();
  }

  /** Takes bytes; writes when the staging buffer is full. */
  void append(ByteBuf bytes) throws IOException {
    if (share(bytes)) {
      parse();
      return;
    }
    if (shared != null) {
      flush();
      roll();
    }
    while (bytes.isReadable()) {
      if (!staging.isWritable()) {
        flush();
        roll();
      }
      int part = Math.min(bytes.readableBytes(), staging.writableBytes());
      staging.writeBytes(bytes, part);
      parse();
    }
  }

  /** Goes on in the giver's memory, if what was collected so far does not end inside an event. */
  private boolean share(ByteBuf bytes) throws IOException {
    IntakeMemory.Buffer memory = IntakeMemory.Buffer.of(bytes);
    if (memory == null || insideEvent()) {
      return false;
    }
    int index = memory.indexOf(bytes);
    if (!memory.is(shared) || index != staging.writerIndex()) {
      flush();
      closeRun();
      long position = end();
      ByteBuf old = staging;
      staging = memory.retainedDuplicate();
      old.release();
      shared = memory;
      startAt(index);
      base = position - index;
    }
    staging.writerIndex(index + bytes.readableBytes());
    return true;
  }

  private void startAt(int index) {
    staging.setIndex(index, index);
    written = index;
    parsed = index;
    runStart = index;
    if (pendingBytes > PENDING_LIMIT) {
      dropRuns();
    }
  }

  private void parse() {
    while (true) {
      int readable = staging.writerIndex() - parsed;
      if (giantLeft > 0) {
        int part = (int) Math.min(giantLeft, readable);
        int kept = Math.min(part, giantKept - giantHead.writerIndex());
        giantHead.writeBytes(staging, parsed, kept);
        parsed += part;
        giantLeft -= part;
        if (giantLeft > 0) {
          return;
        }
        closeRun();
        onEvent(giantHead, 0, giantHead.readableBytes(), giantLength);
        continue;
      }
      if (readable < EventHeader.SIZE) {
        return;
      }
      int length = EventHeader.requireLength(staging, parsed);
      if (length <= WHOLE_EVENT) {
        if (readable < length) {
          return;
        }
        wholeEvent(length);
      } else if (readable < TransactionTracker.PREFIX) {
        return;
      } else {
        if (base + parsed == BinlogFileFormat.FIRST_EVENT) {
          throw new BinlogFormatException(
              "first event: " + length + " bytes (expected: FORMAT_DESCRIPTION)");
        }
        closeRun();
        boolean whole = BinlogFileFormat.isStartState(EventHeader.type(staging, parsed));
        giantKept =
            whole ? Math.min(length, BinlogFileFormat.MAX_START_STATE) : TransactionTracker.PREFIX;
        giantHead.clear().capacity(TransactionTracker.PREFIX);
        giantLength = length;
        giantLeft = length;
      }
    }
  }

  private void wholeEvent(int length) {
    int start = parsed;
    if (base + start == BinlogFileFormat.FIRST_EVENT) {
      inUseByte = staging.getByte(start + EventHeader.FLAGS_OFFSET);
      int cleared = inUseByte & ~EventHeader.FLAG_IN_USE;
      staging.setByte(start + EventHeader.FLAGS_OFFSET, cleared);
      inUseByte = (byte) cleared;
    }
    if (start - runStart >= RUN_LIMIT) {
      closeRun();
    }
    if (runEvents == 0) {
      runStart = start;
    }
    if (runEvents == starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
    }
    starts[runEvents++] = start;
    parsed += length;
    onEvent(staging, start, length, length);
  }

  private void onEvent(ByteBuf buf, int index, int available, int length) {
    if (follower.onEvent(buf, index, available, length)) {
      boundary = base + parsed;
      boundaryTimestamp = follower.timestamp();
      boundaryEvents = runEvents;
      runsAtBoundary = runs.size();
      if (boundary >= indexAt) {
        indexAt = places.offer(boundary, follower);
      }
    }
  }

  /**
   * Makes a run of the events since the last one; what is in front of a boundary becomes a run of
   * its own.
   */
  private void closeRun() {
    splitAtBoundary();
    if (runEvents > 0) {
      addRun(runEvents, parsed);
      runEvents = 0;
    }
    runStart = parsed;
  }

  private void addRun(int events, int endIndex) {
    int[] offsets = new int[events + 1];
    for (int i = 0; i < events; i++) {
      offsets[i] = starts[i] - runStart;
    }
    offsets[events] = endIndex - runStart;
    ByteBuf data = staging.retainedSlice(runStart, endIndex - runStart);
    runs.add(new Run(base + runStart, data, offsets));
    pendingBytes += endIndex - runStart;
  }

  /** Writes all that is complete: whole events and parts of giant ones. */
  boolean flush() throws IOException {
    if (written == parsed) {
      return false;
    }
    long flag = BinlogFileFormat.IN_USE_OFFSET - base;
    boolean first = flag >= written && flag < parsed && file.showsUse();
    if (first) {
      staging.setByte((int) flag, inUseByte | EventHeader.FLAG_IN_USE);
    }
    try {
      file.append(staging.nioBuffer(written, parsed - written), base + written);
    } finally {
      if (first) {
        staging.setByte((int) flag, inUseByte);
      }
    }
    if (hash != null) {
      hash.update(staging.nioBuffer(written, parsed - written));
    }
    written = parsed;
    return true;
  }

  /**
   * What is kept of the file when it is closed, but for the sum of its edges: known here, so that
   * nobody needs to read the file again. Null if not all of it was written here, or it does not
   * tell where it begins. Once, at the end.
   */
  @Nullable Sidecar sidecar() {
    if (hash == null || hasUnwritten() || !follower.hasStartState()) {
      return null;
    }
    return new Sidecar(
        end(),
        0,
        HexFormat.of().formatHex(hash.digest()),
        follower.startState(),
        follower.state(),
        follower.firstTime(),
        follower.lastTime(),
        null,
        places);
  }

  /** Tells whether {@link #flush} has something to write. */
  boolean hasUnwritten() {
    return written < parsed;
  }

  /** Goes on in a fresh buffer, with the beginning of an event that is not complete. */
  private void roll() {
    closeRun();
    ByteBuf old = staging;
    int from = parsed;
    int rest = old.writerIndex() - from;
    staging = allocate();
    shared = null;
    base += from;
    startAt(0);
    staging.writeBytes(old, from, rest);
    old.release();
  }

  private void splitAtBoundary() {
    if (boundaryEvents == 0) {
      return;
    }
    int endIndex = (int) (boundary - base);
    addRun(boundaryEvents, endIndex);
    runsAtBoundary = runs.size();
    int rest = runEvents - boundaryEvents;
    System.arraycopy(starts, boundaryEvents, starts, 0, rest);
    runEvents = rest;
    runStart = endIndex;
    boundaryEvents = 0;
  }

  private void dropRuns() {
    for (Run run : runs) {
      run.data().release();
    }
    runs.clear();
    runsAtBoundary = 0;
    pendingBytes = 0;
  }

  /** Hands over all runs, also those behind the newest boundary; the caller owns their buffers. */
  List<Run> takeWholeRuns() {
    if (giantLeft == 0) {
      closeRun();
    }
    List<Run> taken = new ArrayList<>(runs);
    runs.clear();
    runsAtBoundary = 0;
    pendingBytes = 0;
    return taken;
  }

  /** Hands over the runs up to the newest boundary; the caller owns their buffers. */
  List<Run> takeRuns() {
    splitAtBoundary();
    List<Run> head = runs.subList(0, runsAtBoundary);
    List<Run> taken = new ArrayList<>(head);
    head.clear();
    runsAtBoundary = 0;
    for (Run run : taken) {
      pendingBytes -= run.data().readableBytes();
    }
    return taken;
  }

  /** Sets or clears the in-use flag of the file. */
  void markInUse(boolean inUse) throws IOException {
    file.markInUse(inUse);
  }

  /** Nothing more comes. */
  void endFile() throws IOException {
    file.end();
  }

  GrowingFile file() {
    return file;
  }

  /** Gives the buffers back; nothing is written any more. */
  void release() {
    dropRuns();
    staging.release();
  }
}
