package io.sluice.mysql.backend;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.sluice.api.context.InternalClients;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.mysql.auth.ServerKey;
import io.sluice.mysql.compression.Compression;
import io.sluice.mysql.compression.ServerCompression;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.PacketDecoder;
import io.sluice.mysql.wire.ProtocolException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server: a {@link BackendLogin} first, then {@link BackendAnswers} in its
 * place. Here is what both share: failing once, and saying good-bye. Confined to the event loop.
 */
final class MySqlBackendConnection implements BackendConnection {

  private static final byte[] QUIT = {1, 0, 0, 0, (byte) Command.QUIT.code()};

  /** A ping would change ROW_COUNT(); this changes nothing that the session could see. */
  private static final Command SIGN_OF_LIFE = Command.STATISTICS;

  private static final byte[] PING = {1, 0, 0, 0, (byte) SIGN_OF_LIFE.code()};
  private static final int LOGIN_LIMIT = 1 << 20;

  /** What these do is undone by a reset. */
  private static final Set<Command> UNDONE =
      EnumSet.of(
          Command.INIT_DB,
          Command.QUERY,
          Command.FIELD_LIST,
          Command.CREATE_DB,
          Command.DROP_DB,
          Command.STATISTICS,
          Command.PROCESS_INFO,
          Command.PING,
          Command.STMT_PREPARE,
          Command.STMT_EXECUTE,
          Command.STMT_SEND_LONG_DATA,
          Command.STMT_CLOSE,
          Command.STMT_RESET,
          Command.STMT_FETCH,
          Command.STMT_BULK_EXECUTE,
          Command.RESET_CONNECTION);

  private final BackendContext context;
  private final BackendTls tls;
  private final ServerKey serverKey;
  private final Supplier<InternalClients> clients;
  private final Executor slow;
  private final MySqlRequest ownPing = MySqlRequest.of(SIGN_OF_LIFE);
  private Capabilities agreed = Capabilities.NONE;
  private long connectionId;
  private final @Nullable Compression compression;
  private @Nullable ReplyTracker tracker;
  private boolean inRequest;
  private boolean tainted;
  private boolean over;

  /**
   * Prepares a connection.
   *
   * @param slow runs the arithmetic of logins
   */
  MySqlBackendConnection(
      BackendContext context,
      BackendTls tls,
      ServerKey serverKey,
      Supplier<InternalClients> clients,
      Executor slow,
      @Nullable Compression compression) {
    this.clients = clients;
    this.context = context;
    this.tls = tls;
    this.serverKey = serverKey;
    this.slow = slow;
    this.compression = compression;
  }

  @Override
  public void start(ChannelPipeline pipeline) {
    PacketDecoder decoder = new PacketDecoder(LOGIN_LIMIT, 0);
    pipeline.addLast("packets", decoder);
    pipeline.addLast(
        "login", new BackendLogin(this, context, tls, serverKey, slow, compression, decoder));
  }

  @Override
  public void routeQuery(Message message) {
    ReplyTracker ready = tracker;
    if (over || ready == null) {
      message.release();
      return;
    }
    inRequest = !message.isLast();
    if (message.isLast() && !message.isFirst()) {
      ready.dataSent();
    }
    if (message.isFirst()) {
      Command command = BackendCommands.of(message.request());
      tainted |= !UNDONE.contains(command);
      if (message.request().expectsReply()) {
        ready.expect(command, message.request());
      }
    }
    context.channel().writeAndFlush(message.content());
  }

