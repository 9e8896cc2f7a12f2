package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.ReadFailure;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Crossing;
import io.sluice.binlog.store.StartResult;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One dump: from the request to its end. A cursor delivers what the log has, whether that is old or
 * new; when it has reached the end it waits for the log to grow. Bytes in flight are bounded: the
 * next chunk is framed only when the client takes more. Transitions: {@link ReplicaState}. Confined
 * to the event loop of the session.
 */
public final class ReplicaSession {
  /** So many chunks or bytes at most before other sessions of the loop get their turn. */
  private static final int MAX_CHUNKS_AT_ONCE = 512;

  private static final long MAX_BYTES_AT_ONCE = 2 << 20;

  private final ReplicaContext context;
  private final SessionContext session;
  private final Replica replica;
  private final DumpRequest request;
  private final Runnable onEnded;
  private final ByteBufAllocator alloc = ByteBufAllocator.DEFAULT;
  private final PresentedSource source;
  private final SourceRules rules;
  private final DumpErrors errors;
  private final DumpLog log;
  private final PacketFramer framer;
  private final PreambleWriter preamble;
  private final DumpChannel channel;
  private final HeartbeatTimer heartbeats;
  private final Gathered gathered = new Gathered();
  private final StreamGuard guard;
  private final Runnable wake;
  private final Runnable later = this::pumpLater;
  private DumpErrors.Place start;
  private DumpErrors.Place last;
  private long serverId;
  private @Nullable EventSender sender;
  private @Nullable BinlogCursor cursor;
  private @Nullable SemiSync semiSync;
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
    this.onEnded = onEnded;
    this.source = context.source().get();
    this.rules = SourceRules.of(source, request);
    this.errors = new DumpErrors(source);
    this.log = new DumpLog(context.service(), session.id(), request.serverId());
    this.framer = new PacketFramer(firstSequence, request.semiSync());
    this.preamble = new PreambleWriter(alloc, framer, rules);
    this.channel =
        new DumpChannel(session, context.registry(), replica, framer, capabilities, command);
    this.guard = new StreamGuard(session.eventLoop(), this::onDefect);
    this.wake = guard.guarded(this::send);
    this.heartbeats =
        new HeartbeatTimer(
            session.eventLoop(), request.heartbeat(), guard.guarded(this::onSilence));
    this.start = new DumpErrors.Place(request.file(), request.position(), request.position());
    this.last = start;
  }

  /** Begins: asks the store where to start. */
  public void begin() {
    ReplyError refusal = Admission.refusal(context, request, source, replica);
    if (refusal != null) {
      fail(refusal);
      return;
    }
    if (request.semiSync()) {
      semiSync = new SemiSync(replica, context.store().watermark());
    }
    replica.uuid(request.uuid());
    replica.dump(
        request.serverId(),
        request.isGtid(),
        request.semiSync(),
        () -> guard.later(this::onSuperseded));
    context.registry().beginDump(replica, source.isMySql());
    context
        .store()
        .resolve(request.start(source))
        .whenComplete((result, error) -> guard.later(() -> onResolved(result, error)));
  }

  private void onResolved(@Nullable StartResult result, @Nullable Throwable error) {
    if (ended) {
      return;
    }
    if (error != null || result == null) {
      log.noStart(error);
      Throwable cause = error instanceof CompletionException ? error.getCause() : error;
      fail(
          cause instanceof NoSuchFileException gone
              ? DumpErrors.missing(gone)
              : errors.fatal(DumpErrors.READ_FAILED, start, last));
    } else if (result instanceof StartResult.Refused refused) {
      if (refused.preamble() != null) {
        write(preamble.before(refused.preamble(), request.wantsChecksums()));
      }
      fail(errors.refused(refused));
    } else if (result instanceof StartResult.Found found) {
      stream(found);
    }
  }

  private void stream(StartResult.Found found) {
    FormatDescription format = found.formatDescription();
    String file = found.file().name();
    serverId = format.serverId();
    last =
        new DumpErrors.Place(
            file, BinlogFileFormat.FIRST_EVENT, BinlogFileFormat.FIRST_EVENT + format.length());
    replica.at(found.file(), found.position());
    context.registry().streams(replica, !request.nonBlocking());
    log.starts(request.position(source.isMySql()), file, found.position());
    write(preamble.rotate(serverId, file, found.position(), request.wantsChecksums()));
    if (format.hasChecksums() && request.checksums() == DumpRequest.Checksums.UNKNOWN) {
      fail(errors.fatal(errors.checksumUnaware(), start, last));
      return;
    }
    last = new DumpErrors.Place(file, found.position(), found.position());
    sender = new EventSender(alloc, framer, rules, request, found, errors);
    if (found.position() > BinlogFileFormat.FIRST_EVENT) {
      write(preamble.formatInTheMiddle(format));
      if (!sender.begin(found.position(), this::write)) {
        end("until position reached");
        return;
      }
    }
    // What was written may have ended the session.
    if (!ended) {
      cursor = openCursor(found.file(), found.position());
      replica.streaming();
      heartbeats.start();
      wake.run();
    }
  }

  /** The client takes more bytes again. */
  public void onWritable() {
    if (!ended && cursor != null) {
      // Not at once: this may be called from inside a write.
      schedulePump();
    }
  }

  /** The relay stops: the stream ends as that of a master which shuts down. */
  public void endForShutdown() {
    end("the relay stops");
  }

  private void schedulePump() {
    if (!pumpScheduled) {
      pumpScheduled = true;
      session.eventLoop().execute(later);
    }
  }

  private void pumpLater() {
    pumpScheduled = false;
    wake.run();
  }

  /** Bytes of the stream are missing: the replica must ask for them again. */
  private void onDefect(Throwable cause) {
    log.defect(cause);
    stop("internal error");
    session.close(CloseReason.INTERNAL_ERROR, "a stream failed");
  }

  /** Sends what there is, until the log ends, a file is read, or the client takes no more. */
  private void send() {
    EventSender framing = sender;
    if (framing == null) {
      return;
    }
    framing.verify(context.verifyChecksums().getAsBoolean());
    long before = replica.sentBytes();
    for (int i = 0; i < MAX_CHUNKS_AT_ONCE; i++) {
      BinlogCursor open = cursor;
      if ((gathered.isEnough() && !settle()) || open == null || !session.isClientWritable()) {
        break;
      }
      BinlogCursor.Status status = open.poll(wake);
      if (status == BinlogCursor.Status.CHUNK) {
        frame(framing, open.chunk());
      } else if (!settle() || !goOn(open, status)) {
        return;
      }
      if (ended || replica.sentBytes() - before >= MAX_BYTES_AT_ONCE) {
        break;
      }
    }
    if (settle() && cursor != null) {
      replica.streaming();
      if (session.isClientWritable()) {
        schedulePump();
      }
    }
  }

  /** Whether more may follow at once. */
  private boolean goOn(BinlogCursor open, BinlogCursor.Status status) {
    switch (status) {
      case END_OF_FILE -> {
        nextFile(open);
        return true;
      }
      case END_OF_EPOCH -> leaveEpoch(open);
      case WAIT_DATA -> onEndOfLog(open);
      case FAILED -> unreadable(open.file(), open.failure());
      case PURGED -> fail(errors.purged(open.isCutOff(), start, last));
      case CLOSED -> end("the relay stops");
      case CHUNK, WAIT_LOAD -> replica.streaming();
    }
    return false;
  }

  private void unreadable(BinlogFileId file, ReadFailure failure) {
    log.unreadable(failure.detail());
    fail(
        errors.unreadable(
            failure, file.name(), context.store().inventory().streamEnd(file), start));
  }

  private void frame(EventSender framing, Chunk chunk) {
    EventSender.Outcome outcome;
    try {
      outcome = framing.send(chunk, gathered.room(EventSender.room(chunk)), asksForAck(chunk));
      gathered.add(chunk, framing);
      if (semiSync != null && framing.askedPosition() > 0) {
        semiSync.asked(chunk.file(), framing.askedPosition(), System.nanoTime());
      }
    } finally {
      chunk.release();
    }
    if (outcome == EventSender.Outcome.CONTINUE || !settle()) {
      return;
    }
    switch (outcome) {
      case CONTINUE -> {}
      case UNTIL_REACHED -> end("until position reached");
      case REFUSED -> fail(ErrorCode.MASTER_FATAL.error(framing.problem()));
      case FAILED -> fail(errors.fatal(framing.problem(), start, last));
    }
  }

  /**
   * Sends what was gathered.
   *
   * @return whether the stream goes on
   */
  private boolean settle() {
    last = gathered.count(replica, last);
    ByteBuf out = gathered.take();
    if (out != null) {
      heartbeats.sent();
      channel.bytes(out);
    }
    return !ended;
  }

  private boolean asksForAck(Chunk chunk) {
    SemiSync wanted = semiSync;
    return wanted != null && wanted.wants(chunk, context.store().watermark());
  }

  /** Bytes of the client during the dump: an acknowledgement. Who did not say so is not heard. */
  public void onClientData(ByteBuf payload) {
    SemiSync wanted = semiSync;
    if (ended || wanted == null) {
      return;
    }
    SemiSync.Ack ack = SemiSync.Ack.decode(payload);
    if (ack != null) {
      wanted.acknowledged(ack, System.nanoTime());
      context.registry().acknowledged();
      return;
    }
    log.malformedAck(payload.readableBytes());
    stop("malformed acknowledgement");
    session.close(CloseReason.PROTOCOL_VIOLATION, "malformed semi-sync acknowledgement");
  }

  private void nextFile(BinlogCursor open) {
    EventSender framing = sender;
    if (framing != null) {
      // Files follow each other by number, or as the first one says: else one is lost.
      if (open.file().number() != replica.file().number() + 1
          && !framing.rotatesTo(open.file().name())) {
        fail(errors.fatal(DumpErrors.NO_NEXT_FILE, start, last));
        return;
      }
      write(
          preamble.rotate(
              serverId, open.file().name(), BinlogFileFormat.FIRST_EVENT, framing.hasChecksums()));
      replica.at(open.file(), BinlogFileFormat.FIRST_EVENT);
      last =
          new DumpErrors.Place(
              open.file().name(), BinlogFileFormat.FIRST_EVENT, BinlogFileFormat.FIRST_EVENT);
      framing.nextFile(open.file().name());
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
        .whenComplete((way, error) -> guard.later(() -> enterEpoch(way, error)));
  }

  private void enterEpoch(@Nullable Crossing way, @Nullable Throwable error) {
    crossing = false;
    BinlogCursor old = cursor;
    EventSender framing = sender;
    if (ended || old == null || framing == null) {
      return;
    }
    if (old.isCutOff()) {
      fail(errors.purged(true, start, last));
      return;
    }
    if (way == null) {
      log.noCrossing(error);
      fail(errors.fatal(DumpErrors.READ_FAILED, start, last));
      return;
    }
    if (!request.isGtid() && !way.exact()) {
      fail(errors.fatal(DumpErrors.NEW_MASTER, start, last));
      return;
    }
    FormatDescription format = way.formatDescription();
    String file = way.file().name();
    serverId = format.serverId();
    last = new DumpErrors.Place(file, way.position(), way.position());
    write(preamble.rotate(serverId, file, way.position(), framing.hasChecksums()));
    if (format.hasChecksums() && request.checksums() == DumpRequest.Checksums.UNKNOWN) {
      fail(errors.fatal(errors.checksumUnaware(), start, last));
      return;
    }
    if (way.position() > BinlogFileFormat.FIRST_EVENT) {
      write(preamble.formatInTheMiddle(format));
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

  private void onEndOfLog(BinlogCursor open) {
    // Without transaction safety the log may end in the middle of one.
    if (sender != null
        && open.isAt(context.store().watermark())
        && !(request.nonBlocking() && source.endsSilently())) {
      sender.atEnd(open.position(), this::write);
    }
    if (request.nonBlocking()) {
      end("end of the log");
      return;
    }
    replica.waiting();
  }

  private void write(ByteBuf event) {
    heartbeats.sent();
    channel.event(event);
  }

  /**
   * A heartbeat tells up to where there was nothing for the replica: at the end of the log, and
   * also while a long stretch is skipped.
   */
  private void onSilence() {
    BinlogCursor open = cursor;
    EventSender framing = sender;
    if (!ended
        && open != null
        && framing != null
        && !framing.awaitsFormat()
        && session.isClientWritable()
        && !framer.isInsideEvent()) {
      write(
          preamble.framed(
              rules.heartbeat(
                  alloc, serverId, open.file().name(), open.position(), framing.hasChecksums())));
      framing.told();
    }
  }

  private void onSuperseded() {
    if (errors.endsSupersededSilently()) {
      end("another replica with the same server_uuid has connected");
    } else {
      fail(errors.superseded(start, last));
    }
  }

  /** The stream ends with an error, and as a master does it the connection with it. */
  private void fail(ReplyError error) {
    if (ended) {
      return;
    }
    log.refused(error);
    stop(error.message());
    channel.error(error);
    onEnded.run();
    session.close(CloseReason.ROUTER_CLOSED, error.message());
  }

  /** The stream ends as a master ends it: EOF, then the connection is closed. */
  private void end(String why) {
    if (ended) {
      return;
    }
    stop(why);
    channel.eof();
    onEnded.run();
    session.close(CloseReason.ROUTER_CLOSED, why);
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
    gathered.discard();
    replica.state(new ReplicaState.Ended(why));
    context.registry().endDump(replica);
    heartbeats.stop();
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
