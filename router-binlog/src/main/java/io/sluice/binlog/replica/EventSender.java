package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.ArtificialEvents;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.Rotate;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.Crossing;
import io.sluice.binlog.store.GroupFilter;
import io.sluice.binlog.store.Insertion;
import io.sluice.binlog.store.StartResult;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames chunks of the log for one replica: one loop over the offsets of a chunk, into one large
 * buffer. Leaves out what the replica has already ({@link GroupFilter}) or does not want, replaces
 * what it does not know ({@link EventPolicy}), and puts artificial GTID_LISTs where a master does.
 * An event that is sent as it is costs no object. Confined to the loop of the session.
 */
final class EventSender {
  private static final byte FORMAT_DESCRIPTION = (byte) EventType.FORMAT_DESCRIPTION.code();

  /** What a chunk led to. */
  enum Outcome {
    /** More may follow. */
    CONTINUE,
    /** The replica's UNTIL position is reached: the stream ends here. */
    UNTIL_REACHED,
    /** {@link #problem} says, complete, why the stream cannot go on. */
    REFUSED,
    /** {@link #problem} says why the last event cannot be sent; a master adds the places. */
    FAILED
  }

  private final ByteBufAllocator alloc;
  private final PacketFramer framer;
  private final GroupFilter filter;
  private final DumpRequest request;
  private final SourceRules rules;
  private final EventPolicy policy;
  private final boolean[] plain;
  private final EventReplacer replacer;
  private final DumpErrors errors;
  private final EventChecksum giantSum = new EventChecksum();
  private String file;
  private long serverId;
  private boolean checksums;
  private boolean verifying;
  private boolean sendingGiant;
  private @Nullable GiantDummy giantDummy;
  private boolean askNext;
  private long askedPosition;
  private long lastEventStart;
  private long lastEventEnd;
  private int events;
  private long timestamp;
  private String problem = "";
  private String rotatesTo = "";
  private boolean awaitsFormat;

  EventSender(
      ByteBufAllocator alloc,
      PacketFramer framer,
      SourceRules rules,
      DumpRequest request,
      StartResult.Found start,
      DumpErrors errors) {
    this.alloc = alloc;
    this.framer = framer;
    this.rules = rules;
    this.filter = start.filter();
    this.request = request;
    this.policy = rules.policy();
    this.plain = policy.sentAsTheyAre();
    this.replacer = new EventReplacer(alloc, policy);
    this.errors = errors;
    this.file = start.file().name();
    this.serverId = start.formatDescription().serverId();
    this.checksums = start.formatDescription().hasChecksums();
    this.awaitsFormat = start.position() <= BinlogFileFormat.FIRST_EVENT;
  }

  /** Whether events of the current file end in a CRC-32. */
  boolean hasChecksums() {
    return checksums;
  }

