package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.auth.ClientAuthStep;
import io.sluice.mysql.auth.ClientAuthenticator;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.auth.ServerKey;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.ComChangeUser;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.request.ClientState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReloginTest {

  private static final String USERS =
      "users = [{ name = u, password = p, grants = [SUPER] },"
          + " { name = v, password = q, grants = [PROCESS] },"
          + " { name = w, password = r, plugin = caching_sha2_password },"
          + " { name = e, password = s, plugin = ed25519 },"
          + " { name = f, password = s, plugin = parsec },"
          + " { name = g, password = s, plugin = mysql_clear_password }]";
  private static final byte[] PING = {(byte) Command.PING.code()};

  @TempDir static Path directory;

  private Peer peer;
  private byte[] greetingNonce;

  @BeforeEach
  void logIn() {
    logIn("");
  }

  private void logIn(String options) {
    peer = new Peer(Peer.protocol(directory, USERS + options));
    HandshakeV10 greeting = peer.greeting();
    greetingNonce = greeting.nonce();
    peer.packet(1, Peer.login(greeting, "u", "p", "mysql_native_password"));
    assertThat(peer.take().payload()[0]).isZero();
  }

  @AfterEach
  void tearDown() {
    peer.close();
  }

  private static byte[] request(String user, byte[] answer, String plugin) {
    ComChangeUser request =
        new ComChangeUser(user, answer, "other", 33, plugin, Map.of("program_name", "again"));
    return Peer.bytes(out -> request.encode(out, Capabilities.COMMON.without(Capabilities.SSL)));
  }

  private static byte[] nativeAnswer(String password, byte[] nonce) {
    return Scramble.nativeResponse(Scramble.sha1(password.getBytes(UTF_8)), nonce);
  }

  private byte[] takeNonce(String plugin) {
    AuthSwitchRequest asked = takeRequest();
    assertThat(asked.plugin()).isEqualTo(plugin);
    return Arrays.copyOf(asked.data(), 20);
  }

  private AuthSwitchRequest takeRequest() {
    Peer.Sent packet = peer.take();
    assertThat(packet.sequence()).isEqualTo(1);
    return AuthSwitchRequest.decode(Unpooled.wrappedBuffer(packet.payload()));
  }

  private void assertServes() {
    peer.packet(0, PING);
    assertThat(peer.routed).hasSize(1);
    assertThat(peer.routed.get(0).request().command()).isEqualTo(Command.PING);
  }

  @Test
  void shouldBecomeAnotherUser() {
    peer.packet(0, request("v", new byte[0], "mysql_native_password"));
    peer.packet(2, nativeAnswer("q", takeNonce("mysql_native_password")));

    Peer.Sent ok = peer.take();
    assertThat(ok.sequence()).isEqualTo(3);
    assertThat(ok.payload()[0]).isZero();
    ProvenCredentials now = (ProvenCredentials) peer.identity.credentials();
    assertThat(now.user()).isEqualTo("v");
    assertThat(now.privileges()).containsExactly(Privilege.PROCESS);
    ClientState state = (ClientState) peer.identity.clientState();
    assertThat(state.database()).isEqualTo("other");
    assertThat(state.collation()).isEqualTo(33);
    assertThat(state.attributes()).containsEntry("program_name", "again");
    assertThat(state.capabilities()).isEqualTo(Capabilities.COMMON);
    assertServes();
  }

  @ParameterizedTest
  @CsvSource({"v,wrong", "none,q", "u,wrong"})
  void shouldStayWhoItWasAfterAFailure(String user, String password) {
    peer.packet(0, request(user, new byte[0], "mysql_native_password"));
    // Who does not exist is asked for the method of some account.
    peer.packet(2, nativeAnswer(password, Arrays.copyOf(takeRequest().data(), 20)));

    ReplyError error = peer.takeError(3);
    assertThat(error.code()).isEqualTo(1045);
    assertThat(error.message()).contains("'" + user + "'@'192.168.0.9' (using password: YES)");
    assertThat(peer.identity.user()).isEqualTo("u");
    assertThat(peer.changes).as("the session begins anew").isEqualTo(1);
    assertThat(peer.closed).isNull();
    assertServes();
  }

  private void change(String user, String password) {
    peer.packet(0, request(user, new byte[0], "mysql_native_password"));
    peer.packet(2, nativeAnswer(password, Arrays.copyOf(takeRequest().data(), 20)));
  }

  /** As MariaDB: so many passwords cannot be tried. */
  @Test
  void shouldNotTryMoreThanThreeTimesOnOneConnection() {
    for (int i = 0; i < 3; i++) {
      change("v", "wrong");
      assertThat(peer.takeError(3).code()).isEqualTo(1045);
    }

    peer.packet(0, request("v", new byte[0], "mysql_native_password"));

    assertThat(peer.takeError(1).code()).isEqualTo(1047);
    assertThat(peer.identity.user()).isEqualTo("u");
    assertServes();
  }

  /** Becoming who it is already does not forgive. */
  @Test
  void shouldBlockTheHostOfAClientThatGuesses() {
    peer.close();
    logIn(", max-login-failures = 2");
    change("v", "wrong");
    assertThat(peer.takeError(3).code()).isEqualTo(1045);
    change("u", "p");
    assertThat(peer.take().payload()[0]).isZero();
    change("v", "wrong");
    assertThat(peer.takeError(3).code()).isEqualTo(1045);

    peer.packet(0, request("v", new byte[0], "mysql_native_password"));

    assertThat(peer.takeError(1).code()).isEqualTo(1129);
    assertServes();
  }

  @ParameterizedTest
  @CsvSource({"e, s, client_ed25519", "f, s, parsec", "e, t, client_ed25519", "f, t, parsec"})
  void shouldBecomeAUserThatSigns(String user, String password, String plugin) {
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials(user, password), false, ServerKey.NONE);
    client.start("mysql_native_password", greetingNonce);

    peer.packet(0, request(user, new byte[0], "mysql_native_password"));
    AuthSwitchRequest asked = takeRequest();
    peer.packet(2, signed(client.authSwitch(asked.plugin(), asked.data())));
    if (plugin.equals("parsec")) {
      Peer.Sent salt = peer.take();
      assertThat(salt.sequence()).isEqualTo(3);
      peer.packet(4, signed(client.moreData(salt.payload())));
    }

    assertThat(asked.plugin()).isEqualTo(plugin);
    if (password.equals("s")) {
      assertThat(peer.take().payload()[0]).isZero();
      assertThat(peer.identity.user()).isEqualTo(user);
    } else {
      assertThat(peer.takeError(plugin.equals("parsec") ? 5 : 3).code()).isEqualTo(1045);
      assertThat(peer.identity.user()).isEqualTo("u");
    }
    assertServes();
  }

  @Test
  void shouldNotAskForAClearPasswordWithoutTls() {
    peer.packet(0, request("g", new byte[0], "mysql_native_password"));

    assertThat(peer.takeError(1).code()).isEqualTo(1045);
    assertServes();
  }

  private static byte[] signed(ClientAuthStep step) {
    Supplier<ClientAuthStep> work = step.compute();
    return (work == null ? step : work.get()).payload();
  }

  /**
   * As servers do; with the connection's nonce, because clients in C do not read another one for
   * this method when they change their user.
   */
  @Test
  void shouldAskAgainEvenIfTheFirstAnswerIsRight() {
    peer.packet(0, request("v", nativeAnswer("q", greetingNonce), "mysql_native_password"));

    assertThat(takeNonce("mysql_native_password")).isEqualTo(greetingNonce);
    assertThat(peer.identity.user()).isEqualTo("u");
    peer.packet(2, nativeAnswer("q", greetingNonce));
    assertThat(peer.take().payload()[0]).isZero();
    assertThat(peer.identity.user()).isEqualTo("v");
  }

  /** What such a client keeps as the connection's nonce is the last one of twenty bytes. */
  @Test
  void shouldAskWithTheNonceOfTheLastMethodThatHadOne() {
    peer.packet(0, request("w", new byte[0], "mysql_native_password"));
    byte[] later = takeNonce("caching_sha2_password");
    peer.packet(2, Scramble.sha2Response(Scramble.sha256("r".getBytes(UTF_8)), later));
    assertThat(peer.take().payload()).containsExactly(1, 3);
    assertThat(peer.take().payload()[0]).isZero();

    peer.packet(0, request("v", new byte[0], "mysql_native_password"));

    assertThat(takeNonce("mysql_native_password")).isEqualTo(later).isNotEqualTo(greetingNonce);
    peer.packet(2, nativeAnswer("q", later));
    assertThat(peer.take().payload()[0]).isZero();
  }

  @Test
  void shouldTakeAnAccountWithAnotherMethod() {
    peer.packet(0, request("w", new byte[0], "mysql_native_password"));
    byte[] nonce = takeNonce("caching_sha2_password");
    peer.packet(2, Scramble.sha2Response(Scramble.sha256("r".getBytes(UTF_8)), nonce));

    assertThat(peer.take().payload()).containsExactly(1, 3);
    Peer.Sent ok = peer.take();
    assertThat(ok.sequence()).isEqualTo(4);
    assertThat(ok.payload()[0]).isZero();
    assertThat(peer.identity.user()).isEqualTo("w");
  }

  /** Byte by byte, and the next request in the same read as the answer. */
  @Test
  void shouldTakeRequestsThatCameAheadAsTheNewUser() {
    for (byte one : Peer.framed(0, request("v", new byte[0], null))) {
      peer.raw(new byte[] {one});
    }
    byte[] answer = Peer.framed(2, nativeAnswer("q", takeNonce("mysql_native_password")));
    byte[] ping = Peer.framed(0, PING);
    byte[] both = Arrays.copyOf(answer, answer.length + ping.length);
    System.arraycopy(ping, 0, both, answer.length, ping.length);
    peer.onRouted = message -> assertThat(peer.identity.user()).isEqualTo("v");

    peer.raw(both);

    assertThat(peer.take().payload()[0]).isZero();
    assertThat(peer.routed).hasSize(1);
  }

  @Test
  void shouldEndAConnectionThatBreaksTheOrder() {
    peer.packet(0, request("v", new byte[0], "mysql_native_password"));
    takeNonce("mysql_native_password");

    peer.packet(0, PING);

    assertThat(peer.takeError(2).code()).isEqualTo(1156);
    assertThat(peer.closed).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
    assertThat(peer.routed).isEmpty();
  }

  @Test
  void shouldEndAConnectionWithAMalformedRequest() {
    peer.packet(0, (byte) Command.CHANGE_USER.code(), (byte) 'v');

    assertThat(peer.takeError(1).code()).isEqualTo(1043);
    assertThat(peer.closed).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
  }
}
