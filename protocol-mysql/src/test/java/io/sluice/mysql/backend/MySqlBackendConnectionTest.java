package io.sluice.mysql.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.auth.ServerKey;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.message.SslRequest;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.wire.Packets;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class MySqlBackendConnectionTest {

  private static final Capabilities SERVER =
      Capabilities.OFFERED
          .with(Capabilities.SSL | Capabilities.COMPRESS)
          .without(Capabilities.LONG_PASSWORD);
  private static final HandshakeV10 GREETING = greeting(SERVER);
  private static final PasswordCredentials USER = new PasswordCredentials("app", "secret");

  private @Nullable FakeBackendContext context;
  private @Nullable MySqlBackendConnection connection;

  private static HandshakeV10 greeting(Capabilities capabilities) {
    return new HandshakeV10(
        "11.4.5-MariaDB", 9, new byte[20], capabilities, 45, 2, "mysql_native_password");
  }

  private void start(ClientState state, Settings settings) {
    context = new FakeBackendContext(new Identity(USER, "10.0.0.1", state));
    connection =
        new MySqlBackendConnection(
            context,
            tls(settings),
            ServerKey.NONE,
            () -> {
              throw new UnsupportedOperationException();
            },
            Runnable::run,
            null);
    connection.start(context.channel.pipeline());
  }

  private BackendTls tls(Settings settings) {
    BackendProtocolContext protocol = Mockito.mock(BackendProtocolContext.class);
    Mockito.when(protocol.server()).thenReturn(context.server());
    return BackendTls.of(protocol, settings);
  }

  private void start(ClientState state) {
    start(state, Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.DISABLE));
  }

  private void receive(int sequence, Consumer<ByteBuf> payload) {
    context.channel.writeInbound(
        Packets.frame(UnpooledByteBufAllocator.DEFAULT, sequence, payload));
  }

  private void receive(String hex) {
    context.channel.writeInbound(
        Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", ""))));
  }

  private String sent() {
    StringBuilder hex = new StringBuilder();
    ByteBuf out = context.channel.readOutbound();
    while (out != null) {
      hex.append(ByteBufUtil.hexDump(out));
      out.release();
      out = context.channel.readOutbound();
    }
    return hex.toString();
  }

  private HandshakeResponse41 login(int sequence) {
    ByteBuf framed = context.channel.readOutbound();
    assertThat(Packets.sequence(framed, 0)).isEqualTo(sequence);
    ByteBuf payload = Packets.joinPayload(framed);
    HandshakeResponse41 login = HandshakeResponse41.decode(payload);
    payload.release();
    framed.release();
    return login;
  }

  private void loggedIn(ClientState state) {
    start(state);
    receive(0, GREETING::encode);
    login(1);
    receive(2, OkPacket.PLAIN::encode);
    assertThat(context.told).containsExactly("ready");
    context.told.clear();
  }

  private Failure failure() {
    assertThat(context.failures).hasSize(1);
    assertThat(context.channel.isActive()).isFalse();
    return context.failures.get(0);
  }

  @AfterEach
  void nothingIsLeft() {
    if (context != null) {
      context.channel.finishAndReleaseAll();
    }
  }

  @Test
  void shouldLogInAsTheClientDid() {
    Capabilities client =
        Capabilities.OFFERED.without(Capabilities.FOUND_ROWS).with(Capabilities.SSL);
    start(new ClientState(client, 8, "shop", Map.of("program_name", "till"), "11.4.5-MariaDB"));

    receive(0, GREETING::encode);

    HandshakeResponse41 login = login(1);
    assertThat(login.user()).isEqualTo("app");
    assertThat(login.authResponse()).hasSize(20);
    assertThat(login.database()).isEqualTo("shop");
    assertThat(login.collation()).isEqualTo(8);
    assertThat(login.attributes()).containsExactly(Map.entry("program_name", "till"));
    assertThat(login.capabilities())
        .isEqualTo(
            Capabilities.OFFERED.without(Capabilities.FOUND_ROWS | Capabilities.LONG_PASSWORD));
    assertThat(context.server.attributes().get(ServerGreeting.KEY))
        .hasValueSatisfying(g -> assertThat(g.isMariaDb()).isTrue());
    receive(2, OkPacket.PLAIN::encode);
    assertThat(context.told).containsExactly("ready");
  }

  @Test
  void shouldLogInWithDefaultsWithoutAClient() {
    start(null);

    receive(0, GREETING::encode);

    HandshakeResponse41 login = login(1);
    assertThat(login.capabilities()).isEqualTo(Capabilities.INTERNAL);
    assertThat(login.database()).isNull();
    assertThat(login.collation()).isEqualTo(45);
  }

  @Test
  void shouldFollowASwitchOfTheAuthentication() {
    start(ClientState.INTERNAL);
    receive(0, GREETING::encode);
    login(1);

    receive(2, new AuthSwitchRequest("caching_sha2_password", new byte[21])::encode);

    String response = sent();
    assertThat(response).startsWith("20000003").hasSize(2 * 36);
    receive("02000004 01 03  07000005 00 00 00 0200 0000");
    assertThat(context.told).containsExactly("ready");
  }

  @Test
  void shouldFailForGoodWhenTheLoginIsRefused() {
    start(ClientState.INTERNAL);
    receive(0, GREETING::encode);
    login(1);

    receive(
        2,
        out ->
            ErrPacket.of(ErrorCode.ACCESS_DENIED, "Access denied")
                .encode(out, Capabilities.OFFERED));

    assertThat(failure().kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure().error().code()).isEqualTo(1045);
  }

  @Test
  void shouldFailForNowWhenTheServerIsFull() {
    start(ClientState.INTERNAL);

    receive(
        0,
        out ->
            ErrPacket.of(ErrorCode.TOO_MANY_CONNECTIONS, "Too many connections")
                .encode(out, Capabilities.NONE));

    assertThat(failure().kind()).isEqualTo(Failure.Kind.TRANSIENT);
    assertThat(failure().error().code()).isEqualTo(1040);
  }

  @Test
  void shouldRefuseAServerThatCannotAnswerInTheClientsForm() {
    start(ClientState.INTERNAL.withDatabase("x"));
    connection.close();
    start(new ClientState(Capabilities.OFFERED, 45, null, Map.of(), ""));

    receive(0, greeting(SERVER.without(Capabilities.DEPRECATE_EOF))::encode);

    assertThat(failure().kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure().message()).contains("0x1000000");
  }

  @Test
  void shouldFailWhenTheServerClosesDuringTheLogin() {
    start(ClientState.INTERNAL);
    receive(0, GREETING::encode);
    login(1);

    context.channel.close();

    assertThat(failure().reason()).isEqualTo(CloseReason.SERVER_LOST);
  }

  @Test
  void shouldFailOnGarbageInTheLogin() {
    start(ClientState.INTERNAL);

    receive("48545450 2f312e31 20343030");

    assertThat(failure().reason()).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
  }

  @Test
  void shouldAskForTlsWhenItIsPreferredAndOffered() {
    start(
        ClientState.INTERNAL,
        Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.PREFER));

    receive(0, GREETING::encode);

    ByteBuf framed = context.channel.readOutbound();
    ByteBuf payload = Packets.joinPayload(framed);
    assertThat(HandshakeResponse41.isSslRequest(payload)).isTrue();
    assertThat(SslRequest.decode(payload).capabilities().has(Capabilities.SSL)).isTrue();
    payload.release();
    framed.release();
    // What follows is the beginning of TLS: a handshake record.
    assertThat(sent()).startsWith("1603");
  }

  @Test
  void shouldFailWhenTlsIsRequiredAndNotOffered() {
    start(
        ClientState.INTERNAL,
        Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.REQUIRE));

    receive(0, greeting(SERVER.without(Capabilities.SSL))::encode);

    assertThat(failure().kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure().message()).startsWith("tls: not offered").contains("tls = disable");
  }

  @Test
  void shouldRefuseBytesBehindAGreetingThatLeadsToTls() {
    start(
        ClientState.INTERNAL,
        Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.REQUIRE));
    ByteBuf bytes = Unpooled.buffer();
    ByteBuf greeting = Packets.frame(UnpooledByteBufAllocator.DEFAULT, 0, GREETING::encode);
    bytes.writeBytes(greeting).writeByte(1);
    greeting.release();

    context.channel.writeInbound(bytes);

    assertThat(failure().reason()).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
  }

  @Test
  void shouldHandOnAnswersAsTheyCome() {
    loggedIn(ClientState.INTERNAL);
    connection.routeQuery(MySqlRequest.query("select 1"));
    assertThat(sent()).isEqualTo("090000000373656c6563742031");

    receive("01000001 01 1700");
    receive("0002 03646566 00 00 00 0131 00 0c3f00 02000000 08 8100 00 0000 05000003 fe 0000 0200");
    receive("02000004 0131 05000005 fe 0000 0200");

    assertThat(context.told)
        .containsExactly(
            "COM_QUERY 01000001011700",
            "COM_QUERY 0002036465660000000131000c3f0002000000088100000000" + "05000003fe00000200",
            "COM_QUERY 02000004013105000005fe00000200 .");
  }

  @Test
  void shouldCutWhereAnswersMeet() {
    loggedIn(ClientState.INTERNAL);
    connection.routeQuery(MySqlRequest.command(Command.PING, Unpooled.EMPTY_BUFFER));
    connection.routeQuery(
        MySqlRequest.command(Command.STMT_CLOSE, Unpooled.buffer().writeIntLE(1)));
    connection.routeQuery(MySqlRequest.command(Command.STATISTICS, Unpooled.EMPTY_BUFFER));
    sent();

    receive("07000001 00 00 00 0200 0000 02000001 5570");

    assertThat(context.told)
        .containsExactly("COM_PING 0700000100000002000000 .", "COM_STATISTICS 020000015570 .");
  }

  @Test
  void shouldAllowTheNextRequestFromWithinAReply() {
    loggedIn(ClientState.INTERNAL);
    context.onReply =
        () -> {
          context.onReply = () -> {};
          connection.routeQuery(MySqlRequest.command(Command.STATISTICS, Unpooled.EMPTY_BUFFER));
        };
    connection.routeQuery(MySqlRequest.command(Command.PING, Unpooled.EMPTY_BUFFER));

    receive("07000001 00 00 00 0200 0000");
    receive("02000001 5570");

    assertThat(context.told)
        .containsExactly("COM_PING 0700000100000002000000 .", "COM_STATISTICS 020000015570 .");
    sent();
  }

  @Test
  void shouldPassOnThePiecesOfALongRequest() {
    loggedIn(ClientState.INTERNAL);
    MySqlRequest request = MySqlRequest.of(Command.QUERY);

    connection.routeQuery(
        new Message(request, Unpooled.wrappedBuffer(new byte[] {1, 2}), true, false));
    connection.routeQuery(
        new Message(request, Unpooled.wrappedBuffer(new byte[] {3}), false, true));
    receive("07000001 00 00 00 0200 0000");

    assertThat(sent()).isEqualTo("010203");
    assertThat(context.told).hasSize(1);
  }

  @Test
  void shouldSayGoodByeWhenClosed() {
    loggedIn(ClientState.INTERNAL);

    connection.close();
    connection.close();

    assertThat(sent()).isEqualTo("0100000001");
    assertThat(context.channel.isActive()).isFalse();
    assertThat(context.failures).isEmpty();
  }

  @Test
  void shouldNotSayGoodByeInTheMiddleOfARequest() {
    loggedIn(ClientState.INTERNAL);
    connection.routeQuery(
        new Message(
            MySqlRequest.of(Command.QUERY),
            Unpooled.wrappedBuffer(new byte[] {1, 2}),
            true,
            false));

    connection.close();

    assertThat(sent()).isEqualTo("0102");
  }

  @Test
  void shouldFailOnceWhenTheServerIsLost() {
    loggedIn(ClientState.INTERNAL);
    connection.routeQuery(MySqlRequest.query("select 1"));
    sent();

    context.channel.close();

    assertThat(failure().kind()).isEqualTo(Failure.Kind.TRANSIENT);
    assertThat(failure().message()).isEqualTo("the server closed the connection");
    ByteBuf late = Unpooled.buffer().writeByte(1);
    connection.routeQuery(Message.whole(MySqlRequest.of(Command.PING), late));
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void shouldTellWhatTheServerSaidLast() {
    loggedIn(ClientState.INTERNAL);

    receive("0c000000 ff bf0f 23 4859303030 627965");

    assertThat(failure().error().code()).isEqualTo(4031);
    assertThat(failure().message()).isEqualTo("the server ended the connection: 4031 (HY000): bye");
  }

  @Test
  void shouldFailOnAnAnswerThatNobodyAskedFor() {
    loggedIn(ClientState.INTERNAL);

    receive("07000001 00 00 00 0200 0000");

    assertThat(failure().reason()).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
  }

  @Test
  void shouldSurviveRandomBytes() {
    Random random = new Random(23);
    for (int round = 0; round < 500; round++) {
      boolean ready = random.nextBoolean();
      if (ready) {
        loggedIn(ClientState.INTERNAL);
        connection.routeQuery(MySqlRequest.query("select 1"));
      } else {
        start(ClientState.INTERNAL);
      }
      for (int i = 0; i < 10 && context.channel.isActive(); i++) {
        byte[] bytes = new byte[1 + random.nextInt(40)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
          bytes[Math.min(1, bytes.length - 1)] = 0;
          bytes[Math.min(2, bytes.length - 1)] = 0;
        }
        context.channel.writeInbound(Unpooled.buffer().writeBytes(bytes));
      }
      assertThat(context.failures.size()).isLessThanOrEqualTo(1);
      context.failures.forEach(
          failure -> assertThat(failure.reason()).isNotEqualTo(CloseReason.INTERNAL_ERROR));
      context.channel.finishAndReleaseAll();
    }
  }
}
