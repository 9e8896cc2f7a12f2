package io.sluice.mysql.backend;

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
import io.sluice.mysql.compression.Compression;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.AuthMoreData;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.message.SslRequest;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.request.TlsFailure;
import io.sluice.mysql.wire.Packet;
import io.sluice.mysql.wire.PacketDecoder;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to a server. Confined to the event loop.
 *
 * <p>States: GREETING; the greeting moves to TLS or, without it, to AUTHENTICATION; the end of the
 * TLS handshake moves to AUTHENTICATION; slow arithmetic moves to COMPUTING and its end back; OK
 * ends the login, ERR and anything unexpected fail it.
 */
final class BackendLogin extends SimpleChannelInboundHandler<Packet> {

  private enum State {
    GREETING,
    TLS,
    AUTHENTICATION,
    COMPUTING
  }

  /** The longest payload that we take: the protocol's largest. */
  private static final long MAX_PACKET = 1L << 30;

  // Too many connections of all or of one user, stopping, out of a resource.
  private static final Set<Integer> PASSING_ERRORS = Set.of(1040, 1053, 1203, 1226, 1927);

  private final MySqlBackendConnection connection;
  private final BackendContext context;
  private final BackendTls tls;
  private final ServerKey serverKey;
  private final Executor slow;
  private final @Nullable Compression compression;
  private final PacketDecoder decoder;
  private final ClientState wanted;
  private State state = State.GREETING;
  private Capabilities agreed = Capabilities.NONE;
  private @Nullable HandshakeV10 greeting;
  private @Nullable ClientAuthenticator authenticator;
  private @Nullable ServerProof proof;

  BackendLogin(
      MySqlBackendConnection connection,
      BackendContext context,
      BackendTls tls,
      ServerKey serverKey,
      Executor slow,
      @Nullable Compression compression,
      PacketDecoder decoder) {
    this.connection = connection;
    this.context = context;
    this.tls = tls;
    this.serverKey = serverKey;
    this.slow = slow;
    this.compression = compression;
    this.decoder = decoder;
    this.wanted =
        context.identity().clientState() instanceof ClientState client
            ? client
            : ClientState.INTERNAL;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext channel, Packet packet) {
    if (connection.isOver()) {
      return;
    }
    if (!packet.payload().isReadable()) {
      throw ProtocolException.malformed("login: an empty packet (expected: a full one)");
    }
    int first = packet.payload().getUnsignedByte(packet.payload().readerIndex());
    if (first == ErrPacket.HEADER) {
      refused(ErrPacket.decode(packet.payload()).error());
      return;
    }
    switch (state) {
      case GREETING -> onGreeting(channel, HandshakeV10.decode(packet.payload()));
      case TLS -> throw ProtocolException.malformed("login: a packet before TLS (expected: none)");
      case AUTHENTICATION -> onAuthentication(channel, first, packet);
      case COMPUTING ->
          throw ProtocolException.malformed("login: a packet before the answer (expected: none)");
    }
  }

  private void onGreeting(ChannelHandlerContext channel, HandshakeV10 received) {
    greeting = received;
    connection.greeted(received.connectionId());
    if (LoginCapabilities.areEnough(received.capabilities())) {
      context.server().attributes().put(ServerGreeting.KEY, greetingOf(received));
    }
    Failure impossible = LoginCapabilities.check(wanted, received.capabilities());
    if (impossible != null) {
      connection.fail(impossible);
      return;
    }
    boolean offered = received.capabilities().has(Capabilities.SSL);
    if (!offered && tls.isRequired()) {
      connection.fail(
          Failure.lasting(
              CloseReason.SERVER_LOST,
              TlsFailure.PREFIX
                  + "not offered by the server (expected: offered, as the server's option tls requires;"
                  + " for a server without TLS: tls = disable)",
              null));
      return;
    }
    agreed = LoginCapabilities.agree(wanted, received.capabilities());
    Compression packed = compression;
    if (packed != null) {
      agreed = agreed.with(received.capabilities().bits() & packed.method().capability());
    }
    if (tls.isWanted(offered)) {
      beginTls(channel.channel());
    } else {
      authenticate(channel.channel(), false);
    }
  }

  private static ServerGreeting greetingOf(HandshakeV10 received) {
    return new ServerGreeting(
        received.serverVersion(),
        received.capabilities(),
        received.collation(),
        received.authPlugin());
  }

