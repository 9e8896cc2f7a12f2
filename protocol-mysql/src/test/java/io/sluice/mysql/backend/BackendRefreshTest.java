package io.sluice.mysql.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.auth.ServerKey;
import io.sluice.mysql.compression.Compression;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.ComChangeUser;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

/** A connection between two sessions, with a server that the test plays. */
class BackendRefreshTest {

  private static final PasswordCredentials ANN = new PasswordCredentials("ann", "secret");
  private static final Capabilities PLAIN =
      new Capabilities(Capabilities.OFFERED.bits() & 0xffffffffL)
          .without(
              Capabilities.DEPRECATE_EOF
                  | Capabilities.QUERY_ATTRIBUTES
                  | Capabilities.IGNORE_SPACE);
  private static final String RESET = "010000001f";
  private static final String OK = "07000001" + "00000002000000";
  private static final String QUESTION =
      "03"
          + ByteBufUtil.hexDump(
              ("SELECT CONCAT(COALESCE(@@GLOBAL.init_connect, ''), IF(@@SESSION.profiling, 'p', ''),"
                      + " IF(EXISTS (SELECT 1 FROM information_schema.PROFILING), 'p', ''),"
                      + " IF(EXISTS (SELECT 1 FROM information_schema.OPTIMIZER_TRACE), 't', ''))")
                  .getBytes(UTF_8));

  private final byte[] nonce = new byte[20];
  private @Nullable FakeBackendContext context;
  private @Nullable MySqlBackendConnection connection;

  private static ClientState state(Capabilities capabilities, @Nullable String database) {
    return new ClientState(capabilities, 45, database, Map.of("program_name", "till"), "x");
  }

  private void loggedIn(String version, Capabilities capabilities) {
    loggedIn(version, capabilities, null);
  }

