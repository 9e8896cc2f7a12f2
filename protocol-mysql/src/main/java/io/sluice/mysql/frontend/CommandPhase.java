package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.sluice.api.protocol.Capability;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From the OK to the end: cuts the client's bytes into requests and hands them on one at a time.
 * Confined to the event loop.
 *
 * <p>Requests pass in pieces as they come; the first piece is whole if the request is short or if
 * somebody needs whole requests, up to one packet. The next request waits until the answer is
 * complete, and so does reading when many wait. While a dump runs, the client's packets belong to
 * it and pass one by one. Answers pass as they are.
 */
final class CommandPhase extends ChannelInboundHandlerAdapter {

  /** Packets that a client sends while a dump runs are acknowledgements. */
  private static final int DUMP_PACKET_LIMIT = 64 * 1024;

  /** A statement that kills is not longer; it is here as a whole then. */
  private static final int KILL_LIMIT = 1024;

  /** How much may wait while a request is under way before reading stops. */
  private static final int HOLD = 256 * 1024;

  /** What the next bytes of the client are. */
  private enum State {
    /** A new request. */
    IDLE,
    /** The rest of a request. */
    BODY,
    /** The rest of a request that is not wanted. */
    SKIP,
    /** The next request, which has to wait. */
    WAIT,
    /** Data that the server asked for. */
    DATA,
    /** Data that the server asked for and does not want any more: it has answered already. */
    LEFTOVER,
    /** Acknowledgements of a dump. */
    DUMP,
    /** What a new login needs. */
    LOGIN,
    /** The next request, which has to wait for what the proxy itself does. */
    LOCAL,
    /** Nothing any more. */
    OVER
  }

  private final MySqlClientConnection connection;
  private final ClientContext client;
  private final RequestReader reader;
  private final long maxRequest;
  private final PacketProgress progress = new PacketProgress();
  private State state = State.IDLE;
  private @Nullable ByteBuf pending;
  private @Nullable MySqlRequest current;
  private @Nullable Relogin relogin;
  private @Nullable ReplyError skipError;
  private boolean replyStarted;
  private boolean replyComplete;
  private int serverStatus;
  private boolean working;
  private boolean held;

  CommandPhase(
      MySqlClientConnection connection,
      ClientContext client,
      Set<Capability> prepare,
      Capabilities agreed,
      long maxRequest) {
    this.connection = connection;
    this.client = client;
    this.reader = new RequestReader(prepare, agreed);
    this.maxRequest = maxRequest;
  }

  /** One word for administrators. */
  String label() {
    return switch (state) {
      case IDLE, SKIP -> "idle";
      case BODY, DATA, LEFTOVER -> "receiving";
      case WAIT, LOCAL -> "waiting";
      case DUMP -> "dump";
      case LOGIN -> "login";
      case OVER -> "closed";
    };
  }

  /** The number for an error that ends the session, or -1 when none can be sent now. */
  int errorSequence() {
    return switch (state) {
      // A client that asks nothing finds it as the answer to its next request.
      case IDLE, SKIP -> 1;
      case LOCAL -> progress.nextSequence();
      case BODY, WAIT -> replyStarted ? -1 : progress.nextSequence();
      case LOGIN -> relogin == null ? 1 : relogin.nextSequence();
      case DATA, LEFTOVER, DUMP, OVER -> -1;
    };
  }

  // Answers

  void clientReply(ByteBuf chunk, Reply reply) {
    connection.write(chunk);
    if (current == null) {
      return;
    }
    replyStarted = true;
    if (reply instanceof MySqlReply details && details.serverStatus() != 0) {
      serverStatus = details.serverStatus();
    }
    if (reply.isComplete()) {
      replyComplete = true;
      if (state == State.WAIT || state == State.DUMP) {
        answered(State.IDLE);
      } else if (state == State.DATA) {
        answered(State.LEFTOVER);
      }
    } else if (state == State.WAIT
        && reply instanceof MySqlReply details
        && details.wantsClientData()) {
      progress.beginData();
      state = State.DATA;
      work();
    }
  }

  private void answered(State next) {
    state = next;
    current = null;
    work();
  }

