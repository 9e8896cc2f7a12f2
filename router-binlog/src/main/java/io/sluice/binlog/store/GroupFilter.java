package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one replica which events of the stream it gets: groups that it has already are
 * skipped, and the stream ends where it wants no more. Each family of servers has its own rules.
 *
 * <ol>
 *   <li>Confined to the replica's event loop.
 *   <li>{@link #onEvent} sees every event of every file in order, of an event that comes in parts
 *       the first one.
 *   <li>As soon as {@link #passThrough} answers true, events need not be shown any more; it stays
 *       true until {@link #cross}.
 *   <li>Before an event is sent ask {@link #takeBefore}; behind each event, sent or not, ask {@link
 *       #takeAfter} until it has nothing more.
 * </ol>
 */
public sealed interface GroupFilter permits MariaDbGroupFilter, MySqlGroupFilter {
  /** What to do with an event. */
  enum Verdict {
    /** The replica gets it. */
    SEND,
    /** The replica has it already, or does not want it. */
    SKIP,
    /** The stream cannot go on: answer with {@link GroupFilter#error}. */
    FAIL
  }

  /** Tells whether everything that follows is sent. */
  boolean passThrough();

  /**
   * Tells whether {@code created} is zeroed in the FORMAT_DESCRIPTION of a file that begins now, so
   * that the replica keeps its temporary tables.
   */
  boolean clearsCreated();

  /**
   * Judges the next event.
   *
   * @param available bytes of it in the buffer, at least 32 unless it is shorter
   * @param length bytes of the whole event
   * @param checksums whether events of this file end in a CRC-32
   * @param position where it begins in its file
   */
  Verdict onEvent(
      ByteBuf buf, int index, int available, int length, boolean checksums, long position);

  /** What a source puts in front of an event that is sent; null for nothing. */
  default @Nullable Insertion takeBefore() {
    return null;
  }

  /** What a source puts behind an event; null for nothing more. */
  default @Nullable Insertion takeAfter() {
    return null;
  }

  /**
   * What a source puts where the log ends for now; null for nothing.
   *
   * @param position where that is in the current file
   */
  default @Nullable Insertion takeAtEnd(long position) {
    return null;
  }

  /** The replica was just told the place up to where there was nothing for it. */
  default void told() {}

  /** The stream goes on in the next file of its epoch, which has this name. */
  default void nextFile(String name) {}

  /**
   * The stream goes on in the next epoch, which repeats some groups: they are left out, silently.
   * {@link #passThrough} may have been true before and is false then.
   */
  void cross(Crossing way);

  /** Why the stream cannot go on, after {@link Verdict#FAIL}. */
  String error();

  /** Whether a source adds to {@link #error} the places where it was reading. */
  default boolean errorNamesPlaces() {
    return false;
  }
}
