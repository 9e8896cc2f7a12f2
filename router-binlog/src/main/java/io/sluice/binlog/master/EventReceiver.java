package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.IntakeMemory;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the packets of a dump into verified bytes for the store. Each event is split out of the
 * packet stream, its length, CRC-32 and position are checked by {@link EventIntake}, and runs of
 * whole events go to the writer with one copy; events above {@link #GIANT} are handed on piece by
 * piece, the last piece only when the checksum fits. Any doubt is one failure, and nothing behind
 * it is stored.
 *
 * <p>Confined to the loop of the connection.
 */
final class EventReceiver implements PacketReader.Sink {
  /** From this size on an event is not gathered before it is stored. */
  static final int GIANT = 256 << 10;

  private static final int MAX_ERROR = 64 << 10;

  /** What the receiver tells. On the loop of the connection. */
  interface Listener {
    /** The store cannot take more for now: stop reading until its queue is drained. */
    void onQueueFull();

    /** The master's file is the stored one, or a new one; told once. */
    default void onProven() {}

    /** The master waits until everything up to here is stored. */
    default void onAckWanted(String file, long position) {}

    /** The stream is over; told once, nothing follows. */
    void onFailed(LinkFailure failure);
  }

  private final BinlogWriter writer;
  private final ByteBufAllocator alloc;
  private final IntakeMemory memory;
  private final LinkCounters counters;
  private final Listener listener;
  private final EventIntake intake;
  private final PacketReader packets;
  private final EventChecksum giantChecksum = new EventChecksum();
  private boolean failed;
  private boolean proven;
  private boolean ackWanted;

  /**
   * Whole events wait in [ready, event), the event that is coming stands in [event, writerIndex).
   */
  private @Nullable ByteBuf batch;

  private int readyStart;
  private int eventStart;
  private long readyPosition;

  private long giantLength;
  private long giantDone;
  private boolean giantStored;
  private int giantTrailer;
  private @Nullable ByteBuf errorBytes;

  EventReceiver(
      BinlogWriter writer,
      ByteBufAllocator alloc,
      EventIntake intake,
      LinkCounters counters,
      boolean semiSync,
      Listener listener) {
    this.packets = new PacketReader(this, semiSync);
    this.writer = writer;
    this.alloc = alloc;
    this.memory = new IntakeMemory(alloc);
    this.intake = intake;
    this.counters = counters;
    this.listener = listener;
    this.readyPosition = intake.position();
  }

  /** Takes a chunk and hands on what is whole; see {@link #take}. */
  void feed(ByteBuf chunk) {
    take(chunk);
    flush();
  }

  /**
   * Takes a chunk of the stream, packet headers included; releases it. Whole events wait until
   * their memory is full or {@link #flush} is called: so all that one turn of the loop has read is
   * handed on at once.
   */
  void take(ByteBuf chunk) {
    try {
      counters.received(chunk.readableBytes());
      if (!failed) {
        packets.feed(chunk);
      }
    } catch (MismatchException e) {
      flush();
      fail(e.failure());
    } catch (BinlogFormatException e) {
      flush();
      fail(LinkFailure.mismatch(intake.where() + ": " + e.getMessage()));
    } finally {
      counters.settle();
      chunk.release();
    }
  }

  /** Nothing more comes; whole events are handed on, a beginning of one is forgotten. */
  void close() {
    flush();
    failed = true;
    packets.stop();
    if (batch != null) {
      batch.release();
      batch = null;
    }
    memory.close();
    if (errorBytes != null) {
      errorBytes.release();
      errorBytes = null;
    }
  }

  @Override
  public void onEventBytes(ByteBuf chunk, int length) {
    int left = length;
    if (giantLength == 0) {
      left -= gather(chunk, left);
    }
    if (left > 0) {
      stream(chunk, left);
    }
  }

  /** Copies what belongs to an event of ordinary size; returns how many bytes were taken. */
  private int gather(ByteBuf chunk, int length) {
    int have = pending();
    int taken = 0;
    if (have < EventHeader.SIZE) {
      taken = Math.min(length, EventHeader.SIZE - have);
      copy(chunk, taken, EventHeader.SIZE - have);
      have += taken;
      if (have < EventHeader.SIZE) {
        return taken;
      }
      int size = EventHeader.requireLength(batch(), eventStart);
      if (size > GIANT) {
        beginGiant(size);
        return taken;
      }
    }
    int size = (int) EventHeader.length(batch(), eventStart);
    int rest = length - taken;
    if (have + (long) rest > size) {
      throw MismatchException.of(intake.where() + ": a packet is longer than the event in it");
    }
    copy(chunk, rest, size - have);
    return length;
  }

  /** Bytes of the event that is coming which have been gathered. */
  private int pending() {
    return batch == null ? 0 : batch.writerIndex() - eventStart;
  }

  private ByteBuf batch() {
    ByteBuf open = batch;
    return open == null ? begin() : open;
  }

  /** Goes on in other memory. */
  private ByteBuf begin() {
    ByteBuf next = memory.take();
    batch = next;
    readyStart = 0;
    eventStart = 0;
    return next;
  }

  /** Appends bytes to the gathered event; {@code needed} is what the event still lacks. */
  private void copy(ByteBuf chunk, int length, int needed) {
    ByteBuf into = batch();
    if (into.writableBytes() < needed) {
      flush();
      int from = eventStart;
      int have = into.writerIndex() - from;
      ByteBuf next = begin();
      next.writeBytes(into, from, have);
      into.release();
      into = next;
    }
    into.writeBytes(chunk, length);
  }

  /** Hands the whole events that wait to the writer. */
  void flush() {
    if (batch == null || eventStart == readyStart) {
      return;
    }
    ByteBuf ready = batch.retainedSlice(readyStart, eventStart - readyStart);
    long position = readyPosition;
    readyPosition += ready.readableBytes();
    readyStart = eventStart;
    append(position, ready);
  }

  private void append(long position, ByteBuf bytes) {
    if (!writer.append(position, bytes)) {
      listener.onQueueFull();
    }
  }

  @Override
  public void onAckWanted() {
    ackWanted = true;
  }

  @Override
  public void onEventEnd() {
    if (giantLength == 0) {
      endOrdinary();
    } else {
      endGiant();
    }
    if (!proven && intake.isProven()) {
      proven = true;
      listener.onProven();
    }
    if (ackWanted) {
      ackWanted = false;
      listener.onAckWanted(intake.file(), intake.position());
    }
  }

  private void endOrdinary() {
    ByteBuf buf = batch();
    int length = pending();
    if (length < EventHeader.SIZE || EventHeader.length(buf, eventStart) != length) {
      throw MismatchException.of(
          intake.where() + ": a packet of " + length + " bytes is shorter than the event in it");
    }
    switch (intake.onEvent(buf, eventStart, length)) {
      case STORE -> {
        counters.event(EventHeader.timestamp(buf, eventStart));
        eventStart += length;
      }
      case ALREADY_STORED -> {
        dropPending(buf);
        readyPosition = intake.position();
      }
      case DROP -> dropPending(buf);
      case NEW_FILE -> {
        dropPending(buf);
        flush();
        writer.startFile(intake.file());
        readyPosition = intake.position();
      }
    }
  }

  private void dropPending(ByteBuf buf) {
    buf.writerIndex(eventStart);
  }

  private void beginGiant(int size) {
    ByteBuf head = batch();
    giantStored = intake.beginGiant(head, eventStart, size);
    giantLength = size;
    giantDone = EventHeader.SIZE;
    giantTrailer = 0;
    giantChecksum.reset();
    giantChecksum.update(head, eventStart, EventHeader.SIZE);
    flush();
    if (giantStored) {
      counters.event(EventHeader.timestamp(head, eventStart));
      append(intake.position(), Unpooled.copiedBuffer(head.slice(eventStart, EventHeader.SIZE)));
    }
    dropPending(head);
  }

  /** Hands on a piece of a giant event. */
  private void stream(ByteBuf chunk, int length) {
    if (giantDone + length > giantLength) {
      throw MismatchException.of(intake.where() + ": a packet is longer than the event in it");
    }
    int from = chunk.readerIndex();
    if (intake.hasChecksums()) {
      int covered =
          (int) Math.min(length, Math.max(0, giantLength - EventChecksum.LENGTH - giantDone));
      giantChecksum.update(chunk, from, covered);
      for (int i = covered; i < length; i++) {
        long at = giantDone + i - (giantLength - EventChecksum.LENGTH);
        giantTrailer |= (chunk.getByte(from + i) & 0xff) << (int) (at * 8);
      }
      if (giantDone + length == giantLength
          && giantChecksum.value() != (giantTrailer & 0xffffffffL)) {
        throw MismatchException.of(intake.where() + ": the event's checksum is wrong");
      }
    }
    if (giantStored) {
      append(intake.position() + giantDone, chunk.retainedSlice(from, length));
    }
    giantDone += length;
    chunk.skipBytes(length);
  }

  private void endGiant() {
    if (giantDone != giantLength) {
      throw MismatchException.of(
          intake.where() + ": a packet of " + giantDone + " bytes is shorter than the event in it");
    }
    intake.endGiant(giantLength);
    readyPosition = intake.position();
    giantLength = 0;
  }

  @Override
  public void onErrorBytes(ByteBuf chunk, int length) {
    if (errorBytes == null) {
      errorBytes = alloc.heapBuffer(256).writeByte(0xff);
    }
    int room = MAX_ERROR - errorBytes.readableBytes();
    errorBytes.writeBytes(chunk, Math.min(room, length));
  }

  @Override
  public void onErrorEnd() {
    LinkFailure failure;
    try {
      ErrPacket error = ErrPacket.decode(errorBytes == null ? Unpooled.EMPTY_BUFFER : errorBytes);
      failure = LinkFailure.ofMaster(error.code(), error.message(), true);
    } catch (ProtocolException e) {
      failure = LinkFailure.lost("the master sent an error packet that cannot be read");
    }
    flush();
    fail(failure);
  }

  @Override
  public void onEof() {
    flush();
    fail(LinkFailure.lost("the master ended the stream (shutdown, or the dump thread was killed)"));
  }

  @Override
  public void onGarbage(String what) {
    throw MismatchException.of(intake.where() + ": the master sent " + what);
  }

  private void fail(LinkFailure failure) {
    if (!failed) {
      close();
      listener.onFailed(failure);
    }
  }
}
