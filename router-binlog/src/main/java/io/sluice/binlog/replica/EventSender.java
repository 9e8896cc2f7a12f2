package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.ArtificialEvents;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.store.Crossing;
import io.sluice.binlog.store.GroupFilter;
import io.sluice.binlog.store.StartResult;

/**
 * Frames chunks of the log for one replica: one loop over the offsets of a chunk, into one large
 * buffer. Leaves out what the replica has already ({@link GroupFilter}) or does not want, and puts
 * artificial GTID_LISTs where a master does. Confined to the loop of the session.
 */
final class EventSender {
  private static final byte ANNOTATE_ROWS = (byte) EventType.ANNOTATE_ROWS.code();
  private static final byte FORMAT_DESCRIPTION = (byte) EventType.FORMAT_DESCRIPTION.code();

  /** What a chunk led to. */
  enum Outcome {
    /** More may follow. */
    CONTINUE,
    /** The replica's UNTIL position is reached: the stream ends here. */
    UNTIL_REACHED,
    /** {@link GroupFilter#error} says why the stream cannot go on. */
    REFUSED,
    /** The file has checksums and the replica does not know them. */
    CHECKSUM_UNAWARE
  }

  private final ByteBufAllocator alloc;
  private final PacketFramer framer;
  private final GroupFilter filter;
  private final DumpRequest request;
  private long serverId;
  private boolean checksums;
  private boolean sendingGiant;
  private long lastEventStart;
  private int events;
  private long timestamp;

  EventSender(
      ByteBufAllocator alloc,
      PacketFramer framer,
      GroupFilter filter,
      DumpRequest request,
      FormatDescription format) {
    this.alloc = alloc;
    this.framer = framer;
    this.filter = filter;
    this.request = request;
    this.serverId = format.serverId();
    this.checksums = format.hasChecksums();
  }

  /** Whether events of the current file end in a CRC-32. */
  boolean hasChecksums() {
    return checksums;
  }

  /** Events sent in the last chunk. */
  int events() {
    return events;
  }

  /** The timestamp of the last event of the last chunk; 0 if it had none. */
  long timestamp() {
    return timestamp;
  }

  /** Where the last event of the last chunk begins. */
  long lastEventStart() {
    return lastEventStart;
  }

  /** How large a buffer {@link #send} needs. */
  static int room(Chunk chunk) {
    return chunk.isFragment()
        ? chunk.length() + PacketFramer.overhead(chunk.length())
        : chunk.length() + chunk.events() * PacketFramer.OVERHEAD;
  }

  /** The stream goes on in the next epoch. */
  void cross(Crossing way) {
    serverId = way.formatDescription().serverId();
    checksums = way.formatDescription().hasChecksums();
    filter.cross(way.overlap());
  }

  /** Frames a chunk into a buffer; does not release the chunk. */
  Outcome send(Chunk chunk, ByteBuf out) {
    events = 0;
    timestamp = 0;
    if (chunk.isFragment()) {
      return sendFragment(chunk, out);
    }
    ByteBuf data = chunk.data();
    int count = chunk.events();
    int start = chunk.offset(0);
    for (int i = 0; i < count; i++) {
      int end = chunk.offset(i + 1);
      int length = end - start;
      Outcome outcome = sendEvent(data, start, length, chunk.position() + end, out);
      if (outcome != Outcome.CONTINUE) {
        lastEventStart = chunk.position() + start;
        return outcome;
      }
      if (i == count - 1) {
        lastEventStart = chunk.position() + start;
        timestamp = EventHeader.timestamp(data, start);
      }
      start = end;
    }
    return Outcome.CONTINUE;
  }

  private Outcome sendEvent(ByteBuf data, int start, int length, long endPosition, ByteBuf out) {
    byte type = data.getByte(start + EventHeader.TYPE_OFFSET);
    if (type == FORMAT_DESCRIPTION) {
      return sendFormat(data, start, length, endPosition, out);
    }
    if (filter.passThrough()) {
      if (isWanted(data, start, type)) {
        whole(data, start, length, out);
      }
      return Outcome.CONTINUE;
    }
    switch (filter.onEvent(data, start, length, length, checksums)) {
      case SEND -> {
        if (isWanted(data, start, type)) {
          whole(data, start, length, out);
        }
      }
      case SKIP -> {}
      case FAIL -> {
        return Outcome.REFUSED;
      }
    }
    return afterEvent(endPosition, out);
  }