  /** Whether checksums are verified from now on, as a master does on demand. */
  void verify(boolean wanted) {
    verifying = wanted;
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

  /** Where it ends, of an event in parts where the last part ends. */
  long lastEventEnd() {
    return lastEventEnd;
  }

  /** Where the event of the last chunk ends that asks for an acknowledgement; 0 for none. */
  long askedPosition() {
    return askedPosition;
  }

  /** Whether the last event of the last chunk says that a file of this name follows. */
  boolean rotatesTo(String file) {
    return rotatesTo.equals(file);
  }

  /**
   * Whether a ROTATE was sent and the FORMAT_DESCRIPTION of its file was not yet. A replica takes
   * nothing else there: it has forgotten the old format, and calls any other event invalid.
   */
  boolean awaitsFormat() {
    return awaitsFormat;
  }

  /** After {@link Outcome#FAILED} or {@link Outcome#REFUSED}: why, in a master's words. */
  String problem() {
    return problem;
  }

  /** How large a buffer {@link #send} needs. */
  static int room(Chunk chunk) {
    return chunk.isFragment()
        ? chunk.length() + PacketFramer.overhead(chunk.length())
        : chunk.length() + chunk.events() * PacketFramer.OVERHEAD;
  }

  /** The stream goes on in the next file of its epoch. */
  void nextFile(String name) {
    file = name;
    awaitsFormat = true;
    filter.nextFile(name);
  }

  /** The replica was told where it is. */
  void told() {
    filter.told();
  }

  /** What a master sends where the log ends for now. */
  void atEnd(long position, Consumer<ByteBuf> sink) {
    if (awaitsFormat) {
      return;
    }
    Insertion last = filter.takeAtEnd(position);
    if (last != null) {
      ByteBuf out = alloc.directBuffer(64);
      insert(last, position, out);
      sink.accept(out);
    }
  }

  /** The stream goes on in the next epoch. */
  void cross(Crossing way) {
    file = way.file().name();
    serverId = way.formatDescription().serverId();
    checksums = way.formatDescription().hasChecksums();
    awaitsFormat = way.position() <= BinlogFileFormat.FIRST_EVENT;
    filter.cross(way);
  }

  /**
   * What a master sends between the first FORMAT_DESCRIPTION and the events.
   *
   * @return whether events follow; otherwise the replica's UNTIL position is reached already
   */
  boolean begin(long position, Consumer<ByteBuf> sink) {
    ByteBuf out = alloc.directBuffer(64);
    Outcome outcome = afterEvent(position, out);
    if (out.isReadable()) {
      sink.accept(out);
    } else {
      out.release();
    }
    return outcome == Outcome.CONTINUE;
  }

  /**
   * Frames a chunk into a buffer; does not release the chunk.
   *
   * @param ask whether the last transaction in it is to be acknowledged
   */
  Outcome send(Chunk chunk, ByteBuf out, boolean ask) {
    events = 0;
    timestamp = 0;
    askedPosition = 0;
    if (chunk.isFragment()) {
      return sendFragment(chunk, out, ask);
    }
    ByteBuf data = chunk.data();
    int count = chunk.events();
    int asking = ask ? SemiSync.lastGroupEnd(chunk) : -1;
    int i = 0;
    while (i < count) {
      if (i != asking && sendsAsTheyAre()) {
        int next = framer.run(chunk, i, asking > i ? asking : count, plain, out);
        events += next - i;
        if (next > i) {
          i = next;
          continue;
        }
      }
      int start = chunk.offset(i);
      int end = chunk.offset(i + 1);
      askNext = i == asking;
      Outcome outcome = sendEvent(data, start, end - start, chunk.position() + end, out);
      askNext = false;
      if (outcome != Outcome.CONTINUE) {
        lastSent(chunk, i);
        return outcome;
      }
      i++;
    }
    lastSent(chunk, count - 1);
    return Outcome.CONTINUE;
  }

  /** Whether only the type of an event says what becomes of it. */
  private boolean sendsAsTheyAre() {
    return filter.passThrough() && !(verifying && checksums) && !request.skipMarked();
  }

  private void lastSent(Chunk chunk, int i) {
    int start = chunk.offset(i);
    int end = chunk.offset(i + 1);
    lastEventStart = chunk.position() + start;
    lastEventEnd = chunk.position() + end;
    timestamp = EventHeader.timestamp(chunk.data(), start);
    rotatesTo = nextFile(chunk.data(), start, end - start);
    awaitsFormat |= !rotatesTo.isEmpty();
  }

  private String nextFile(ByteBuf data, int start, int length) {
    if (EventHeader.type(data, start) != EventType.ROTATE) {
      return "";
    }
    try {
      return Rotate.decode(data, start, length, checksums).fileName();
    } catch (BinlogFormatException e) {
      return "";
    }
  }

  private Outcome sendEvent(ByteBuf data, int start, int length, long endPosition, ByteBuf out) {
    byte type = data.getByte(start + EventHeader.TYPE_OFFSET);
    if (type == FORMAT_DESCRIPTION) {
      return sendFormat(data, start, length, endPosition, out);
    }
    if (verifying && checksums && !EventChecksum.verify(data, start, length)) {
      return failed(DumpErrors.CHECKSUM_FAILURE);
    }
    if (filter.passThrough()) {
      return deliver(data, start, length, type, endPosition, out);
    }
    Outcome outcome =
        switch (filter.onEvent(data, start, length, length, checksums, endPosition - length)) {
          case SEND -> {
            insert(filter.takeBefore(), endPosition, out);
            yield deliver(data, start, length, type, endPosition, out);
          }
          case SKIP -> Outcome.CONTINUE;
          case FAIL -> refused();
        };
    return outcome == Outcome.CONTINUE ? afterEvent(endPosition, out) : outcome;
  }

  private Outcome refused() {
    problem = filter.error();
    return filter.errorNamesPlaces() ? Outcome.FAILED : Outcome.REFUSED;
  }

  private Outcome failed(String why) {
    problem = why;
    return Outcome.FAILED;
  }

  private Outcome deliver(
      ByteBuf data, int start, int length, byte type, long endPosition, ByteBuf out) {
    EventPolicy.Treatment treatment = policy.of(type);
    if (treatment == EventPolicy.Treatment.SEND) {
      if (!isUnwanted(data, start)) {
        whole(data, start, length, endPosition, out);
      }
      return Outcome.CONTINUE;
    }
    ByteBuf other = replacer.replace(treatment, data, start, length, checksums);
    if (other == null) {
      return replacer.problem().isEmpty() ? Outcome.CONTINUE : failed(replacer.problem());
    }
    try {
      if (!isUnwanted(data, start)) {
        whole(other, 0, length, endPosition, out);
      }
      return Outcome.CONTINUE;
    } finally {
      other.release();
    }
  }

  /** Whether the replica leaves out what was written with {@code skip_replication}. */
  private boolean isUnwanted(ByteBuf data, int start) {
    return request.skipMarked()
        && EventHeader.hasFlag(data, start, EventHeader.FLAG_SKIP_REPLICATION);
  }

  private void whole(ByteBuf data, int start, int length, long endPosition, ByteBuf out) {
    if (askNext) {
      ask(endPosition);
    }
    if (framer.fits(length)) {
      framer.whole(out, data, start, length);
    } else {
      out.ensureWritable(length + PacketFramer.overhead(length));
      framer.begin(out, length);
      framer.piece(out, data, start, length);
    }
    events++;
  }

  private void ask(long endPosition) {
    askNext = false;
    askedPosition = endPosition;
    framer.wantAck();
  }

  private Outcome afterEvent(long endPosition, ByteBuf out) {
    Outcome outcome = Outcome.CONTINUE;
    for (Insertion next = filter.takeAfter(); next != null; next = filter.takeAfter()) {
      insert(next, endPosition, out);
      if (next instanceof Insertion.GtidList list && list.untilReached()) {
        outcome = Outcome.UNTIL_REACHED;
      }
    }
    return outcome;
  }

  private void insert(@Nullable Insertion insertion, long endPosition, ByteBuf out) {
    if (insertion instanceof Insertion.GtidList list) {
      made(
          ArtificialEvents.gtidList(
              alloc, serverId, list.state(), endPosition, list.untilReached(), checksums),
          out);
    } else if (insertion instanceof Insertion.Heartbeat heartbeat) {
      made(rules.heartbeat(alloc, serverId, file, heartbeat.position(), checksums), out);
    }
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
    FormatDescription format;
    try {
      format = FormatDescription.decode(data, start, length);
    } catch (BinlogFormatException e) {
      return failed(DumpErrors.CHECKSUM_FAILURE);
    }
    awaitsFormat = false;
    checksums = format.hasChecksums();
    serverId = format.serverId();
    if (checksums && request.checksums() == DumpRequest.Checksums.UNKNOWN) {
      return failed(errors.checksumUnaware());
    }
    boolean keepCreated = !request.isGtid() || !filter.clearsCreated();
    if (keepCreated) {
      whole(data, start, length, endPosition, out);
    } else {
      made(format.copy(alloc, false, true), out);
    }
    if (filter.passThrough()) {
      return Outcome.CONTINUE;
    }
    if (filter.onEvent(data, start, length, length, checksums, endPosition - length)
        == GroupFilter.Verdict.FAIL) {
      return refused();
    }
    return afterEvent(endPosition, out);
  }

  private Outcome sendFragment(Chunk chunk, ByteBuf out, boolean ask) {
    ByteBuf data = chunk.data();
    long eventStart = chunk.position() - chunk.fragmentOffset();
    lastEventStart = eventStart;
    lastEventEnd = chunk.end();
    boolean last = chunk.fragmentOffset() + chunk.length() == chunk.eventLength();
    if (chunk.fragmentOffset() == 0) {
      askNext = ask;
      Outcome outcome = beginGiant(chunk, out);
      askNext = false;
      if (outcome != Outcome.CONTINUE) {
        return outcome;
      }
      timestamp = EventHeader.timestamp(data, 0);
    }
    if (verifying && checksums && isDamaged(chunk, last)) {
      return failed(DumpErrors.CHECKSUM_FAILURE);
    }
    if (sendingGiant) {
      piece(data, chunk.length(), out);
    }
    if (!last) {
      return Outcome.CONTINUE;
    }
    events = sendingGiant ? 1 : 0;
    giantDummy = null;
    return filter.passThrough() ? Outcome.CONTINUE : afterEvent(chunk.end(), out);
  }

  private Outcome beginGiant(Chunk chunk, ByteBuf out) {
    ByteBuf data = chunk.data();
    byte type = data.getByte(EventHeader.TYPE_OFFSET);
    EventPolicy.Treatment treatment = policy.of(type);
    giantSum.reset();
    giantDummy = null;
    sendingGiant = treatment != EventPolicy.Treatment.DROP && !isUnwanted(data, 0);
    if (!filter.passThrough()) {
      switch (filter.onEvent(
          data, 0, chunk.length(), (int) chunk.eventLength(), checksums, chunk.position())) {
        case SEND -> insert(filter.takeBefore(), chunk.position(), out);
        case SKIP -> sendingGiant = false;
        case FAIL -> {
          return refused();
        }
      }
    }
    if (!sendingGiant) {
      return Outcome.CONTINUE;
    }
    if (treatment == EventPolicy.Treatment.GTID) {
      return failed(DumpErrors.CORRUPT_GTID);
    }
    if (treatment == EventPolicy.Treatment.DUMMY) {
      giantDummy = new GiantDummy(alloc, chunk.eventLength(), checksums);
    }
    if (askNext && SemiSync.mayEndGroup(EventType.of(type))) {
      ask(chunk.position() + chunk.eventLength());
    }
    framer.begin(out, chunk.eventLength());
    return Outcome.CONTINUE;
  }

  private boolean isDamaged(Chunk chunk, boolean last) {
    ByteBuf data = chunk.data();
    long body = chunk.eventLength() - EventChecksum.LENGTH - chunk.fragmentOffset();
    giantSum.update(data, 0, (int) Math.max(0, Math.min(body, chunk.length())));
    // A checksum in two parts is not looked at: the replica does.
    return last
        && chunk.length() >= EventChecksum.LENGTH
        && giantSum.value() != data.getUnsignedIntLE(chunk.length() - EventChecksum.LENGTH);
  }

  private void piece(ByteBuf data, int length, ByteBuf out) {
    GiantDummy dummy = giantDummy;
    if (dummy == null) {
      framer.piece(out, data, 0, length);
      return;
    }
    ByteBuf replaced = dummy.replace(data, length);
    try {
      framer.piece(out, replaced, 0, length);
    } finally {
      replaced.release();
    }
  }
}
