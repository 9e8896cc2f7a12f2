package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Identity;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.frontend.LoginPolicy.Refusal;
import io.sluice.mysql.message.ComChangeUser;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.tls.ClientTls;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that logs in again on the same connection (COM_CHANGE_USER). As with a server the client
 * is always asked for an answer; whatever comes of it, nothing of the session before is left; and a
 * client that fails stays who it was. Confined to the event loop.
 */
final class Relogin implements AccountCheck.Wire {

  private static final Logger LOGGER = LoggerFactory.getLogger(Relogin.class);

  private static final int PACKET_LIMIT = 64 * 1024;

  /** As many as MariaDB allows on one connection, so that nobody tries passwords this way. */
  private static final int MOST_FAILURES = 3;

  private final MySqlClientProtocol protocol;
  private final MySqlClientConnection connection;
  private final ClientContext client;
  private final Identity before;
  private final Runnable done;
  private final byte @Nullable [] fingerprint;
  private @Nullable ComChangeUser request;
  private @Nullable AccountCheck check;
  private int sequence;
  private boolean waiting = true;

  Relogin(
      MySqlClientProtocol protocol,
      MySqlClientConnection connection,
      ClientContext client,
      Identity before,
      Runnable done) {
    this.protocol = protocol;
    this.connection = connection;
    this.client = client;
    this.before = before;
    this.done = done;
    this.fingerprint = ListenerTls.fingerprint(connection.channel());
  }

  /**
   * Takes the client's next packet if it is waited for and there; first of all the request. The end
   * may be told during the call; a client that breaks the protocol is thrown out.
   *
   * @return whether something was taken
   */
  boolean take(ByteBuf in) {
    try {
      return next(in);
    } catch (ProtocolException e) {
      connection.end(
          CloseReason.PROTOCOL_VIOLATION,
          String.valueOf(e.getMessage()),
          sequence,
          LoginPhase.errorOf(e));
      return false;
    }
  }

  private boolean next(ByteBuf in) {
    if (!waiting || in.readableBytes() < Packets.HEADER) {
      return false;
    }
    int length = Packets.payloadLength(in, in.readerIndex());
    int number = Packets.sequence(in, in.readerIndex());
    if (length > PACKET_LIMIT) {
      throw new ProtocolException(
          ErrorCode.PACKET_TOO_LARGE,
          "packet length: " + length + " (expected: <= " + PACKET_LIMIT + ")");
    }
    if (number != sequence) {
      throw new ProtocolException(
          ErrorCode.PACKETS_OUT_OF_ORDER,
          "packet sequence: " + number + " (expected: " + sequence + ")");
    }
    if (in.readableBytes() < Packets.HEADER + length) {
      return false;
    }
    in.skipBytes(Packets.HEADER);
    ByteBuf payload = in.readSlice(length);
    waiting = false;
    sequence = (sequence + 1) & 0xff;
    AccountCheck running = check;
    if (running == null) {
      start(payload);
    } else {
      running.onData(WireReader.restBytes(payload));
    }
    return true;
  }

  private void start(ByteBuf payload) {
    ClientState state = state();
    ComChangeUser wanted = ComChangeUser.decode(payload, state.capabilities());
    request = wanted;
    HandshakeResponse41 login =
        new HandshakeResponse41(
            state.capabilities(),
            protocol.maxPacketSize(),
            wanted.collation() & 0xff,
            wanted.user(),
            wanted.authResponse(),
            wanted.database(),
            wanted.authPlugin(),
            wanted.attributes());
    Refusal refusal = refusal();
    if (refusal != null) {
      LOGGER
          .atInfo()
          .addKeyValue("service", protocol.service())
          .addKeyValue("session", client.sessionId())
          .addKeyValue("user", before.user())
          .addKeyValue("client", client.clientHost())
          .addKeyValue("reason", refusal.reason())
          .log("change of user refused");
      refuse(refusal.error(), refusal.reason());
      return;
    }
    AccountCheck started =
        new AccountCheck(
            protocol,
            connection.channel().eventLoop(),
            login,
            client.clientHost(),
            fingerprint != null,
            true,
            this);
    check = started;
    started.start();
  }

  private @Nullable Refusal refusal() {
    return connection.failedRelogins() >= MOST_FAILURES
        ? new Refusal(
            ErrorCode.UNKNOWN_COMMAND.error("Unknown command"),
            "too many failed changes of the user on one connection")
        : protocol.failures().refusal(client.clientHost());
  }

  private ClientState state() {
    return before.clientState() instanceof ClientState state ? state : ClientState.INTERNAL;
  }

  @Override
  public void send(ByteBuf framed) {
    connection.write(framed);
    sequence = (sequence + 1) & 0xff;
  }

  @Override
  public int nextSequence() {
    return sequence;
  }

  @Override
  public void expectData() {
    waiting = true;
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
    return fingerprint;
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
    ComChangeUser wanted = request;
    if (wanted == null) {
      return;
    }
    ClientState old = state();
    ClientState state =
        new ClientState(
            old.capabilities(),
            wanted.collation() == 0 ? old.collation() : wanted.collation() & 0xff,
            wanted.database(),
            wanted.attributes().isEmpty() ? old.attributes() : wanted.attributes(),
            old.serverVersion());
    become(new Identity(credentials, client.clientHost(), state));
    if (!connection.isEnded()) {
      OkPacket ok = new OkPacket(0, 0, ServerStatus.AUTOCOMMIT, 0, info);
      connection.write(Packets.frame(connection.channel().alloc(), sequence, ok::encode));
      done.run();
    }
  }

  @Override
  public void refuse(ReplyError error, String why) {
    connection.reloginFailed();
    become(before);
    if (!connection.isEnded()) {
      connection.answerError(sequence, error);
      done.run();
    }
  }

  /** The engine ends router and filters of before and makes new ones; it may end the connection. */
  private void become(Identity identity) {
    connection.changed(identity);
    client.identityChanged(identity);
  }
}