  private void whole(ByteBuf data, int start, int length, ByteBuf out) {
    if (PacketFramer.fits(length)) {
      framer.whole(out, data, start, length);
    } else {
      out.ensureWritable(length + PacketFramer.overhead(length));
      framer.begin(out, length);
      framer.piece(out, data, start, length);
    }
    events++;
  }

  private boolean isWanted(ByteBuf data, int start, byte type) {
    if (type == ANNOTATE_ROWS && !request.annotateRows()) {
      return false;
    }
    return !request.skipMarked()
        || !EventHeader.hasFlag(data, start, EventHeader.FLAG_SKIP_REPLICATION);
  }

  private Outcome afterEvent(long endPosition, ByteBuf out) {
    if (filter.takeGtidList()) {
      gtidList(endPosition, false, out);
    }
    if (filter.takeUntilReached()) {
      gtidList(endPosition, true, out);
      return Outcome.UNTIL_REACHED;
    }
    return Outcome.CONTINUE;
  }

  private void gtidList(long endPosition, boolean untilReached, ByteBuf out) {
    ByteBuf event =
        ArtificialEvents.gtidList(
            alloc, serverId, filter.state(), endPosition, untilReached, checksums);
    made(event, out);
  }

  private void made(ByteBuf event, ByteBuf out) {
    try {
      out.ensureWritable(event.readableBytes() + PacketFramer.OVERHEAD);
      framer.whole(out, event, event.readerIndex(), event.readableBytes());
      events++;
    } finally {
      event.release();
    }
  }

  /**
   * A replica that starts by GTID drops its temporary tables only if its position is where this
   * file begins: in all other cases {@code created} is sent as 0.
   */
  private Outcome sendFormat(ByteBuf data, int start, int length, long endPosition, ByteBuf out) {
    FormatDescription format = FormatDescription.decode(data, start, length);
    checksums = format.hasChecksums();
    if (checksums && request.checksums() == DumpRequest.Checksums.UNKNOWN) {
      return Outcome.CHECKSUM_UNAWARE;
    }
    boolean keepCreated = !request.isGtid() || !filter.skipsAhead();
    if (keepCreated) {
      whole(data, start, length, out);
    } else {
      made(format.copy(alloc, false, true), out);
    }
    if (filter.passThrough()) {
      return Outcome.CONTINUE;
    }
    if (filter.onEvent(data, start, length, length, checksums) == GroupFilter.Verdict.FAIL) {
      return Outcome.REFUSED;
    }
    return afterEvent(endPosition, out);
  }

  private Outcome sendFragment(Chunk chunk, ByteBuf out) {
    ByteBuf data = chunk.data();
    if (chunk.fragmentOffset() == 0) {
      byte type = data.getByte(EventHeader.TYPE_OFFSET);
      sendingGiant = isWanted(data, 0, type);
      if (!filter.passThrough()) {
        switch (filter.onEvent(data, 0, chunk.length(), (int) chunk.eventLength(), checksums)) {
          case SEND -> {}
          case SKIP -> sendingGiant = false;
          case FAIL -> {
            return Outcome.REFUSED;
          }
        }
      }
      lastEventStart = chunk.position();
      if (sendingGiant) {
        framer.begin(out, chunk.eventLength());
      }
      timestamp = EventHeader.timestamp(data, 0);
    }
    if (sendingGiant) {
      framer.piece(out, data, 0, chunk.length());
    }
    boolean last = chunk.fragmentOffset() + chunk.length() == chunk.eventLength();
    if (!last) {
      return Outcome.CONTINUE;
    }
    events = sendingGiant ? 1 : 0;
    return filter.passThrough()
        ? Outcome.CONTINUE
        : afterEvent(chunk.position() + chunk.length(), out);
  }

  /** After {@link Outcome#REFUSED}: what the replica is told. */
  StartResult.Refused refusal() {
    return filter.error();
  }
}
