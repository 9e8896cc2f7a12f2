package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the events of a file in a window of bounded size, whatever their lengths. Confined to one
 * thread, blocks.
 *
 * <p>After {@link #next} answered true, the event stands at {@link #index} of {@link #window},
 * whole or its first {@link #available} bytes. After false, {@link #stopReason} tells what is wrong
 * with the rest, or is empty at a clean end.
 */
final class FileScanner {
  /** Reads bytes of the file at a position; fewer than asked for only at the end. */
  interface Source {
    int read(long position, ByteBuffer target) throws IOException;
  }

  private static final String INCOMPLETE = "event is incomplete";
  private static final String HEADER_INCOMPLETE = "event header is incomplete";
  private static final byte FORMAT_DESCRIPTION = (byte) EventType.FORMAT_DESCRIPTION.code();
  private static final int WINDOW = 256 << 10;
  private static final int SMALL_WINDOW = 8 << 10;

  private final Source source;
  private final long end;
  private final boolean verify;
  private final EventChecksum sum = new EventChecksum();
  private ByteBuf window;
  private byte[] bytes;
  private long windowStart;
  private int windowLength;
  private long nextPosition;
  private long position;
  private int length;
  private int available;
  private boolean checksums;
  private @Nullable String stopReason;

  /**
   * Starts a walk.
   *
   * @param from an event boundary
   * @param end bytes behind it are not looked at
   * @param verify whether checksums and end positions are checked
   */
  FileScanner(Source source, long from, long end, boolean verify) {
    this.source = source;
    this.nextPosition = from;
    this.end = end;
    this.verify = verify;
    this.window = Unpooled.buffer(WINDOW, WINDOW);
    this.bytes = window.array();
  }

  private FileScanner(Source source, long end) {
    this.source = source;
    this.nextPosition = BinlogFileFormat.FIRST_EVENT;
    this.end = end;
    this.verify = true;
    this.window = Unpooled.buffer(SMALL_WINDOW, WINDOW);
    this.bytes = window.array();
  }

  /** A walk of which only the first few events are wanted: checks all, reads little at a time. */
  static FileScanner ofHead(Source source, long end) {
    return new FileScanner(source, end);
  }

  /** Tells whether the events behind the current one carry checksums. */
  void checksums(boolean present) {
    checksums = present;
  }

  /** Moves to the next event. */
  boolean next() throws IOException {
    if (stopReason != null) {
      return false;
    }
    position = nextPosition;
    if (bytes.length > WINDOW) {
      window = Unpooled.buffer(WINDOW, WINDOW);
      bytes = window.array();
      windowLength = 0;
    }
    return isWhole() ? take() : loadEvent();
  }

  /**
   * Tells whether the next event is all in the window, as most are, and if so takes its length.
   * Looks at the array itself: this is asked for each event, at a start by code that is not yet
   * compiled well.
   */
  private boolean isWhole() {
    long offset = position - windowStart;
    if (offset < 0 || offset + EventHeader.SIZE > windowLength) {
      return false;
    }
    int claimed = intAt((int) offset + EventHeader.LENGTH_OFFSET);
    if (claimed < EventHeader.SIZE || claimed > windowLength - (int) offset) {
      return false;
    }
    length = claimed;
    available = claimed;
    return true;
  }

  /** Four bytes of the window; as a number of 32 bits with a sign. */
  private int intAt(int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  /** Loads the next event, or its beginning, and takes it. */
  private boolean loadEvent() throws IOException {
    long rest = end - position;
    if (rest <= 0) {
      return stop("");
    }
    if (rest < EventHeader.SIZE || load(EventHeader.SIZE) < EventHeader.SIZE) {
      return stop(HEADER_INCOMPLETE);
    }
    long claimed = EventHeader.length(window, index());
    if (claimed < EventHeader.SIZE || claimed > EventHeader.MAX_EVENT_LENGTH) {
      return stop("event length " + claimed + " is impossible");
    }
    if (claimed > rest) {
      return stop(INCOMPLETE);
    }
    length = (int) claimed;
    int wanted = Math.min(length, WINDOW);
    if (length > window.capacity()) {
      wanted = grow();
    }
    available = Math.min(length, load(wanted));
    if (available < wanted) {
      return stop(INCOMPLETE);
    }
    return take();
  }

  /** Checks the event that was found. */
  private boolean take() throws IOException {
    String wrong = verify ? verifyEvent() : "";
    if (!wrong.isEmpty()) {
      return stop(wrong);
    }
    nextPosition = position + length;
    return true;
  }

  /**
   * Makes room for an event that is larger than the window, or for its beginning.
   *
   * @return bytes of it that are wanted in the window
   */
  private int grow() {
    EventType type = EventHeader.type(window, index());
    boolean whole =
        BinlogFileFormat.isStartState(type) && length <= BinlogFileFormat.MAX_START_STATE;
    int wanted = whole ? length : Math.min(length, WINDOW);
    if (wanted > window.capacity()) {
      ByteBuf larger = Unpooled.buffer(Math.max(WINDOW, wanted), Math.max(WINDOW, wanted));
      larger.writeBytes(window, 0, windowLength);
      window = larger;
      bytes = larger.array();
    }
    return wanted;
  }

  private boolean stop(String reason) {
    stopReason = reason;
    return false;
  }

  /**
   * Makes the window hold at least this many bytes from the current position on, if the file has
   * them.
   */
  private int load(int wanted) throws IOException {
    long offset = position - windowStart;
    if (offset < 0 || offset + wanted > windowLength) {
      windowStart = position;
      windowLength = fill(position, (int) Math.min(window.capacity(), end - position));
      offset = 0;
    }
    window.setIndex(0, windowLength);
    return (int) (windowLength - offset);
  }

  private int fill(long from, int bytes) throws IOException {
    ByteBuffer target = window.nioBuffer(0, bytes);
    return Math.max(0, source.read(from, target));
  }

  private String verifyEvent() throws IOException {
    int index = index();
    long endPosition = Integer.toUnsignedLong(intAt(index + EventHeader.END_POSITION_OFFSET));
    if (!EventHeader.endPositionAgrees(endPosition, position, length)) {
      return "end position " + endPosition + " does not agree";
    }
    if (!checksums && bytes[index + EventHeader.TYPE_OFFSET] != FORMAT_DESCRIPTION) {
      return "";
    }
    boolean right = available == length ? sum.fits(window, index, length) : verifyGiant();
    return right ? "" : "event checksum is wrong";
  }

  /** Sums up an event that is larger than the window, then loads its beginning again. */
  private boolean verifyGiant() throws IOException {
    sum.reset();
    long at = position;
    long sumEnd = position + length - EventChecksum.LENGTH;
    while (at < sumEnd) {
      int got = fill(at, (int) Math.min(WINDOW, sumEnd - at));
      if (got <= 0) {
        return false;
      }
      sum.update(window, 0, got);
      at += got;
    }
    window.setIndex(0, WINDOW);
    boolean right =
        fill(sumEnd, EventChecksum.LENGTH) == EventChecksum.LENGTH
            && window.getUnsignedIntLE(0) == sum.value();
    windowLength = 0;
    available = load(WINDOW);
    return right && available == WINDOW;
  }

  /** The bytes around the current event; readable up to what was loaded. */
  ByteBuf window() {
    return window;
  }

  /** Where the current event begins in the window. */
  int index() {
    return (int) (position - windowStart);
  }

  /** Bytes of the current event in the window. */
  int available() {
    return available;
  }

  /** Bytes of the current event. */
  int length() {
    return length;
  }

  /** File offset of the current event; after the walk stopped, where it stopped. */
  long position() {
    return position;
  }

  /** File offset behind the current event. */
  long nextPosition() {
    return nextPosition;
  }

  /** Why the walk stopped; empty at a clean end. */
  String stopReason() {
    return stopReason == null ? "" : stopReason;
  }

  /** Tells whether the walk stopped at an event that is not all there. */
  boolean endsEarly() {
    return INCOMPLETE.equals(stopReason) || HEADER_INCOMPLETE.equals(stopReason);
  }
}