  @Override
  public CompletionStage<Void> interrupt() {
    ReplyTracker ready = tracker;
    MySqlReply underWay = ready == null || over ? null : ready.current();
    if (ready == null || underWay == null) {
      return CompletableFuture.completedStage(null);
    }
    return QueryKiller.kill(
        clients.get(), context, connectionId, () -> ready.current() == underWay);
  }

  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    Channel channel = context.channel();
    if (tracker != null && !inRequest) {
      channel.writeAndFlush(Unpooled.wrappedBuffer(QUIT));
    }
    channel.close();
  }

  /** The server has greeted: its own number of this connection. */
  void greeted(long number) {
    connectionId = number;
  }

  @Override
  public boolean isReusable() {
    // The numbers of compressed frames follow one session's requests and answers only.
    return isQuiet() && !tainted && !agreed.hasAny(Capabilities.COMPRESS | Capabilities.ZSTD);
  }

  private boolean isQuiet() {
    ReplyTracker ready = tracker;
    return !over && ready != null && ready.current() == null && !inRequest;
  }

  @Override
  public void reset() {
    refresh(false);
  }

  @Override
  public void renew() {
    refresh(true);
  }

  private void refresh(boolean next) {
    if (over) {
      return;
    }
    tracker = null;
    PacketDecoder decoder = new PacketDecoder(LOGIN_LIMIT, 1);
    ChannelPipeline pipeline = context.channel().pipeline();
    pipeline.remove(BackendAnswers.class);
    pipeline.addLast("packets", decoder);
    pipeline.addLast(
        "refresh", new BackendRefresh(this, context, serverKey, slow, agreed, decoder, next));
  }

  /** The reset or the new login is done. */
  void refreshed(ChannelPipeline pipeline) {
    track(pipeline, BackendRefresh.class);
  }

  /** Not in a transaction: the server's limit for those that wait is to hold. */
  @Override
  public boolean ping() {
    ReplyTracker ready = tracker;
    if (!isQuiet() || ready == null || ready.isInTransaction()) {
      return false;
    }
    ready.expect(SIGN_OF_LIFE, ownPing);
    context.channel().writeAndFlush(Unpooled.wrappedBuffer(PING));
    return true;
  }

  /** Whether an answer is to {@link #ping}, and not for the session. */
  boolean isOwn(Request request) {
    return request == ownPing;
  }

  /** The answer to {@link #ping} is here. */
  void pinged(@Nullable ReplyError error) {
    if (error == null) {
      context.alive();
    } else {
      lost("the server did not answer a ping: " + error, null);
    }
  }

  /** Whether it has failed or was closed. */
  boolean isOver() {
    return over;
  }

  /** The login is done: answers are tracked from now on. */
  void loggedIn(ChannelPipeline pipeline, Capabilities capabilities) {
    agreed = capabilities;
    track(pipeline, BackendLogin.class);
  }

  private void track(ChannelPipeline pipeline, Class<? extends ChannelHandler> before) {
    ReplyTracker ready = new ReplyTracker(agreed);
    tracker = ready;
    Compression packed = compression;
    if (packed != null && agreed.has(packed.method().capability())) {
      pipeline.addLast(
          "compression", new ServerCompression(packed, context::isTaken, ready::isBeforeAnswer));
    }
    pipeline.addLast("answers", new BackendAnswers(this, context, ready));
    pipeline.remove(before);
    // Passes on what the server sent behind its last packet.
    pipeline.remove(PacketDecoder.class);
    if (!over) {
      context.ready();
    }
  }

  /** Ends it with a failure that may pass, unless it is over already. */
  void lost(String message, @Nullable Throwable cause) {
    fail(Failure.passing(CloseReason.SERVER_LOST, message, cause));
  }

  /** Ends it with a failure, unless it is over already. */
  void fail(Failure failure) {
    if (over) {
      return;
    }
    over = true;
    // First the reason: closing could otherwise be heard of before it.
    context.failed(failure);
    context.channel().close();
  }

  /** Ends it because of what was thrown. */
  void failed(Throwable cause) {
    if (cause instanceof ProtocolException broken) {
      fail(
          Failure.passing(
              CloseReason.PROTOCOL_VIOLATION,
              "the server broke the protocol: " + broken.getMessage(),
              broken));
    } else if (cause instanceof IOException) {
      lost("connection to the server broke: " + cause.getMessage(), cause);
    } else {
      fail(Failure.passing(CloseReason.INTERNAL_ERROR, "defect: " + cause, cause));
    }
  }
}
