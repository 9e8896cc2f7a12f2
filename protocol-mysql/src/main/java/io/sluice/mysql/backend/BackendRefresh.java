package io.sluice.mysql.backend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.auth.ClientAuthStep;
import io.sluice.mysql.auth.ClientAuthenticator;
import io.sluice.mysql.auth.ServerKey;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.AuthMoreData;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.ComChangeUser;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.wire.Packet;
import io.sluice.mysql.wire.PacketDecoder;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection that is logged in fit for another session. Confined to the event loop.
 *
 * <p>To undo what a session left: COM_RESET_CONNECTION, or a login as the same user where the
 * server does not have that, then the question whether the server runs statements at each login,
 * which no later login on the connection would run, or keeps a profile or trace of what the session
 * did: such connections are of no use to others. To begin the next session: COM_CHANGE_USER, so
 * that the server decides on the user, the privileges and the roles as it would for a new
 * connection. Whatever it refuses is asked again on a new connection: MySQL 5.6 was seen to refuse
 * what it takes there.
 */
final class BackendRefresh extends SimpleChannelInboundHandler<Packet> {

  private enum State {
    RESET,
    LOGIN,
    COMPUTING,
    MODE,
    QUESTION
  }

  /**
   * Empty if all is well. MariaDB's reset leaves the profile and MySQL's the trace of the
   * optimizer, both with the texts of statements.
   */
  private static final String QUESTION =
      "SELECT CONCAT(COALESCE(@@GLOBAL.init_connect, ''), IF(@@SESSION.profiling, 'p', ''),"
          + " IF(EXISTS (SELECT 1 FROM information_schema.PROFILING), 'p', ''),"
          + " IF(EXISTS (SELECT 1 FROM information_schema.OPTIMIZER_TRACE), 't', ''))";

  private static final String IGNORE_SPACE =
      "SET SESSION sql_mode = CONCAT_WS(',', NULLIF(@@SESSION.sql_mode, ''), 'IGNORE_SPACE')";
  // COM_RESET_CONNECTION came with these.
  private static final int MARIADB_RESET = 100_204;
  private static final int MYSQL_RESET = 50_703;

  private final MySqlBackendConnection connection;
  private final BackendContext context;
  private final ServerKey serverKey;
  private final Executor slow;
  private final Capabilities agreed;
  private final PacketDecoder decoder;
  private final boolean next;
  private State state = State.RESET;
  private int packets;
  private boolean mariaDb;
  private @Nullable ClientAuthenticator authenticator;

  /**
   * Does nothing yet.
   *
   * @param slow runs the arithmetic of logins
   * @param agreed what was agreed at the login
   * @param next whether the next session begins; else the last one has ended
   */
  BackendRefresh(
      MySqlBackendConnection connection,
      BackendContext context,
      ServerKey serverKey,
      Executor slow,
      Capabilities agreed,
      PacketDecoder decoder,
      boolean next) {
    this.connection = connection;
    this.context = context;
    this.serverKey = serverKey;
    this.slow = slow;
    this.agreed = agreed;
    this.decoder = decoder;
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext channel) {
    Optional<ServerGreeting> greeting = context.server().attributes().get(ServerGreeting.KEY);
    mariaDb = greeting.isPresent() && greeting.get().isMariaDb();
    if (!next && greeting.isPresent() && hasReset(greeting.get())) {
      command(channel.channel(), out -> WireWriter.u1(out, Command.RESET_CONNECTION.code()));
    } else {
      login(channel.channel(), greeting);
    }
  }

  private static boolean hasReset(ServerGreeting greeting) {
    return greeting.versionId() >= (greeting.isMariaDb() ? MARIADB_RESET : MYSQL_RESET);
  }

  private void login(Channel channel, Optional<ServerGreeting> greeting) {
    state = State.LOGIN;
    boolean secure = channel.pipeline().get(SslHandler.class) != null;
    ClientAuthenticator role =
        new ClientAuthenticator(context.identity().credentials(), secure, serverKey);
    authenticator = role;
    if (mariaDb) {
      role.expectOtherMethods();
    }
    // Only for the name of the method: the server always asks with a new nonce.
    ClientAuthStep step =
        role.start(greeting.map(ServerGreeting::authPlugin).orElse(""), new byte[20]);
    if (step.kind() == ClientAuthStep.Kind.FAILED) {
      connection.lost("cannot begin to log in again", null);
      return;
    }
    ClientState wanted =
        context.identity().clientState() instanceof ClientState client
            ? client
            : ClientState.INTERNAL;
    ComChangeUser request =
        new ComChangeUser(
            role.user(),
            new byte[0],
            wanted.database(),
            wanted.collation(),
            step.pluginName(),
            wanted.attributes());
    command(channel, out -> request.encode(out, agreed));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext channel, Packet packet) {
    if (connection.isOver()) {
      return;
    }
    ByteBuf payload = packet.payload();
    if (!payload.isReadable()) {
      throw ProtocolException.malformed("reset: an empty packet (expected: a full one)");
    }
    int first = payload.getUnsignedByte(payload.readerIndex());
    if (first == ErrPacket.HEADER) {
      refused(ErrPacket.decode(payload).error());
      return;
    }
    switch (state) {
      case RESET -> {
        if (first != OkPacket.HEADER) {
          throw ProtocolException.malformed("reset: first byte " + first + " (expected: 0)");
        }
        ask(channel.channel());
      }
      case LOGIN -> onLogin(channel, first, payload);
      case COMPUTING ->
          throw ProtocolException.malformed("login: a packet before the answer (expected: none)");
      case MODE -> connection.refreshed(channel.pipeline());
      case QUESTION -> onAnswer(channel, payload);
    }
  }

