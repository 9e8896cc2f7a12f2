package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.sluice.api.protocol.Capability;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.compression.ClientCompression;
import io.sluice.mysql.compression.Compression;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.PacketDecoder;
import io.sluice.mysql.wire.Packets;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. First a {@link LoginPhase} stands in its pipeline, then a {@link CommandPhase}.
 * Confined to the event loop of the client's channel.
 */
final class MySqlClientConnection implements ClientConnection {

  private static final Logger LOGGER = LoggerFactory.getLogger(MySqlClientConnection.class);

  private static final String LOGIN_HANDLER = "mysql-login";
  private static final String COMMAND_HANDLER = "mysql-commands";
  private static final String COMPRESSION_HANDLER = "mysql-compression";

  /** What the status word tells of the session rather than of the last answer. */
  private static final int STATE_OF_SESSION =
      ServerStatus.AUTOCOMMIT
          | ServerStatus.IN_TRANSACTION
          | ServerStatus.IN_READ_ONLY_TRANSACTION
          | ServerStatus.NO_BACKSLASH_ESCAPES;

  private final MySqlClientProtocol protocol;
  private final ClientContext context;
  private Capabilities capabilities = Capabilities.NONE;
  private @Nullable LoginPhase login;
  private @Nullable CommandPhase commands;
  private @Nullable ClientCompression compression;
  private @Nullable Reply answering;
  private @Nullable Identity identity;
  private byte[] nonce;
  private int failedRelogins;
  private boolean ended;

  MySqlClientConnection(MySqlClientProtocol protocol, ClientContext context) {
    this.protocol = protocol;
    this.context = context;
    this.nonce = Scramble.newNonce(protocol.random());
  }

  /** The nonce of the greeting, or the last of that kind since. Not to be changed. */
  byte[] nonce() {
    return nonce;
  }

  /** The client was given another one. */
  void nonce(byte[] other) {
    nonce = other;
  }

  @Override
  public void start(ChannelPipeline pipeline) {
    LoginPhase phase = new LoginPhase(protocol, this, context);
    login = phase;
    pipeline.addLast(LoginPhase.DECODER, phase.decoder());
    pipeline.addLast(LOGIN_HANDLER, phase);
    phase.greet();
  }

  /**
   * The client has proved who it is: makes the session, then tells the client. If the session
   * cannot be made the engine closes this connection during the call, and the client gets that
   * error.
   *
   * @param info the text of the OK
   * @param agreed how everything after the OK is compressed; null for not at all
   */
  void loggedIn(
      Identity identity,
      ClientState state,
      String info,
      PacketDecoder decoder,
      @Nullable Compression agreed) {
    Set<Capability> prepare = context.authenticated(identity);
    if (ended) {
      return;
    }
    OkPacket ok = new OkPacket(0, 0, ServerStatus.AUTOCOMMIT, 0, info);
    write(Packets.frame(channel().alloc(), decoder.nextSequence(), ok::encode));
    login = null;
    this.identity = identity;
    CommandPhase phase =
        new CommandPhase(this, context, prepare, capabilities, protocol.maxPacketSize());
    commands = phase;
    ChannelPipeline pipeline = channel().pipeline();
    pipeline.replace(LOGIN_HANDLER, COMMAND_HANDLER, phase);
    if (agreed != null) {
      ClientCompression frames = new ClientCompression(agreed, context::isTaken);
      compression = frames;
      pipeline.addBefore(COMMAND_HANDLER, COMPRESSION_HANDLER, frames);
    }
    // Bytes that it has read too far are passed on to the command phase.
    pipeline.remove(decoder);
    LOGGER
        .atDebug()
        .addKeyValue("service", protocol.service())
        .addKeyValue("session", context.sessionId())
        .addKeyValue("user", identity.user())
        .addKeyValue("client", identity.host())
        .addKeyValue("database", state.database())
        .log("client logged in");
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply) {
    CommandPhase phase = commands;
    if (ended || phase == null) {
      chunk.release();
      return;
    }
    ClientCompression frames = compression;
    if (frames != null) {
      number(frames, reply);
    }
    phase.clientReply(chunk, reply);
    if (frames != null && reply.isComplete() && answering == reply) {
      answering = null;
      frames.answerEnds();
    }
  }

  /** The numbers of frames go by requests and answers. */
  private void number(ClientCompression frames, Reply reply) {
    if (answering != reply) {
      answering = reply;
      frames.answerBegins(
          reply.request() instanceof MySqlRequest request && request.command().isDump());
    }
    if (reply instanceof MySqlReply details && details.wantsClientData()) {
      frames.dataBegins();
    }
  }

