package io.sluice.binlog.feed;

import io.netty.buffer.ByteBuf;
import io.netty.util.AbstractReferenceCounted;
import io.sluice.binlog.store.BinlogFileId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A region of one file, shared by all replicas that pass it: whole events, or one part of an event
 * that is larger than {@link FeedOptions#MAX_WHOLE_EVENT}. Who gets a chunk releases it, once. The
 * bytes and the buffer's indices must not be changed. Any thread.
 */
public final class Chunk extends AbstractReferenceCounted {
  private static final int[] NO_OFFSETS = {0};

  private final BinlogFileId file;
  private final long position;
  private final ByteBuf data;
  private final int[] offsets;
  private final int first;
  private final long eventLength;
  private final long fragmentOffset;
  private long number;
  private volatile @Nullable ByteBuffer view;

  private Chunk(
      BinlogFileId file,
      long position,
      ByteBuf data,
      int[] offsets,
      int first,
      long eventLength,
      long fragmentOffset) {
    this.file = file;
    this.position = position;
    this.data = data;
    this.offsets = offsets;
    this.first = first;
    this.eventLength = eventLength;
    this.fragmentOffset = fragmentOffset;
  }

  /**
   * Makes a chunk of whole events.
   *
   * @param data its readable bytes are the events, reader index 0; the chunk owns it
   * @param offsets start of each event, and behind the last one the length
   */
  static Chunk events(BinlogFileId file, long position, ByteBuf data, int[] offsets) {
    return new Chunk(file, position, data, offsets, 0, 0, 0);
  }

  /** Makes a chunk of a part of one event. */
  static Chunk fragment(
      BinlogFileId file, long position, ByteBuf data, long eventLength, long fragmentOffset) {
    return new Chunk(file, position, data, NO_OFFSETS, 0, eventLength, fragmentOffset);
  }

  /** Told by the ring, before anybody else has the chunk. */
  void number(long fromRing) {
    number = fromRing;
  }

  /** The how many-th chunk of the ring it is; 0 if it does not come from there. */
  long number() {
    return number;
  }

  /** Which file. */
  public BinlogFileId file() {
    return file;
  }

  /** File offset of the first byte. */
  public long position() {
    return position;
  }

  /** File offset behind the last byte. */
  public long end() {
    return position + length();
  }

  /** The bytes; reader index 0. */
  public ByteBuf data() {
    return data;
  }

  /**
   * The bytes again, from 0 to {@link #length}, made once for all replicas: only for methods that
   * take an index and leave the position alone.
   */
  public ByteBuffer view() {
    ByteBuffer made = view;
    if (made == null) {
      made = data.nioBuffer(0, length());
      view = made;
    }
    return made;
  }

  /** Number of bytes. */
  public int length() {
    return data.readableBytes();
  }

  /** Number of whole events; 0 for a fragment. */
  public int events() {
    return offsets.length - 1 - first;
  }

  /** Where event {@code i} begins in {@link #data}; for {@code i == events()} the length. */
  public int offset(int i) {
    return offsets[first + i] - offsets[first];
  }

  /** Tells whether this is a part of one large event. */
  public boolean isFragment() {
    return eventLength > 0;
  }

  /** Bytes of the event that a fragment belongs to. */
  public long eventLength() {
    return eventLength;
  }

  /** Where in its event a fragment begins; 0 has the event's header. */
  public long fragmentOffset() {
    return fragmentOffset;
  }

  /** Tells whether a fragment is the last of its event. */
  boolean endsEvent() {
    return fragmentOffset + length() == eventLength;
  }

  /**
   * Gives the part of this chunk that begins at a file position.
   *
   * @return a chunk that the caller owns (this one retained, or a view of it), or null if no event
   *     begins there
   */
  @Nullable Chunk from(long wanted) {
    if (wanted == position) {
      retain();
      return this;
    }
    if (isFragment() || wanted < position || wanted >= end()) {
      return null;
    }
    int target = (int) (wanted - position) + offsets[first];
    int found = Arrays.binarySearch(offsets, first, offsets.length - 1, target);
    if (found < 0) {
      return null;
    }
    int skip = target - offsets[first];
    Chunk view =
        new Chunk(file, wanted, data.retainedSlice(skip, length() - skip), offsets, found, 0, 0);
    view.number(number);
    return view;
  }

  @Override
  public Chunk retain() {
    super.retain();
    return this;
  }

  @Override
  public Chunk touch(Object hint) {
    data.touch(hint);
    return this;
  }

  @Override
  protected void deallocate() {
    data.release();
  }
}