  private void onLogin(ChannelHandlerContext channel, int first, ByteBuf payload) {
    ClientAuthenticator role = authenticator;
    if (role == null) {
      throw new IllegalStateException("login: no authenticator in " + state);
    }
    switch (first) {
      case OkPacket.HEADER -> onLoggedIn(channel);
      case AuthSwitchRequest.HEADER -> {
        AuthSwitchRequest request = AuthSwitchRequest.decode(payload);
        proceed(channel.channel(), role.authSwitch(request.plugin(), request.data()));
      }
      case AuthMoreData.HEADER ->
          proceed(channel.channel(), role.moreData(AuthMoreData.decode(payload).data()));
      default -> {
        if (!role.takesRawData()) {
          throw ProtocolException.malformed(
              "login: first byte " + first + " (expected: 0, 1, 254 or 255)");
        }
        proceed(channel.channel(), role.moreData(WireReader.restBytes(payload)));
      }
    }
  }

  private void onLoggedIn(ChannelHandlerContext channel) {
    if (!next) {
      ask(channel.channel());
    } else if (mariaDb && agreed.has(Capabilities.IGNORE_SPACE)) {
      // MariaDB does this at the first login only.
      state = State.MODE;
      query(channel.channel(), IGNORE_SPACE);
    } else {
      connection.refreshed(channel.pipeline());
    }
  }

  private void proceed(Channel channel, ClientAuthStep step) {
    switch (step.kind()) {
      case SEND -> {
        channel.writeAndFlush(
            Packets.frame(
                channel.alloc(), decoder.nextSequence(), out -> out.writeBytes(step.payload())));
        decoder.written();
      }
      case WAIT -> {}
      case COMPUTE -> compute(channel, step.compute());
      // A new connection may be able to, or says more exactly why not.
      case FAILED -> connection.lost("cannot log in again as the server wants", null);
    }
  }

  private void compute(Channel channel, @Nullable Supplier<ClientAuthStep> work) {
    if (work == null) {
      throw new IllegalStateException("work: missing (expected: with the step)");
    }
    state = State.COMPUTING;
    try {
      slow.execute(
          () -> {
            ClientAuthStep done = work.get();
            channel.eventLoop().execute(() -> computed(channel, done));
          });
    } catch (RejectedExecutionException e) {
      connection.lost("login: the proxy stops", e);
    }
  }

  private void computed(Channel channel, ClientAuthStep done) {
    if (!connection.isOver()) {
      state = State.LOGIN;
      proceed(channel, done);
    }
  }

  private void refused(ReplyError error) {
    String message =
        state == State.LOGIN
            ? "the server refused the login: " + error
            : "the server refused to reset the connection: " + error;
    connection.fail(
        new Failure(Failure.Kind.TRANSIENT, CloseReason.SERVER_LOST, message, error, null));
  }

  private void ask(Channel channel) {
    state = State.QUESTION;
    query(channel, QUESTION);
  }

  private void query(Channel channel, String sql) {
    command(
        channel,
        out -> {
          WireWriter.u1(out, Command.QUERY.code());
          if (agreed.has(Capabilities.QUERY_ATTRIBUTES)) {
            // No attributes, one set of them.
            WireWriter.lenenc(out, 0);
            WireWriter.lenenc(out, 1);
          }
          WireWriter.string(out, sql);
        });
  }

  /** A count, a column, the end of the columns if it is told, the row, the end. */
  private void onAnswer(ChannelHandlerContext channel, ByteBuf payload) {
    int row = agreed.isEofDeprecated() ? 2 : 3;
    int index = packets++;
    if (index == row && !isNothing(payload)) {
      connection.lost(
          "the server runs statements at each login (init_connect), or keeps a profile or trace of"
              + " the session",
          null);
    } else if (index == row + 1) {
      connection.refreshed(channel.pipeline());
    }
  }

  /** An empty text. */
  private static boolean isNothing(ByteBuf row) {
    return row.readableBytes() == 1 && row.getByte(row.readerIndex()) == 0;
  }

  private void command(Channel channel, Consumer<ByteBuf> payload) {
    channel.writeAndFlush(Packets.frame(channel.alloc(), 0, payload));
    decoder.expect(1);
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    connection.lost("the server closed the connection", null);
    channel.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    connection.failed(
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause);
  }
}