  // Requests

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (connection.isEnded()) {
      bytes.release();
      return;
    }
    ByteBuf before = pending;
    pending =
        before == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, bytes);
    work();
  }

  /** Takes what can be taken of the bytes that wait. */
  private void work() {
    if (working) {
      return;
    }
    working = true;
    try {
      ByteBuf in = pending;
      while (in != null && in.isReadable() && !connection.isEnded() && step(in)) {
        in = pending;
      }
    } finally {
      working = false;
    }
    ByteBuf rest = pending;
    if (rest != null && (!rest.isReadable() || connection.isEnded())) {
      pending = null;
      rest.release();
    }
    hold(
        (state == State.WAIT || state == State.LOGIN || state == State.LOCAL)
            && pending != null
            && pending.readableBytes() > HOLD);
  }

  /** A client may send many requests ahead: it is read again when they have been answered. */
  private void hold(boolean wanted) {
    if (held != wanted && !connection.isEnded()) {
      held = wanted;
      client.setReading(!wanted);
    }
  }

  /** One step; false when more bytes or an answer must come first. */
  private boolean step(ByteBuf in) {
    return switch (state) {
      case IDLE -> begin(in);
      case BODY, DATA, LEFTOVER, SKIP -> pass(in);
      case DUMP -> acknowledge(in);
      case LOGIN -> login(in);
      case WAIT, LOCAL, OVER -> false;
    };
  }

  private boolean begin(ByteBuf in) {
    if (in.readableBytes() < Packets.HEADER) {
      return false;
    }
    client.activity();
    int start = in.readerIndex();
    int length = Packets.payloadLength(in, start);
    int sequence = Packets.sequence(in, start);
    if (sequence != 0) {
      return violation(
          ErrorCode.PACKETS_OUT_OF_ORDER,
          "Got packets out of order",
          "packet sequence: " + sequence + " (expected: 0)",
          sequence + 1);
    }
    if (length > maxRequest) {
      return tooLarge(length, 1);
    }
    if (in.readableBytes() < reader.needed(length)) {
      return false;
    }
    progress.begin(length);
    int code = length == 0 ? -1 : in.getUnsignedByte(start + Packets.HEADER);
    Command command = Command.of(code);
    if (command == Command.QUIT) {
      connection.end(CloseReason.CLIENT_QUIT, "COM_QUIT", 0, null);
      return false;
    }
    if (command == Command.CHANGE_USER) {
      return changeUser(in);
    }
    ReplyError refusal = reader.refusal(command);
    if (refusal != null) {
      skipError = refusal;
      in.skipBytes(Packets.HEADER);
      state = State.SKIP;
      return length > 0 || pass(in);
    }
    KillStatement kill = length <= KILL_LIMIT ? reader.kill(in, code, length) : null;
    if (kill != null) {
      in.skipBytes(Packets.HEADER + length);
      return kill(kill);
    }
    int size = progress.takeFirst(in);
    boolean last = progress.isOver();
    MySqlRequest request = reader.read(in, code, size, last, serverStatus);
    current = request;
    replyStarted = false;
    replyComplete = false;
    sent(request, last);
    client.routeQuery(new Message(request, in.readRetainedSlice(size), true, last));
    return true;
  }

  /** Passes on, or drops, the rest of the packet, and goes on with the packet after a full one. */
  private boolean pass(ByteBuf in) {
    boolean data = state == State.DATA || state == State.LEFTOVER;
    int size = 0;
    if (progress.isInPacket()) {
      size = progress.take(in);
    } else if (progress.isContinued() || (data && !progress.isDataOver())) {
      if (in.readableBytes() < Packets.HEADER) {
        return false;
      }
      if (isRequestInstead(in)) {
        state = State.IDLE;
        return true;
      }
      if (!nextPacket(in, data)) {
        return false;
      }
      size = progress.take(in);
    }
    boolean last = data ? progress.isDataOver() : progress.isOver();
    if (state == State.SKIP || state == State.LEFTOVER) {
      in.skipBytes(size);
      if (last) {
        skipped();
      }
      return true;
    }
    MySqlRequest request = current;
    if (request == null) {
      in.skipBytes(size);
      return true;
    }
    if (data) {
      state = last ? State.WAIT : State.DATA;
    } else {
      sent(request, last);
    }
    client.routeQuery(new Message(request, in.readRetainedSlice(size), false, last));
    return true;
  }

  /** Whether a client has seen that no more data is wanted and makes its next request. */
  private boolean isRequestInstead(ByteBuf in) {
    return state == State.LEFTOVER
        && Packets.sequence(in, in.readerIndex()) == 0
        && progress.nextSequence() != 0;
  }

  /** Reads the header of a packet that continues; its bytes are counted as part of the packet. */
  private boolean nextPacket(ByteBuf in, boolean data) {
    int sequence = Packets.sequence(in, in.readerIndex());
    int expected = progress.nextSequence();
    progress.next(in);
    if (data) {
      return true;
    }
    if (sequence != expected) {
      return violation(
          ErrorCode.PACKETS_OUT_OF_ORDER,
          "Got packets out of order",
          "packet sequence: " + sequence + " (expected: " + expected + ")",
          sequence + 1);
    }
    return progress.bytes() <= maxRequest || tooLarge(progress.bytes(), sequence + 1);
  }

  /** A piece is about to be handed on; the answer may come during that call. */
  private void sent(MySqlRequest request, boolean last) {
    if (!last) {
      state = State.BODY;
    } else if (!request.expectsReply() || replyComplete) {
      state = State.IDLE;
      current = null;
    } else {
      state = request.command().isDump() ? State.DUMP : State.WAIT;
    }
  }

  private void skipped() {
    ReplyError error = skipError;
    skipError = null;
    state = State.IDLE;
    if (error != null) {
      connection.answerError(progress.nextSequence(), error);
    }
  }

  private boolean acknowledge(ByteBuf in) {
    if (in.readableBytes() < Packets.HEADER) {
      return false;
    }
    int start = in.readerIndex();
    int length = Packets.payloadLength(in, start);
    if (length > DUMP_PACKET_LIMIT) {
      return violation(
          null, "", "packet during a dump: " + length + " bytes (expected: an acknowledgement)", 0);
    }
    if (in.readableBytes() < Packets.HEADER + length) {
      return false;
    }
    MySqlRequest request = current;
    if (length == 1 && in.getUnsignedByte(start + Packets.HEADER) == Command.QUIT.code()) {
      connection.end(CloseReason.CLIENT_QUIT, "COM_QUIT during a dump", 0, null);
      return false;
    }
    if (request == null) {
      in.skipBytes(Packets.HEADER + length);
      return true;
    }
    client.routeQuery(
        new Message(request, in.readRetainedSlice(Packets.HEADER + length), false, true));
    return true;
  }

  private boolean changeUser(ByteBuf in) {
    state = State.LOGIN;
    serverStatus = 0;
    relogin = connection.relogin(this::loginDone);
    return login(in);
  }

  private boolean login(ByteBuf in) {
    Relogin running = relogin;
    return running != null && running.take(in);
  }

  private void loginDone() {
    relogin = null;
    state = State.IDLE;
    work();
  }

  private boolean kill(KillStatement kill) {
    state = State.LOCAL;
    if (kill.connection() && kill.id() == client.sessionId()) {
      connection.end(
          CloseReason.KILLED,
          "killed by itself",
          progress.nextSequence(),
          ErrorCode.CONNECTION_KILLED.error("Connection was killed"));
      return false;
    }
    connection.kill(kill).thenAcceptAsync(this::killed, connection.channel().eventLoop());
    return false;
  }

  private void killed(@Nullable ReplyError error) {
    if (connection.isEnded() || state != State.LOCAL) {
      return;
    }
    state = State.IDLE;
    if (error == null) {
      connection.answerOk(progress.nextSequence(), serverStatus);
    } else {
      connection.answerError(progress.nextSequence(), error);
    }
    work();
  }

  private boolean tooLarge(long length, int sequence) {
    return violation(
        ErrorCode.PACKET_TOO_LARGE,
        "Got a packet bigger than 'max_allowed_packet' bytes",
        "request: " + length + " bytes (expected: <= " + maxRequest + ")",
        sequence);
  }

  /** Ends the session; always false. */
  private boolean violation(@Nullable ErrorCode code, String text, String detail, int sequence) {
    state = State.OVER;
    connection.end(
        CloseReason.PROTOCOL_VIOLATION,
        detail,
        sequence & 0xff,
        code == null ? null : code.error(text));
    return false;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.OVER;
    connection.end(CloseReason.CLIENT_LOST, "connection closed without a good-bye", 0, null);
    release();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  private void release() {
    ByteBuf rest = pending;
    if (rest != null && !working) {
      pending = null;
      rest.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      connection.end(CloseReason.CLIENT_LOST, String.valueOf(cause.getMessage()), 0, null);
    } else if (cause instanceof ProtocolException) {
      violation(null, "", String.valueOf(cause.getMessage()), 0);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
