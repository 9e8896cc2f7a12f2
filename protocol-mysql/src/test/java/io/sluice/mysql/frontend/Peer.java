package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.Capability;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.testkit.wire.WireAssert;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client connection in an embedded channel, and everything that the engine would see of it. */
final class Peer implements ClientContext, AutoCloseable {

  /** One routed message, taken apart. */
  record Routed(MySqlRequest request, byte[] bytes, boolean first, boolean last) {}

  /** One packet to the client. */
  record Sent(int sequence, byte[] payload) {}

  final EmbeddedChannel embedded = new EmbeddedChannel();
  final MySqlClientConnection connection;
  final List<Routed> routed = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  Set<Capability> prepare = Set.of();
  Consumer<Routed> onRouted = message -> {};
  @Nullable Runnable onAuthenticated;
  @Nullable Identity identity;
  int changes;
  int activities;
  String host = "192.168.0.9";
  @Nullable CloseReason closed;
  @Nullable String detail;

  private final boolean hostOpen;

  Peer(MySqlClientProtocol protocol) {
    this(protocol, false);
  }

  /** A client of which a balancer may tell later who it is. */
  Peer(MySqlClientProtocol protocol, boolean hostOpen) {
    this.hostOpen = hostOpen;
    connection = (MySqlClientConnection) protocol.newConnection(this);
    connection.start(embedded.pipeline());
  }

  static MySqlClientProtocol protocol(Path directory, String options) {
    return protocol(new FakeListenerContext(directory), options);
  }

  static MySqlClientProtocol protocol(FakeListenerContext context, String options) {
    Problems problems = new Problems();
    Settings settings =
        ListenerSettings.SPEC.parse(ConfigFactory.parseString(options).root(), "options", problems);
    assertThat(problems.all()).isEmpty();
    return new MySqlClientProtocol(context, settings);
  }

  HandshakeV10 greeting() {
    Sent first = take();
    assertThat(first.sequence()).isZero();
    ByteBuf payload = Unpooled.wrappedBuffer(first.payload());
    return HandshakeV10.decode(payload);
  }

  /** Logs in as {@code u} with the password {@code p} and takes the OK. */
  Peer loggedIn() {
    HandshakeV10 greeting = greeting();
    packet(1, login(greeting, "u", "p", "mysql_native_password"));
    Sent ok = take();
    assertThat(ok.payload()[0]).isZero();
    assertThat(ok.sequence()).isEqualTo(2);
    assertThat(identity).isNotNull();
    return this;
  }

  static byte[] login(HandshakeV10 greeting, String user, String password, String plugin) {
    byte[] bytes = Scramble.passwordBytes(password);
    byte[] answer =
        bytes.length == 0
            ? bytes
            : plugin.equals("mysql_native_password")
                ? Scramble.nativeResponse(Scramble.sha1(bytes), greeting.nonce())
                : Scramble.sha2Response(Scramble.sha256(bytes), greeting.nonce());
    return bytes(
        new HandshakeResponse41(
                Capabilities.OFFERED.without(Capabilities.SSL),
                1 << 24,
                45,
                user,
                answer,
                "db",
                plugin,
                Map.of("program_name", "test"))
            ::encode);
  }

  static byte[] bytes(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  static byte[] framed(int sequence, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 4);
    out.write(payload.length);
    out.write(payload.length >>> 8);
    out.write(payload.length >>> 16);
    out.write(sequence);
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** The client sends one packet. */
  Peer packet(int sequence, byte... payload) {
    return raw(framed(sequence, payload));
  }

  /** The client sends bytes. */
  Peer raw(byte[] bytes) {
    if (embedded.isOpen()) {
      embedded.writeInbound(Unpooled.copiedBuffer(bytes));
    }
    collect();
    return this;
  }

  /** The next packet to the client. */
  Sent take() {
    collect();
    assertThat(sent).as("packets to the client").isNotEmpty();
    return sent.remove(0);
  }

  /** The next packet must be an error. */
  ReplyError takeError(int sequence) {
    Sent packet = take();
    assertThat(packet.sequence()).isEqualTo(sequence);
    assertThat(packet.payload()[0]).isEqualTo((byte) 0xff);
    return ErrPacket.decode(Unpooled.wrappedBuffer(packet.payload())).error();
  }

  /** The router answers with an OK. */
  void answer(MySqlRequest request, int status) {
    MySqlReply reply = new MySqlReply(request);
    reply.status(status, 0);
    reply.finish();
    byte[] ok = framed(1, bytes(out -> new OkPacket(0, 0, status, 0, "").encode(out)));
    connection.clientReply(Unpooled.copiedBuffer(ok), reply);
  }

  private void collect() {
    embedded.runPendingTasks();
    byte[] out = WireAssert.outbound(embedded);
    int at = 0;
    while (at + 4 <= out.length) {
      int length = (out[at] & 0xff) | (out[at + 1] & 0xff) << 8 | (out[at + 2] & 0xff) << 16;
      byte[] payload = new byte[length];
      System.arraycopy(out, at + 4, payload, 0, length);
      sent.add(new Sent(out[at + 3] & 0xff, payload));
      at += 4 + length;
    }
  }

  @Override
  public void close() {
    embedded.finishAndReleaseAll();
  }

  // ClientContext

  @Override
  public long sessionId() {
    return 77;
  }

  @Override
  public Channel channel() {
    return embedded;
  }

  @Override
  public String clientHost() {
    return host;
  }

  @Override
  public boolean isClientHostOpen() {
    return hostOpen;
  }

  @Override
  public void activity() {
    activities++;
  }

  @Override
  public Set<Capability> authenticated(Identity who) {
    identity = who;
    if (onAuthenticated != null) {
      onAuthenticated.run();
    }
    return prepare;
  }

  @Override
  public void identityChanged(Identity who) {
    identity = who;
    changes++;
  }

  @Override
  public void setReading(boolean reading) {
    embedded.config().setAutoRead(reading);
  }

  @Override
  public void closed(CloseReason reason, String why) {
    assertThat(closed).as("told twice").isNull();
    closed = reason;
    detail = why;
  }

  @Override
  public void routeQuery(Message message) {
    byte[] bytes = new byte[message.content().readableBytes()];
    message.content().readBytes(bytes);
    Routed copy =
        new Routed((MySqlRequest) message.request(), bytes, message.isFirst(), message.isLast());
    message.release();
    routed.add(copy);
    onRouted.accept(copy);
  }
}