  private void beginTls(Channel channel) {
    if (!decoder.isDrained()) {
      throw ProtocolException.malformed("login: bytes behind the greeting (expected: none)");
    }
    agreed = agreed.with(Capabilities.SSL);
    state = State.TLS;
    send(channel, new SslRequest(agreed, MAX_PACKET, wanted.collation())::encode);
    SslHandler handler = tls.handler(channel);
    channel.pipeline().addBefore("packets", "tls", handler);
    handler
        .handshakeFuture()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                proof = ServerProof.of(tls, handler);
                authenticate(channel, true);
              } else if (!connection.isOver()) {
                connection.lost(TlsFailure.PREFIX + tls.explain(done.cause()), done.cause());
              }
            });
  }

  private void authenticate(Channel channel, boolean secure) {
    HandshakeV10 received = greeting;
    if (received == null || connection.isOver()) {
      return;
    }
    state = State.AUTHENTICATION;
    ClientAuthenticator role =
        new ClientAuthenticator(context.identity().credentials(), secure, serverKey);
    authenticator = role;
    if (greetingOf(received).isMariaDb()) {
      role.expectOtherMethods();
    }
    ClientAuthStep step = role.start(received.authPlugin(), received.nonce());
    if (step.kind() == ClientAuthStep.Kind.FAILED) {
      proceed(channel, step);
      return;
    }
    if (objects(role)) {
      return;
    }
    HandshakeResponse41 response =
        new HandshakeResponse41(
            agreed,
            MAX_PACKET,
            wanted.collation(),
            role.user(),
            step.payload(),
            wanted.database(),
            step.pluginName(),
            wanted.attributes());
    send(
        channel,
        out -> {
          response.encode(out);
          if (agreed.has(Capabilities.ZSTD) && compression != null) {
            out.writeByte(compression.level());
          }
        });
  }

  private void onAuthentication(ChannelHandlerContext channel, int first, Packet packet) {
    ClientAuthenticator role = authenticator;
    if (role == null) {
      throw new IllegalStateException("login: no authenticator in " + state);
    }
    switch (first) {
      case OkPacket.HEADER -> {
        OkPacket ok = OkPacket.decode(packet.payload(), agreed);
        String doubt = proof == null ? null : proof.judge(ok.info(), role);
        if (doubt != null) {
          mistrust(doubt);
          return;
        }
        connection.loggedIn(channel.pipeline(), agreed);
      }
      case AuthSwitchRequest.HEADER -> {
        AuthSwitchRequest request = AuthSwitchRequest.decode(packet.payload());
        ClientAuthStep step = role.authSwitch(request.plugin(), request.data());
        if (step.kind() == ClientAuthStep.Kind.FAILED || !objects(role)) {
          proceed(channel.channel(), step);
        }
      }
      case AuthMoreData.HEADER ->
          proceed(channel.channel(), role.moreData(AuthMoreData.decode(packet.payload()).data()));
      default -> {
        if (!role.takesRawData()) {
          throw ProtocolException.malformed(
              "login: first byte " + first + " (expected: 0, 1, 254 or 255)");
        }
        proceed(channel.channel(), role.moreData(WireReader.restBytes(packet.payload())));
      }
    }
  }

  /** Whether nothing may be sent because the server could not prove its certificate then. */
  private boolean objects(ClientAuthenticator role) {
    ServerProof known = proof;
    String objection =
        known == null ? null : known.objection(role.plugin(), role.isEmptyPassword());
    if (objection != null) {
      mistrust(objection);
    }
    return objection != null;
  }

  private void mistrust(String why) {
    connection.fail(
        Failure.lasting(
            CloseReason.SERVER_LOST,
            TlsFailure.PREFIX
                + "the server's certificate is not trusted: no authority vouches for it, and "
                + why
                + " (expected: a proof, or a certificate that tls-ca-file or the Java runtime"
                + " trusts; else: "
                + BackendTls.WAYS_OUT
                + ")",
            null));
  }

  private void proceed(Channel channel, ClientAuthStep step) {
    switch (step.kind()) {
      case SEND -> send(channel, out -> out.writeBytes(step.payload()));
      case WAIT -> {}
      case COMPUTE -> compute(channel, step.compute());
      case FAILED -> {
        Failure failure = step.failure();
        connection.fail(
            failure != null
                ? failure
                : Failure.lasting(CloseReason.SERVER_LOST, "login failed", null));
      }
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
            channel
                .eventLoop()
                .execute(
                    () -> {
                      if (!connection.isOver()) {
                        state = State.AUTHENTICATION;
                        proceed(channel, done);
                      }
                    });
          });
    } catch (RejectedExecutionException e) {
      connection.lost("login: the proxy stops", e);
    }
  }

  private void send(Channel channel, java.util.function.Consumer<io.netty.buffer.ByteBuf> payload) {
    channel.writeAndFlush(Packets.frame(channel.alloc(), decoder.nextSequence(), payload));
    decoder.written();
  }

  private void refused(ReplyError error) {
    Failure inability = authenticator == null ? null : authenticator.inability();
    if (inability != null && error.code() == ErrorCode.ACCESS_DENIED.number()) {
      connection.fail(inability);
      return;
    }
    boolean passing = PASSING_ERRORS.contains(error.code());
    connection.fail(
        new Failure(
            passing ? Failure.Kind.TRANSIENT : Failure.Kind.PERMANENT,
            CloseReason.SERVER_LOST,
            "the server refused the login: " + error,
            error,
            null));
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    connection.lost("the server closed the connection during the login", null);
    channel.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    connection.failed(
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause);
  }
}
