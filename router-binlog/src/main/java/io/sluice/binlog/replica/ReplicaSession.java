package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.binlog.event.ArtificialEvents;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Crossing;
import io.sluice.binlog.store.StartResult;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.EofPacket;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.wire.Packets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One dump: from the request to its end. A cursor delivers what the log has, whether that is old or
 * new; when it has reached the end it waits for the log to grow. Bytes in flight are bounded: the
 * next chunk is framed only when the client takes more. Transitions: {@link ReplicaState}. Confined
 * to the event loop of the session.
 */
public final class ReplicaSession {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReplicaSession.class);

  /** So many chunks at most before other sessions of the loop get their turn. */
  private static final int MAX_CHUNKS_AT_ONCE = 8;

  private final ReplicaContext context;
  private final SessionContext session;
  private final Replica replica;
  private final DumpRequest request;
  private final MySqlReply reply;
  private final Capabilities capabilities;
  private final Runnable onEnded;
  private final ByteBufAllocator alloc = ByteBufAllocator.DEFAULT;
  private final PacketFramer framer;
  private final PreambleWriter preamble;
  private DumpErrors.Place start;
  private DumpErrors.Place last;
  private long serverId;
  private @Nullable EventSender sender;
  private @Nullable BinlogCursor cursor;
  private @Nullable ScheduledFuture<?> heartbeat;
  private long lastSentNanos;
  private boolean waitingForData;
  private boolean pumpScheduled;
  private boolean crossing;
  private boolean ended;

  /**
   * A dump.
   *
   * @param context what is shared
   * @param session the client's session
   * @param replica its entry in the registry
   * @param request what it wants
   * @param command the command that the stream answers
   * @param firstSequence the number of the first packet
   * @param capabilities what the client understands
   * @param onEnded the dump is over and the client may send another command
   */
  public ReplicaSession(
      ReplicaContext context,
      SessionContext session,
      Replica replica,
      DumpRequest request,
      Request command,
      int firstSequence,
      Capabilities capabilities,
      Runnable onEnded) {
    this.context = context;
    this.session = session;
    this.replica = replica;
    this.request = request;
    this.reply = new MySqlReply(command);
    this.capabilities = capabilities;
    this.onEnded = onEnded;
    this.framer = new PacketFramer(firstSequence);
    this.preamble = new PreambleWriter(alloc, framer);
    this.start = new DumpErrors.Place(request.file(), request.position(), request.position());
    this.last = start;
  }

  /** Begins: asks the store where to start. */
  public void begin() {
    if (context.maxReplicas() > 0 && context.registry().dumping() >= context.maxReplicas()) {
      fail(ErrorCode.TOO_MANY_CONNECTIONS.error("Too many connections"));
      return;
    }
    if (context.store().watermark().isEmpty()) {
      // A replica tries again after any error but 1236: soon there will be something to send.
      fail(
          ErrorCode.UNKNOWN_ERROR.error("The relay has not received anything from its master yet"));
      return;
    }
    if (request.capability() < 4) {
      fail(DumpErrors.fatal(DumpErrors.CAPABILITY, start, last));
      return;
    }
    replica.dump(
        request.serverId(),
        request.isGtid(),
        () -> session.eventLoop().execute(this::onSuperseded));
    context.registry().beginDump(replica);
    context
        .store()
        .resolve(request.start())
        .whenComplete(
            (result, error) -> session.eventLoop().execute(() -> onResolved(result, error)));
  }

  private void onResolved(@Nullable StartResult result, @Nullable Throwable error) {
    if (ended) {
      return;
    }
    if (error != null || result == null) {
      LOGGER
          .atError()
          .addKeyValue("session", session.id())
          .setCause(error)
          .log("cannot find where a replica's stream begins");
      fail(DumpErrors.fatal(DumpErrors.READ_FAILED, start, last));
    } else if (result instanceof StartResult.Refused refused) {
      fail(new ReplyError(refused.code(), refused.sqlState(), refused.message()));
    } else if (result instanceof StartResult.Found found) {
      stream(found);
    }
  }

  private void stream(StartResult.Found found) {
    FormatDescription format = found.formatDescription();
    String file = found.file().name();
    serverId = format.serverId();
    start = new DumpErrors.Place(file, found.position(), found.position());
    last = start;
    replica.at(found.file(), found.position());
    LOGGER
        .atInfo()
        .addKeyValue("service", context.service())
        .addKeyValue("session", session.id())
        .addKeyValue("replica", request.serverId())
        .addKeyValue("gtid", request.isGtid() ? request.gtid() : "")
        .addKeyValue("file", file)
        .addKeyValue("position", found.position())
        .log("replica starts");
    write(
        preamble.rotate(
            serverId, file, found.position(), request.checksums() == DumpRequest.Checksums.CRC32),
        1);
    if (format.hasChecksums() && request.checksums() == DumpRequest.Checksums.UNKNOWN) {
      fail(DumpErrors.fatal(DumpErrors.CHECKSUM_UNAWARE, start, last));
      return;
    }
    if (found.position() > BinlogFileFormat.FIRST_EVENT) {
      write(preamble.formatInTheMiddle(format), 1);
    }
    sender = new EventSender(alloc, framer, found.filter(), request, format);
    cursor = openCursor(found.file(), found.position());
    replica.state(new ReplicaState.Streaming());
    startHeartbeats();
    pump();
  }

  /** The client takes more bytes again. */
  public void onWritable() {
    if (!ended && cursor != null) {
      // Not at once: this may be called from inside a write.
      schedulePump();
    }
  }

  /**
   * The relay stops: the stream ends as that of a master which shuts down, and the replica comes
   * back later.
   */
  public void endForShutdown() {
    end("the relay stops");
  }

  private void schedulePump() {
    if (!pumpScheduled) {
      pumpScheduled = true;
      session
          .eventLoop()
          .execute(
              () -> {
                pumpScheduled = false;
                pump();
              });
    }
  }

  /**
   * Sends what there is, until the log ends, a file has to be read, or the client takes no more.
   */
  private void pump() {
    waitingForData = false;
    for (int i = 0; i < MAX_CHUNKS_AT_ONCE; i++) {
      BinlogCursor open = cursor;
      if (ended || open == null || !session.isClientWritable()) {
        return;
      }
      switch (open.poll(this::schedulePump)) {
        case CHUNK -> sendChunk(open.chunk());
        case END_OF_FILE -> nextFile(open);
        case END_OF_EPOCH -> {
          leaveEpoch(open);
          return;
        }
        case WAIT_DATA -> {
          onEndOfLog();
          return;
        }
        case WAIT_LOAD -> {
          return;
        }
        case FAILED -> {
          LOGGER
              .atError()
              .addKeyValue("session", session.id())
              .addKeyValue("error", open.failure())
              .log("cannot read the log for a replica");
          fail(DumpErrors.fatal(DumpErrors.READ_FAILED, start, last));
          return;
        }
        case PURGED -> {
          fail(DumpErrors.fatal(DumpErrors.PURGED, start, last));
          return;
        }
        case CLOSED -> {
          end("the relay stops");
          return;
        }
      }
    }
    schedulePump();
  }

  private void sendChunk(Chunk chunk) {
    EventSender open = sender;
    if (open == null) {
      chunk.release();
      return;
    }
    ByteBuf out = alloc.directBuffer(Math.max(EventSender.room(chunk), 64));
    EventSender.Outcome outcome;
    try {
      outcome = open.send(chunk, out);
      long end = chunk.position() + chunk.length();
      last = new DumpErrors.Place(chunk.file().name(), open.lastEventStart(), end);
      replica.at(chunk.file(), end);
      replica.sent(out.readableBytes(), open.events(), open.timestamp());
    } catch (RuntimeException e) {
      out.release();
      throw e;
    } finally {
      chunk.release();
    }
    if (!(replica.state() instanceof ReplicaState.Streaming)) {
      replica.state(new ReplicaState.Streaming());
    }
    if (out.isReadable()) {
      writeBytes(out);
    } else {
      out.release();
    }
    switch (outcome) {
      case CONTINUE -> {}
      case UNTIL_REACHED -> end("until position reached");
      case REFUSED -> {
        StartResult.Refused refused = open.refusal();
        fail(new ReplyError(refused.code(), refused.sqlState(), refused.message()));
      }
      case CHECKSUM_UNAWARE -> fail(DumpErrors.fatal(DumpErrors.CHECKSUM_UNAWARE, start, last));
    }
  }

  private void nextFile(BinlogCursor open) {
    EventSender framing = sender;
    if (framing != null) {
      write(
          preamble.rotate(
              serverId, open.file().name(), BinlogFileFormat.FIRST_EVENT, framing.hasChecksums()),
          1);
      replica.at(open.file(), BinlogFileFormat.FIRST_EVENT);
      last =
          new DumpErrors.Place(
              open.file().name(), BinlogFileFormat.FIRST_EVENT, BinlogFileFormat.FIRST_EVENT);
    }
  }

  /**
   * The history of the old master is over: asks where in that of the new one the stream goes on.
   */
  private void leaveEpoch(BinlogCursor open) {
    if (crossing) {
      return;
    }
    crossing = true;
    context
        .store()
        .crossing(open.file())
        .whenComplete((way, error) -> session.eventLoop().execute(() -> enterEpoch(way, error)));
  }

  private void enterEpoch(@Nullable Crossing way, @Nullable Throwable error) {
    crossing = false;
    BinlogCursor old = cursor;
    EventSender framing = sender;
    if (ended || old == null || framing == null) {
      return;
    }
    if (way == null) {
      LOGGER
          .atError()
          .addKeyValue("session", session.id())
          .setCause(error)
          .log("cannot find where a replica's stream goes on in the next epoch");
      fail(DumpErrors.fatal(DumpErrors.READ_FAILED, start, last));
      return;
    }
    if (!request.isGtid() && !way.exact()) {
      fail(DumpErrors.fatal(DumpErrors.NEW_MASTER, start, last));
      return;
    }
    FormatDescription format = way.formatDescription();
    String file = way.file().name();
    serverId = format.serverId();
    last = new DumpErrors.Place(file, way.position(), way.position());
    write(preamble.rotate(serverId, file, way.position(), framing.hasChecksums()), 1);
    if (format.hasChecksums() && request.checksums() == DumpRequest.Checksums.UNKNOWN) {
      fail(DumpErrors.fatal(DumpErrors.CHECKSUM_UNAWARE, start, last));
      return;
    }
    if (way.position() > BinlogFileFormat.FIRST_EVENT) {
      write(preamble.formatInTheMiddle(format), 1);
    }
    framing.cross(way);
    cursor = openCursor(way.file(), way.position());
    old.close();
    replica.at(way.file(), way.position());
    schedulePump();
  }

  private BinlogCursor openCursor(BinlogFileId file, long position) {
    return context
        .feed()
        .openCursor(file, position, session.eventLoop(), "replica " + request.serverId());
  }

  private void onEndOfLog() {
    if (request.nonBlocking()) {
      end("end of the log");
      return;
    }
    waitingForData = true;
    if (!(replica.state() instanceof ReplicaState.Waiting)) {
      replica.state(new ReplicaState.Waiting());
    }
  }

  private void write(ByteBuf bytes, int events) {
    replica.sent(bytes.readableBytes(), events, 0);
    writeBytes(bytes);
  }

  private void writeBytes(ByteBuf bytes) {
    lastSentNanos = System.nanoTime();
    context.registry().sent(bytes.readableBytes());
    reply.addBytes(bytes.readableBytes());
    session.upstream().clientReply(bytes, reply);
  }

  private void startHeartbeats() {
    lastSentNanos = System.nanoTime();
    if (!request.heartbeat().isZero()) {
      scheduleHeartbeat(request.heartbeat().toNanos());
    }
  }

  private void scheduleHeartbeat(long delayNanos) {
    heartbeat =
        session.eventLoop().schedule(this::onHeartbeatTime, delayNanos, TimeUnit.NANOSECONDS);
  }

  /** Only in silence, and only when everything was sent: the replica checks the position. */
  private void onHeartbeatTime() {
    BinlogCursor open = cursor;
    EventSender framing = sender;
    if (ended || open == null || framing == null) {
      return;
    }
    long period = request.heartbeat().toNanos();
    long left = period - (System.nanoTime() - lastSentNanos);
    if (left > 0) {
      scheduleHeartbeat(left);
      return;
    }
    if (waitingForData && session.isClientWritable()) {
      write(
          preamble.framed(
              ArtificialEvents.heartbeat(
                  alloc, serverId, open.file().name(), open.position(), framing.hasChecksums())),
          0);
    }
    scheduleHeartbeat(period);
  }

  private void onSuperseded() {
    if (!ended) {
      fail(DumpErrors.superseded(start, last));
      session.close(CloseReason.ROUTER_CLOSED, "another replica with the same server id came");
    }
  }

  /** The stream ends with an error; the client may go on with another command. */
  private void fail(ReplyError error) {
    if (ended) {
      return;
    }
    LOGGER
        .atWarn()
        .addKeyValue("service", context.service())
        .addKeyValue("session", session.id())
        .addKeyValue("replica", request.serverId())
        .addKeyValue("code", error.code())
        .addKeyValue("error", error.message())
        .log("replica refused");
    stop(error.message());
    reply.fail(error);
    if (framer.isInsideEvent()) {
      // An error packet would be taken for a part of the event.
      session.close(CloseReason.ROUTER_CLOSED, error.message());
      return;
    }
    last(ErrPacket.of(error)::encode);
    onEnded.run();
  }

  /**
   * The stream ends as a master ends it: EOF in its classic form, then the connection is closed.
   */
  private void end(String why) {
    if (ended) {
      return;
    }
    stop(why);
    reply.finish();
    if (!framer.isInsideEvent()) {
      last((out, agreed) -> new EofPacket(0, ServerStatus.AUTOCOMMIT).encode(out));
    }
    onEnded.run();
    session.close(CloseReason.ROUTER_CLOSED, why);
  }

  private interface Encoder {
    void encode(ByteBuf out, Capabilities agreed);
  }

  private void last(Encoder packet) {
    ByteBuf framed =
        Packets.frame(alloc, framer.nextSequence(), out -> packet.encode(out, capabilities));
    session.upstream().clientReply(framed, reply);
  }

  /** The session ends: nothing more is sent. */
  public void close() {
    stop("the client left");
  }

  private void stop(String why) {
    if (ended) {
      return;
    }
    ended = true;
    replica.state(new ReplicaState.Ended(why));
    context.registry().endDump(replica);
    if (heartbeat != null) {
      heartbeat.cancel(false);
    }
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
