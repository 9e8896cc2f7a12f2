package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Identity;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.account.AccountTable;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.compression.Compression;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.frontend.LoginPolicy.Refusal;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.message.SslRequest;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.request.TlsFailure;
import io.sluice.mysql.tls.ClientTls;
import io.sluice.mysql.wire.Packet;
import io.sluice.mysql.wire.PacketDecoder;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * From the greeting to the OK: decodes what a client sends and lets an {@link AccountCheck} decide.
 * Confined to the event loop. The engine watches the time.
 */
final class LoginPhase extends ChannelInboundHandlerAdapter implements AccountCheck.Wire {

  /** The name of the packet decoder in the pipeline. */
  static final String DECODER = "mysql-packets";

  private static final String TLS_HANDLER = "mysql-tls";
  private static final int PACKET_LIMIT = 64 * 1024;

  /** What the next packet must be. */
  private enum Expect {
    RESPONSE_OR_TLS,
    RESPONSE,
    AUTH_DATA,
    NOTHING
  }

  private final MySqlClientProtocol protocol;
  private final MySqlClientConnection connection;
  private final ClientContext client;
  private ServerGreeting greeting;
  private PacketDecoder decoder = new PacketDecoder(PACKET_LIMIT, 0);
  private Expect expect = Expect.NOTHING;
  private boolean secure;
  private @Nullable HandshakeResponse41 response;
  private @Nullable AccountCheck check;
  private @Nullable Compression compression;

  LoginPhase(MySqlClientProtocol protocol, MySqlClientConnection connection, ClientContext client) {
    this.protocol = protocol;
    this.connection = connection;
    this.client = client;
    this.greeting = protocol.greeting(client.needs());
  }

  PacketDecoder decoder() {
    return decoder;
  }

  /**
   * Greets, as soon as it is known how the service's servers greet or that none can be asked now:
   * clients go by the version.
   */
  void greet() {
    // A balancer is not to blame for the clients behind it: who they are is asked at the login.
    Refusal blocked =
        client.isClientHostOpen() ? null : protocol.failures().refusal(client.clientHost());
    if (blocked != null) {
      refuse(blocked.error(), blocked.reason());
    } else if (protocol.isVersionKnown()) {
      greetIfAdmitted(protocol.accounts().current(), false);
    } else {
      // The first load may have begun before an account was made for the host.
      refreshThenGreet(true);
    }
  }

  private void refreshThenGreet(boolean first) {
    protocol
        .accounts()
        .refresh(
            connection.channel().eventLoop(),
            table -> {
              if (!connection.isEnded()) {
                greeting = protocol.greeting(client.needs());
                greetIfAdmitted(table, !(first && table.isLoaded()));
              }
            });
  }

  /** As servers: where no account is for the client's host there is no greeting at all. */
  private void greetIfAdmitted(AccountTable table, boolean refreshed) {
    Refusal refusal =
        client.isClientHostOpen() ? null : LoginPolicy.admit(table, client.clientHost(), greeting);
    if (refusal == null) {
      sendGreeting();
    } else if (refreshed) {
      refuse(refusal.error(), refusal.reason());
    } else {
      refreshThenGreet(false);
    }
  }