  private void loggedIn(
      String version, Capabilities capabilities, @Nullable Compression compression) {
    context = new FakeBackendContext(new Identity(ANN, "10.0.0.1", state(capabilities, null)));
    Settings settings =
        Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.DISABLE);
    BackendProtocolContext protocol = Mockito.mock(BackendProtocolContext.class);
    Mockito.when(protocol.server()).thenReturn(context.server());
    connection =
        new MySqlBackendConnection(
            context,
            BackendTls.of(protocol, settings),
            ServerKey.NONE,
            () -> {
              throw new AssertionError("no other connection is opened");
            },
            Runnable::run,
            compression);
    connection.start(context.channel.pipeline());
    HandshakeV10 greeting =
        new HandshakeV10(
            version,
            9,
            new byte[20],
            capabilities.without(Capabilities.LONG_PASSWORD),
            45,
            2,
            "mysql_native_password");
    receive(0, greeting::encode);
    sent();
    receive(2, OkPacket.PLAIN::encode);
    assertThat(context.told).containsExactly("ready");
    context.told.clear();
  }

  private void loggedIn() {
    loggedIn("11.4.5-MariaDB", PLAIN);
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

  private ComChangeUser changeUser() {
    ByteBuf framed = context.channel.readOutbound();
    assertThat(Packets.sequence(framed, 0)).isZero();
    ByteBuf payload = Packets.joinPayload(framed);
    ComChangeUser request = ComChangeUser.decode(payload, Capabilities.OFFERED);
    payload.release();
    framed.release();
    return request;
  }

  private void answerQuestion(String row) {
    receive("01000001 01");
    receive(
        2,
        out ->
            out.writeBytes(
                ByteBufUtil.decodeHexDump(
                    "0364656600000003406162000c2d0000000000fd00001f0000".replace(" ", ""))));
    receive("05000003 fe00000200");
    receive(4, out -> out.writeBytes(ByteBufUtil.decodeHexDump(row)));
    if (context.channel.isActive()) {
      receive("05000005 fe00000200");
    }
  }

  private Failure failure() {
    assertThat(context.failures).hasSize(1);
    assertThat(context.channel.isActive()).isFalse();
    return context.failures.get(0);
  }

  private void request(Command command) {
    connection.routeQuery(MySqlRequest.command(command, Unpooled.buffer(0)));
    sent();
  }

  @AfterEach
  void nothingIsLeft() {
    if (context != null) {
      context.channel.finishAndReleaseAll();
    }
  }

  @Test
  void shouldResetAndAskWhetherLoginsRunStatements() {
    loggedIn();
    assertThat(connection.isReusable()).isTrue();

    connection.reset();

    assertThat(sent()).isEqualTo(RESET);
    assertThat(connection.isReusable()).isFalse();
    receive(OK);
    assertThat(sent()).isEqualTo("df000000" + QUESTION);
    assertThat(context.told).isEmpty();
    answerQuestion("00");
    assertThat(context.told).containsExactly("ready");
    assertThat(connection.isReusable()).isTrue();
  }

  @Test
  void shouldAskInTheFormThatWasAgreed() {
    loggedIn("9.7.0", PLAIN.with(Capabilities.QUERY_ATTRIBUTES | Capabilities.DEPRECATE_EOF));
    connection.reset();
    assertThat(sent()).isEqualTo(RESET);
    receive(OK);
    assertThat(sent()).isEqualTo("e1000000" + "030001" + QUESTION.substring(2));
    receive("01000001 01");
    receive("01000002 00 01000003 00 07000004 fe000002000000");
    assertThat(context.told).containsExactly("ready");
  }

  @Test
  void shouldBeOfNoUseWhereLoginsRunStatements() {
    loggedIn();
    connection.reset();
    receive(OK);
    answerQuestion("0653455420613d31".replace(" ", ""));
    assertThat(failure().message()).contains("init_connect");
    assertThat(context.told).isEmpty();
  }

  @Test
  void shouldEndWhenTheServerDoesNotReset() {
    loggedIn();
    connection.reset();
    receive(
        1,
        out -> new ErrPacket(1047, "08S01", "Unknown command").encode(out, Capabilities.OFFERED));
    assertThat(failure().kind()).isEqualTo(Failure.Kind.TRANSIENT);
    assertThat(failure().message()).contains("1047");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.6.51", "5.7.2", "5.5.5-10.1.48-MariaDB", "no version"})
  void shouldLogInAgainWhereThereIsNoReset(String version) {
    loggedIn(version, PLAIN);
    connection.reset();
    assertThat(changeUser().user()).isEqualTo("ann");
    receive(OK);
    assertThat(sent()).isEqualTo("df000000" + QUESTION);
    answerQuestion("00");
    assertThat(context.told).containsExactly("ready");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.7.3", "8.0.42", "5.5.5-10.2.4-MariaDB", "11.8.2-MariaDB"})
  void shouldResetWhereItCan(String version) {
    loggedIn(version, PLAIN);
    connection.reset();
    assertThat(sent()).isEqualTo(RESET);
  }

  @Test
  void shouldLogInForTheNextSession() {
    loggedIn();
    context.identity(
        new Identity(new PasswordCredentials("ann", "newer"), "10.0.0.2", state(PLAIN, "shop")));

    connection.renew();

    ComChangeUser request = changeUser();
    assertThat(request.user()).isEqualTo("ann");
    assertThat(request.authResponse()).isEmpty();
    assertThat(request.database()).isEqualTo("shop");
    assertThat(request.collation()).isEqualTo(45);
    assertThat(request.attributes()).containsExactly(Map.entry("program_name", "till"));
    Arrays.fill(nonce, (byte) 7);
    receive(1, new AuthSwitchRequest("mysql_native_password", nonce)::encode);
    byte[] answer = Scramble.nativeResponse(Scramble.sha1(Scramble.passwordBytes("newer")), nonce);
    assertThat(sent()).isEqualTo("14000002" + ByteBufUtil.hexDump(answer));
    receive("07000003 00000002000000");
    assertThat(context.told).containsExactly("ready");
    connection.routeQuery(MySqlRequest.query("SELECT 1"));
    sent();
    receive(OK);
    assertThat(context.told).hasSize(2).last().asString().startsWith("COM_QUERY").endsWith(".");
  }

  /** MariaDB sets the mode at the first login only. */
  @Test
  void shouldSetTheModeThatTheClientAgreed() {
    loggedIn("11.4.5-MariaDB", PLAIN.with(Capabilities.IGNORE_SPACE));
    connection.renew();
    sent();
    receive(OK);
    assertThat(context.told).isEmpty();
    assertThat(sent()).contains(ByteBufUtil.hexDump("'IGNORE_SPACE'".getBytes(UTF_8)));
    receive(OK);
    assertThat(context.told).containsExactly("ready");
  }

  @ParameterizedTest
  @ValueSource(ints = {1045, 1698, 1049, 1226})
  void shouldTryAnewWhateverTheServerRefuses(int code) {
    loggedIn();
    connection.renew();
    sent();
    receive(1, out -> new ErrPacket(code, "28000", "no").encode(out, Capabilities.OFFERED));
    assertThat(failure().kind()).isEqualTo(Failure.Kind.TRANSIENT);
    assertThat(failure().error()).isNotNull().extracting("code").isEqualTo(code);
  }

  @Test
  void shouldTryAnewWhenTheServerHangsUp() {
    loggedIn();
    connection.renew();
    sent();
    context.channel.close();
    assertThat(failure().kind()).isEqualTo(Failure.Kind.TRANSIENT);
  }

  @Test
  void shouldTryAnewWhenTheServerWantsWhatItCannotGive() {
    loggedIn();
    connection.renew();
    sent();
    receive(1, new AuthSwitchRequest("unheard_of", nonce)::encode);
    receive(3, out -> new ErrPacket(1045, "28000", "no").encode(out, Capabilities.OFFERED));
    assertThat(failure().kind()).isEqualTo(Failure.Kind.TRANSIENT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Command.class,
      names = {
        "REGISTER_SLAVE",
        "BINLOG_DUMP",
        "BINLOG_DUMP_GTID",
        "SET_OPTION",
        "CHANGE_USER",
        "SHUTDOWN",
        "REFRESH",
        "DEBUG",
        "PROCESS_KILL",
        "UNKNOWN"
      })
  void shouldNotBeReusedAfterWhatAResetDoesNotUndo(Command command) {
    loggedIn();
    request(command);
    receive(
        1,
        out -> new ErrPacket(1047, "08S01", "Unknown command").encode(out, Capabilities.OFFERED));
    assertThat(connection.isReusable()).isFalse();
  }

  @Test
  void shouldNotBeReusedWhenItIsCompressed() {
    loggedIn("11.4.5-MariaDB", PLAIN.with(Capabilities.COMPRESS), Compression.Method.ZLIB.at(0));
    assertThat(context.channel.pipeline().get("compression")).isNotNull();
    assertThat(connection.isReusable()).isFalse();
  }

  @Test
  void shouldBeReusedAfterUsualCommands() {
    loggedIn();
    for (Command command : new Command[] {Command.QUERY, Command.INIT_DB, Command.PING}) {
      request(command);
      assertThat(connection.isReusable()).as("while %s is under way", command).isFalse();
      receive(OK);
      assertThat(connection.isReusable()).as("after %s", command).isTrue();
    }
  }

  @Test
  void shouldNotBeReusedInTheMiddleOfARequestOrOfData() {
    loggedIn();
    MySqlRequest data = MySqlRequest.of(Command.STMT_SEND_LONG_DATA);
    connection.routeQuery(
        new Message(data, Unpooled.wrappedBuffer(new byte[] {9, 0, 0, 0, 0x18}), true, false));
    sent();
    assertThat(connection.isReusable()).isFalse();
    connection.routeQuery(new Message(data, Unpooled.wrappedBuffer(new byte[8]), false, true));
    sent();
    assertThat(connection.isReusable()).isTrue();
    connection.routeQuery(MySqlRequest.query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"));
    sent();
    receive("02000001 fb66");
    assertThat(connection.isReusable()).isFalse();
  }

  @Test
  void shouldKeepTheAnswerToAPingToItself() {
    loggedIn();
    assertThat(connection.ping()).isTrue();
    assertThat(sent()).isEqualTo("0100000009");
    assertThat(connection.ping()).isFalse();
    connection.routeQuery(MySqlRequest.query("SELECT 1"));
    sent();
    receive(OK + OK);
    assertThat(context.told).hasSize(2);
    assertThat(context.told.get(0)).isEqualTo("alive");
    assertThat(context.told.get(1)).startsWith("COM_QUERY");
  }

  @Test
  void shouldNotPingInATransactionOrWhileBusy() {
    loggedIn();
    connection.routeQuery(MySqlRequest.query("BEGIN"));
    sent();
    assertThat(connection.ping()).isFalse();
    receive("07000001 00000003000000");
    assertThat(connection.ping()).isFalse();
    connection.routeQuery(MySqlRequest.query("COMMIT"));
    sent();
    receive(OK);
    assertThat(connection.ping()).isTrue();
  }

  @Test
  void shouldEndWhenThePingIsAnsweredByAnError() {
    loggedIn();
    connection.ping();
    sent();
    receive(
        1,
        out ->
            new ErrPacket(1053, "08S01", "Server shutdown in progress")
                .encode(out, Capabilities.OFFERED));
    assertThat(failure().message()).contains("1053");
  }

  @Test
  void shouldShareOnlyWithThoseWhoAgreedOnTheSame() {
    Capabilities capabilities = Capabilities.OFFERED.without(Capabilities.INTERACTIVE);
    Identity first = new Identity(ANN, "10.0.0.1", state(capabilities, "a"));
    Object key = PoolKey.of(first);
    assertThat(key).isNotNull();
    assertThat(PoolKey.of(new Identity(ANN, "10.0.0.2", state(capabilities, "b")))).isEqualTo(key);
    assertThat(
            PoolKey.of(
                new Identity(
                    ANN, "10.0.0.1", state(capabilities.without(Capabilities.FOUND_ROWS), "a"))))
        .isNotEqualTo(key);
    assertThat(
            PoolKey.of(
                new Identity(
                    new PasswordCredentials("bob", "secret"), "", state(capabilities, "a"))))
        .isNotEqualTo(key);
    assertThat(
            PoolKey.of(
                new Identity(ANN, "", new ClientState(capabilities, 8, null, Map.of(), "x"))))
        .isNotEqualTo(key);
    assertThat(
            PoolKey.of(
                new Identity(ANN, "", state(capabilities.with(Capabilities.INTERACTIVE), "a"))))
        .isNull();
    assertThat(PoolKey.of(new Identity(ANN, "", null))).isNull();
  }
}
