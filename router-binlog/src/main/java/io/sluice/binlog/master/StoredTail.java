package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.ResumePoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The last event that is stored. The master is asked for it again: a master that was set back to a
 * backup may have the same file, the same ids and an event boundary at the same place, but not the
 * same event with the same time and checksum. Immutable.
 */
public final class StoredTail {
  /** How far back an event is looked for; a longer one is not compared, for it comes in pieces. */
  private static final int WINDOW = EventReceiver.GIANT;

  private final long position;
  private final byte[] event;

  StoredTail(long position, byte[] event) {
    this.position = position;
    this.event = event;
  }

  /** Where the event begins. */
  long position() {
    return position;
  }

  /** Whether the master's event is the same. */
  boolean matches(ByteBuf buf, int index, int length) {
    return length == event.length && buf.slice(index, length).equals(Unpooled.wrappedBuffer(event));
  }

  /**
   * Reads the last event of a log. Any thread.
   *
   * @param store the log
   * @param resume its end
   * @return empty if there is none, or it is longer than what is looked at
   */
  public static CompletableFuture<Optional<StoredTail>> read(
      BinlogStore store, ResumePoint resume) {
    FormatDescription format = resume.formatDescription();
    if (resume.isEmpty() || format == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    long first = (long) BinlogFileFormat.FIRST_EVENT + format.length();
    long from = Math.max(first, resume.offset() - WINDOW);
    return CompletableFuture.supplyAsync(
        () -> {
          ByteBuffer window = ByteBuffer.allocate((int) Math.max(0, resume.offset() - from));
          try {
            store.read(resume.file(), from, window);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
          return window.hasRemaining()
              ? Optional.empty()
              : find(window.array(), from, format.hasChecksums());
        },
        store.ioExecutor());
  }

  /**
   * Looks for the event that ends where the bytes end.
   *
   * @param window the end of the file
   * @param from file offset of the first byte
   */
  static Optional<StoredTail> find(byte[] window, long from, boolean checksums) {
    ByteBuf bytes = Unpooled.wrappedBuffer(window);
    int least = EventHeader.SIZE + (checksums ? EventChecksum.LENGTH : 0);
    for (int at = window.length - least; at >= 0; at--) {
      int length = window.length - at;
      if (EventHeader.length(bytes, at) == length && isEvent(bytes, at, from + at, checksums)) {
        // A master sends this one with another end position when it is asked for it.
        return EventHeader.type(bytes, at) == EventType.START_ENCRYPTION
            ? Optional.empty()
            : Optional.of(new StoredTail(from + at, Arrays.copyOfRange(window, at, window.length)));
      }
    }
    return Optional.empty();
  }

  /** Without a checksum only an end position that is there is proof enough. */
  private static boolean isEvent(ByteBuf bytes, int at, long position, boolean checksums) {
    int length = (int) EventHeader.length(bytes, at);
    long end = EventHeader.endPosition(bytes, at);
    return EventHeader.endPositionAgrees(end, position, length)
        && (checksums ? EventChecksum.verify(bytes, at, length) : end != 0);
  }
}