  @Override
  public void close(CloseReason reason, @Nullable Failure failure) {
    if (ended) {
      return;
    }
    ended = true;
    int sequence = errorSequence();
    if (failure == null || sequence < 0) {
      // Behind what is still queued: a slow client gets the end of its answer too.
      channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      sendError(sequence, errorOf(reason, failure));
    }
  }

  private int errorSequence() {
    LoginPhase phase = login;
    if (phase != null) {
      return phase.decoder().nextSequence();
    }
    CommandPhase command = commands;
    // A client for whom there is no room gets the error instead of a greeting.
    return command == null ? 0 : command.errorSequence();
  }

  /** What a client is told of the end of its session. */
  private static ReplyError errorOf(CloseReason reason, Failure failure) {
    ReplyError error = failure.error();
    if (error != null) {
      return error;
    }
    return switch (reason) {
      case SHUTDOWN -> ErrorCode.SERVER_SHUTDOWN.error("Server shutdown in progress");
      case KILLED -> ErrorCode.CONNECTION_KILLED.error("Connection was killed");
      case IDLE_TIMEOUT ->
          ErrorCode.IDLE_TIMEOUT.error(
              "The client was disconnected by the server because of inactivity.");
      case SERVER_LOST ->
          ErrorCode.SERVER_LOST.error("Lost connection to server: " + failure.message());
      case LIMIT -> ErrorCode.TOO_MANY_CONNECTIONS.error("Too many connections");
      case LOGIN_TIMEOUT -> ErrorCode.BAD_HANDSHAKE.error("Login took too long");
      case INTERNAL_ERROR -> ErrorCode.UNKNOWN_ERROR.error("Internal error of the proxy");
      case CLIENT_QUIT,
          CLIENT_LOST,
          LOGIN_REFUSED,
          PROTOCOL_VIOLATION,
          ROUTER_CLOSED,
          WRITE_TIMEOUT ->
          ErrorCode.UNKNOWN_ERROR.error(failure.message());
    };
  }

  @Override
  public String state() {
    LoginPhase phase = login;
    if (phase != null) {
      return "login";
    }
    CommandPhase command = commands;
    return command == null ? "new" : command.label();
  }

  /** What was agreed, from the moment the client says what it is able to do. */
  void agreed(Capabilities both) {
    capabilities = both;
  }

  /** Logs in again: begins with the client's request, tells the end. */
  Relogin relogin(Runnable done) {
    Identity before = identity;
    if (before == null) {
      throw new IllegalStateException("change of user: before the login");
    }
    ClientCompression frames = compression;
    if (frames == null) {
      return new Relogin(protocol, this, context, before, done);
    }
    frames.loginBegins();
    return new Relogin(
        protocol,
        this,
        context,
        before,
        () -> {
          frames.loginEnds();
          done.run();
        });
  }

  /** Ends sessions, or what they do, in the name of this one. */
  CompletionStage<@Nullable ReplyError> kill(KillStatement kill) {
    Identity known = identity;
    if (known == null) {
      throw new IllegalStateException("kill: before the login");
    }
    return protocol.killer().kill(kill, known, context.sessionId());
  }

  /** The client has logged in again. */
  void changed(Identity now) {
    identity = now;
  }

  /** How often the client has failed to log in again. */
  int failedRelogins() {
    return failedRelogins;
  }

  /** It has failed once more. */
  void reloginFailed() {
    failedRelogins++;
  }

  boolean isEnded() {
    return ended;
  }

  Channel channel() {
    return context.channel();
  }

  /** Writes and flushes; ownership goes with the call. */
  void write(ByteBuf framed) {
    channel().writeAndFlush(framed, channel().voidPromise());
  }

  /** Sends an error without ending anything. */
  void answerError(int sequence, ReplyError error) {
    write(frameError(sequence, error));
  }

  /**
   * Answers that something worked.
   *
   * @param lastStatus the status word that the client got last; 0 for none
   */
  void answerOk(int sequence, int lastStatus) {
    int status = lastStatus == 0 ? ServerStatus.AUTOCOMMIT : lastStatus & STATE_OF_SESSION;
    write(Packets.frame(channel().alloc(), sequence, new OkPacket(0, 0, status, 0, "")::encode));
  }

  /** The connection itself found a reason to end: tells the client, then the engine. */
  void end(CloseReason reason, String detail, int sequence, @Nullable ReplyError error) {
    if (ended) {
      return;
    }
    ended = true;
    if (error == null) {
      channel().close();
    } else {
      sendError(sequence, error);
    }
    context.closed(reason, detail);
  }

  private void sendError(int sequence, ReplyError error) {
    channel().writeAndFlush(frameError(sequence, error)).addListener(ChannelFutureListener.CLOSE);
  }

  private ByteBuf frameError(int sequence, ReplyError error) {
    return Packets.frame(
        channel().alloc(), sequence, out -> ErrPacket.of(error).encode(out, capabilities));
  }
}