  private void sendGreeting() {
    expect = Expect.RESPONSE_OR_TLS;
    HandshakeV10 handshake =
        new HandshakeV10(
            greeting.version(),
            client.sessionId() & 0xffffffffL,
            connection.nonce(),
            greeting.capabilities(),
            greeting.collation(),
            ServerStatus.AUTOCOMMIT,
            greeting.authPlugin());
    connection.write(
        Packets.frame(connection.channel().alloc(), decoder.nextSequence(), handshake::encode));
    decoder.written();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof Packet packet)) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      if (!connection.isEnded()) {
        onPacket(ctx, packet.payload());
      }
    } catch (ProtocolException e) {
      violation(e);
    } finally {
      packet.release();
    }
  }

  private void onPacket(ChannelHandlerContext ctx, ByteBuf payload) {
    switch (expect) {
      case RESPONSE_OR_TLS -> {
        if (HandshakeResponse41.isSslRequest(payload)) {
          onTlsRequest(ctx, SslRequest.decode(payload));
        } else {
          onResponse(HandshakeResponse41.decode(payload), payload);
        }
      }
      case RESPONSE -> onResponse(HandshakeResponse41.decode(payload), payload);
      case AUTH_DATA -> {
        expect = Expect.NOTHING;
        AccountCheck running = check;
        if (running != null) {
          running.onData(WireReader.restBytes(payload));
        }
      }
      case NOTHING ->
          throw new ProtocolException(
              ErrorCode.BAD_HANDSHAKE,
              "packet: during the login (expected: to wait for an answer)");
    }
  }

  private void onTlsRequest(ChannelHandlerContext ctx, SslRequest request) {
    SslContext tls = protocol.tls().context();
    if (tls == null) {
      throw new ProtocolException(
          ErrorCode.BAD_HANDSHAKE, "TLS request: not offered (expected: a login)");
    }
    connection.agreed(request.capabilities().and(greeting.capabilities()));
    secure = true;
    expect = Expect.RESPONSE;
    SslHandler handler = tls.newHandler(ctx.alloc(), protocol.slowExecutor());
    PacketDecoder inside = new PacketDecoder(PACKET_LIMIT, decoder.nextSequence());
    ctx.pipeline().addBefore(DECODER, TLS_HANDLER, handler);
    // Bytes of the TLS handshake that came along are handed to it; see TlsLeftover.
    PacketDecoder outside = decoder;
    decoder = inside;
    TlsLeftover leftover = new TlsLeftover();
    ctx.pipeline().addAfter(DECODER, TlsLeftover.NAME, leftover);
    ctx.pipeline().remove(outside);
    ctx.pipeline().addAfter(TLS_HANDLER, DECODER, inside);
    leftover.handOver(ctx.pipeline(), handler);
  }

  private void onResponse(HandshakeResponse41 login, ByteBuf rest) {
    expect = Expect.NOTHING;
    response = login;
    Capabilities both = login.capabilities().and(greeting.capabilities());
    connection.agreed(both);
    compression = protocol.compressionOf(both, rest.isReadable() ? WireReader.u1(rest) : 0);
    if (!both.has(Capabilities.SECURE_CONNECTION)) {
      throw new ProtocolException(
          ErrorCode.BAD_HANDSHAKE, "login: passwords before 4.1 (expected: 4.1 or later)");
    }
    if (protocol.tls().isRequired() && !secure) {
      refuse(
          ErrorCode.SECURE_TRANSPORT_REQUIRED.error(
              "Connections using insecure transport are prohibited while TLS is required"),
          "the listener requires TLS");
      return;
    }
    Refusal blocked = protocol.failures().refusal(client.clientHost());
    if (blocked != null) {
      refuse(blocked.error(), blocked.reason());
      return;
    }
    AccountCheck started =
        new AccountCheck(
            protocol,
            connection.channel().eventLoop(),
            login,
            client.clientHost(),
            secure,
            false,
            this);
    check = started;
    started.start();
  }

  @Override
  public void send(ByteBuf framed) {
    connection.write(framed);
    decoder.written();
  }

  @Override
  public int nextSequence() {
    return decoder.nextSequence();
  }

  @Override
  public void expectData() {
    expect = Expect.AUTH_DATA;
  }

  @Override
  public boolean isOver() {
    return connection.isEnded();
  }

  @Override
  public long sessionId() {
    return client.sessionId();
  }

  @Override
  public byte @Nullable [] fingerprint() {
    return ListenerTls.fingerprint(connection.channel());
  }

  @Override
  public byte[] connectionNonce() {
    return connection.nonce();
  }

  @Override
  public void connectionNonce(byte[] other) {
    connection.nonce(other);
  }

  @Override
  public @Nullable ClientTls tls() {
    return ListenerTls.clientOf(connection.channel());
  }

  @Override
  public void accept(ProvenCredentials credentials, String info) {
    HandshakeResponse41 login = response;
    if (login == null || connection.isEnded()) {
      return;
    }
    ClientState state =
        new ClientState(
            login
                .capabilities()
                .and(greeting.capabilities())
                .without(Capabilities.SSL | Compression.CAPABILITIES),
            login.collation(),
            login.database(),
            login.attributes(),
            greeting.version());
    connection.loggedIn(
        new Identity(credentials, client.clientHost(), state), state, info, decoder, compression);
  }

  @Override
  public void refuse(ReplyError error, String why) {
    connection.end(CloseReason.LOGIN_REFUSED, why, decoder.nextSequence(), error);
  }

  /** What a client is told that broke the protocol while it logged in. */
  static ReplyError errorOf(ProtocolException problem) {
    return switch (problem.errorCode()) {
      case PACKET_TOO_LARGE ->
          ErrorCode.PACKET_TOO_LARGE.error("Got a packet bigger than 'max_allowed_packet' bytes");
      case PACKETS_OUT_OF_ORDER -> ErrorCode.PACKETS_OUT_OF_ORDER.error("Got packets out of order");
      default -> ErrorCode.BAD_HANDSHAKE.error("Bad handshake");
    };
  }

  private void violation(ProtocolException problem) {
    connection.end(
        CloseReason.PROTOCOL_VIOLATION,
        String.valueOf(problem.getMessage()),
        decoder.nextSequence(),
        errorOf(problem));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof ProtocolException problem) {
      violation(problem);
    } else if (cause.getCause() instanceof SSLException || cause instanceof SSLException) {
      connection.end(
          CloseReason.PROTOCOL_VIOLATION,
          "TLS handshake failed: " + TlsFailure.tell(cause),
          0,
          null);
    } else if (cause instanceof IOException) {
      connection.end(CloseReason.CLIENT_LOST, String.valueOf(cause.getMessage()), 0, null);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connection.end(CloseReason.CLIENT_LOST, "connection closed during the login", 0, null);
    ctx.fireChannelInactive();
  }
}
