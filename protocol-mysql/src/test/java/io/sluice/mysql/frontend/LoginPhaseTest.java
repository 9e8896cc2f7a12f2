package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.CertificateProof;
import io.sluice.mysql.auth.ClientAuthStep;
import io.sluice.mysql.auth.ClientAuthenticator;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.message.SslRequest;
import io.sluice.mysql.request.ClientState;
import io.sluice.testkit.wire.WireAssert;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginPhaseTest {

  private static final String NATIVE =
      "users = [{ name = u, password = p, grants = [REPLICATION SLAVE] }]";
  private static final String SHA2 =
      "users = [{ name = u, password = p, plugin = caching_sha2_password }]";

  @TempDir static Path directory;
  private Peer peer;

  private Peer open(String options) {
    peer = new Peer(Peer.protocol(directory, options));
    return peer;
  }

  @AfterEach
  void tearDown() {
    if (peer != null) {
      peer.close();
    }
  }

  @Test
  void shouldGreetWithWhatIsConfigured() {
    HandshakeV10 greeting = open(NATIVE + ", server-version = \"10.6.1-MariaDB-x\"").greeting();

    assertThat(greeting.serverVersion()).isEqualTo("5.5.5-10.6.1-MariaDB-x");
    assertThat(greeting.connectionId()).isEqualTo(77);
    assertThat(greeting.authPlugin()).isEqualTo("mysql_native_password");
    assertThat(greeting.capabilities())
        .isEqualTo(
            Capabilities.COMMON.with(Capabilities.SSL | Capabilities.COMPRESS | Capabilities.ZSTD));
    assertThat(greeting.nonce()).hasSize(20).doesNotContain(0);
  }

  @ParameterizedTest
  @CsvSource({"11.4.2-MariaDB", "8.0.36", "5.5.5-10.11.6-MariaDB-log"})
  void shouldLeaveOtherVersionsAsTheyAre(String version) {
    assertThat(open(NATIVE + ", server-version = \"" + version + "\"").greeting().serverVersion())
        .isEqualTo(version);
  }

  @Test
  void shouldLetAKnownUserIn() {
    open(NATIVE).loggedIn();

    ProvenCredentials credentials = (ProvenCredentials) peer.identity.credentials();
    ClientState state = (ClientState) peer.identity.clientState();
    assertThat(credentials.user()).isEqualTo("u");
    assertThat(credentials.account()).isEqualTo("'u'@'%'");
    assertThat(credentials.has(Privilege.REPLICATION_SLAVE)).isTrue();
    assertThat(credentials.has(Privilege.SUPER)).isFalse();
    assertThat(peer.identity.host()).isEqualTo("192.168.0.9");
    assertThat(state.database()).isEqualTo("db");
    assertThat(state.attributes()).containsEntry("program_name", "test");
    assertThat(state.capabilities()).isEqualTo(Capabilities.COMMON);
    assertThat(peer.connection.state()).isEqualTo("idle");
    assertThat(peer.embedded.isOpen()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"u,wrong,YES", "u,'',NO", "nobody,p,YES", "nobody,'',NO", "U,p,YES"})
  void shouldRefuseOthersInTheWordsOfServers(String user, String password, String used) {
    HandshakeV10 greeting = open(NATIVE).greeting();

    peer.packet(1, Peer.login(greeting, user, password, "mysql_native_password"));

    ReplyError error = peer.takeError(2);
    assertThat(error.code()).isEqualTo(1045);
    assertThat(error.state()).isEqualTo("28000");
    assertThat(error.message())
        .isEqualTo(
            "Access denied for user '" + user + "'@'192.168.0.9' (using password: " + used + ")");
    assertThat(peer.closed).isEqualTo(CloseReason.LOGIN_REFUSED);
    assertThat(peer.embedded.isOpen()).isFalse();
    assertThat(peer.identity).isNull();
  }

  @Test
  void shouldNotLockOutTheClientsBehindABlockedBalancer() {
    MySqlClientProtocol protocol = Peer.protocol(directory, NATIVE + ", max-login-failures = 1");
    protocol.failures().failed("192.168.0.9");
    peer = new Peer(protocol, true);
    HandshakeV10 greeting = peer.greeting();
    peer.host = "192.168.0.10";
    peer.packet(1, Peer.login(greeting, "u", "p", "mysql_native_password"));
    assertThat(peer.take().payload()[0]).isZero();
    assertThat(peer.identity).isNotNull();
    peer.close();

    peer = new Peer(protocol, true);
    peer.packet(1, Peer.login(peer.greeting(), "u", "p", "mysql_native_password"));
    assertThat(peer.takeError(2).code()).isEqualTo(1129);
    peer.close();

    peer = new Peer(protocol);
    assertThat(peer.takeError(0).code()).isEqualTo(1129);
  }

  @Test
  void shouldSwitchAClientToTheMethodOfTheAccount() {
    HandshakeV10 greeting = open(NATIVE).greeting();
    peer.packet(1, Peer.login(greeting, "u", "p", "caching_sha2_password"));
    Peer.Sent packet = peer.take();
    AuthSwitchRequest request = AuthSwitchRequest.decode(Unpooled.wrappedBuffer(packet.payload()));
    assertThat(request.plugin()).isEqualTo("mysql_native_password");

    peer.packet(
        3,
        Scramble.nativeResponse(
            Scramble.sha1("p".getBytes(UTF_8)), Arrays.copyOf(request.data(), 20)));

    assertThat(peer.take().payload()[0]).isZero();
    assertThat(peer.identity).isNotNull();
  }

  @Test
  void shouldTakeTheFastPathForConfiguredPasswords() {
    HandshakeV10 greeting = open(SHA2).greeting();
    assertThat(greeting.authPlugin()).isEqualTo("caching_sha2_password");

    peer.packet(1, Peer.login(greeting, "u", "p", "caching_sha2_password"));

    Peer.Sent fast = peer.take();
    Peer.Sent ok = peer.take();
    assertThat(fast.payload()).containsExactly(1, 3);
    assertThat(fast.sequence()).isEqualTo(2);
    assertThat(ok.payload()[0]).isZero();
    assertThat(ok.sequence()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p", "wrong"})
  void shouldExchangeThePasswordUnderThePublicKey(String password) {
    StoredVerifier stored =
        StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, "p", new SecureRandom());
    String quoted = com.typesafe.config.ConfigUtil.quoteString(stored.text());
    HandshakeV10 greeting =
        open("users = [{ name = u, plugin = caching_sha2_password, auth-string = " + quoted + "}]")
            .greeting();
    ClientAuthenticator client =
        new ClientAuthenticator(
            new io.sluice.api.session.PasswordCredentials("u", password),
            false,
            io.sluice.mysql.auth.ServerKey.SENT);
    client.start(greeting.authPlugin(), greeting.nonce());
    peer.packet(1, Peer.login(greeting, "u", password, "caching_sha2_password"));
    ClientAuthStep wantsKey = client.moreData(new byte[] {4});
    assertThat(peer.take().payload()).containsExactly(1, 4);
    peer.packet(3, wantsKey.payload());
    byte[] pem = peer.take().payload();

    peer.packet(5, client.moreData(Arrays.copyOfRange(pem, 1, pem.length)).payload());

    if (password.equals("p")) {
      Peer.Sent ok = peer.take();
      assertThat(ok.payload()[0]).isZero();
      assertThat(ok.sequence()).isEqualTo(6);
    } else {
      assertThat(peer.takeError(6).code()).isEqualTo(1045);
    }
  }

  @Test
  void shouldReadALoginThatDripsIn() {
    HandshakeV10 greeting = open(NATIVE).greeting();
    byte[] bytes = Peer.framed(1, Peer.login(greeting, "u", "p", "mysql_native_password"));

    for (byte b : bytes) {
      assertThat(peer.identity).isNull();
      peer.raw(new byte[] {b});
    }

    assertThat(peer.identity).isNotNull();
    assertThat(peer.take().payload()[0]).isZero();
  }

  @Test
  void shouldNoticeAHalfLogin() {
    HandshakeV10 greeting = open(NATIVE).greeting();
    byte[] bytes = Peer.framed(1, Peer.login(greeting, "u", "p", "mysql_native_password"));

    peer.raw(Arrays.copyOf(bytes, bytes.length / 2));
    peer.embedded.close();

    assertThat(peer.closed).isEqualTo(CloseReason.CLIENT_LOST);
    assertThat(peer.identity).isNull();
  }

  @Test
  void shouldTellGarbageThatItIsNoHandshake() {
    open(NATIVE).greeting();

    peer.raw("\u0010\0\0\u0001GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));

    assertThat(peer.takeError(2).code()).isEqualTo(1043);
    assertThat(peer.closed).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
    assertThat(peer.embedded.isOpen()).isFalse();
  }

  @Test
  void shouldRefuseLengthsThatNoLoginHas() {
    open(NATIVE).greeting();

    peer.raw("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));

    assertThat(peer.takeError(1).code()).isEqualTo(1153);
    assertThat(peer.closed).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
  }

  @Test
  void shouldRefuseAWrongSequence() {
    HandshakeV10 greeting = open(NATIVE).greeting();

    peer.packet(2, Peer.login(greeting, "u", "p", "mysql_native_password"));

    assertThat(peer.takeError(1).code()).isEqualTo(1156);
    assertThat(peer.detail).contains("sequence: 2").contains("expected: 1");
  }

  @RepeatedTest(100)
  void shouldSurviveAnyBytes() {
    open(NATIVE).greeting();
    Random random = new Random();
    byte[] garbage = new byte[random.nextInt(400)];
    random.nextBytes(garbage);
    if (garbage.length > 4 && random.nextBoolean()) {
      garbage[0] = (byte) (garbage.length - 4);
      garbage[1] = (byte) ((garbage.length - 4) >>> 8);
      garbage[2] = 0;
      garbage[3] = 1;
    }

    peer.raw(garbage);
    peer.embedded.close();

    assertThat(peer.identity).isNull();
    assertThat(peer.closed)
        .isIn(CloseReason.PROTOCOL_VIOLATION, CloseReason.CLIENT_LOST, CloseReason.LOGIN_REFUSED);
  }

  @RepeatedTest(100)
  void shouldSurviveDamagedLogins() {
    HandshakeV10 greeting = open(NATIVE).greeting();
    byte[] login = Peer.login(greeting, "u", "p", "mysql_native_password");
    Random random = new Random();
    for (int i = random.nextInt(6) + 1; i > 0; i--) {
      login[random.nextInt(login.length)] ^= (byte) (1 << random.nextInt(8));
    }

    peer.packet(1, Arrays.copyOf(login, random.nextInt(login.length) + 1));
    peer.embedded.close();

    assertThat(peer.closed).isNotNull();
  }

  @Test
  void shouldTellTheErrorOfARouterInsteadOfAnOk() {
    HandshakeV10 greeting = open(NATIVE).greeting();
    peer.onAuthenticated =
        () ->
            peer.connection.close(
                CloseReason.ROUTER_CLOSED,
                Failure.lasting(
                    CloseReason.ROUTER_CLOSED, "no", new ReplyError(1105, "HY000", "no way")));

    peer.packet(1, Peer.login(greeting, "u", "p", "mysql_native_password"));

    assertThat(peer.takeError(2).message()).isEqualTo("no way");
    assertThat(peer.embedded.isOpen()).isFalse();
  }

  @Test
  void shouldTellAClientThatItWasTooSlow() {
    open(NATIVE).greeting();

    peer.connection.close(
        CloseReason.LOGIN_TIMEOUT, Failure.passing(CloseReason.LOGIN_TIMEOUT, "too slow", null));

    assertThat(peer.takeError(1).code()).isEqualTo(1043);
  }

  @Test
  void shouldInsistOnTls() {
    HandshakeV10 greeting = open(NATIVE + ", tls { mode = required }").greeting();
    assertThat(greeting.capabilities().has(Capabilities.SSL)).isTrue();

    peer.packet(1, Peer.login(greeting, "u", "p", "mysql_native_password"));

    assertThat(peer.takeError(2).code()).isEqualTo(3159);
  }

  @Test
  void shouldInsistOnTlsForAnAccountThatRequiresIt() {
    HandshakeV10 greeting =
        open("users = [{ name = u, password = p, require-tls = true }]").greeting();

    peer.packet(1, Peer.login(greeting, "u", "p", "mysql_native_password"));

    assertThat(peer.takeError(2).code()).isEqualTo(1045);
    assertThat(peer.detail).contains("asks for TLS");
  }

  @Test
  void shouldRefuseATlsRequestThatWasNotOffered() {
    open(NATIVE + ", tls { mode = disabled }").greeting();

    peer.packet(
        1,
        Peer.bytes(
            new SslRequest(Capabilities.COMMON.with(Capabilities.SSL), 1 << 24, 45)::encode));

    assertThat(peer.takeError(2).code()).isEqualTo(1043);
  }

  /** The bytes of the TLS handshake come in one read with the request for it, cut anywhere. */
  @ParameterizedTest
  @ValueSource(ints = {36, 37, 100, 10_000})
  void shouldStartTlsWhateverTheReadsAre(int cut) throws Exception {
    HandshakeV10 greeting = open(NATIVE + ", tls { mode = preferred }").greeting();
    SslHandler handler =
        SslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .build()
            .newHandler(io.netty.buffer.ByteBufAllocator.DEFAULT);
    EmbeddedChannel client = new EmbeddedChannel(handler);
    byte[] request =
        Peer.framed(
            1,
            Peer.bytes(
                new SslRequest(Capabilities.COMMON.with(Capabilities.SSL), 1 << 24, 45)::encode));
    byte[] hello = WireAssert.outbound(client);
    byte[] both = Arrays.copyOf(request, request.length + hello.length);
    System.arraycopy(hello, 0, both, request.length, hello.length);
    int middle = Math.min(cut, both.length);
    inbound(Arrays.copyOf(both, middle));
    inbound(Arrays.copyOfRange(both, middle, both.length));
    pump(client);
    assertThat(handler.handshakeFuture().isSuccess()).isTrue();

    byte[] login = Peer.login(greeting, "u", "p", "mysql_native_password");
    client.writeOutbound(Unpooled.copiedBuffer(Peer.framed(2, login)));
    pump(client);

    assertThat(peer.identity).isNotNull();
    ByteBuf ok = client.readInbound();
    assertThat(ok.getByte(3)).isEqualTo((byte) 3);
    assertThat(ok.getByte(4)).isZero();
    ok.skipBytes(4);
    assertThat(OkPacket.decode(ok, Capabilities.COMMON).info())
        .isEqualTo(
            CertificateProof.of(
                Scramble.sha1(Scramble.sha1("p".getBytes(UTF_8))),
                greeting.nonce(),
                CertificateProof.fingerprint(
                    handler.engine().getSession().getPeerCertificates()[0].getEncoded())));
    ok.release();
    client.finishAndReleaseAll();
  }

  private void inbound(byte[] bytes) {
    if (bytes.length > 0) {
      peer.embedded.writeInbound(Unpooled.copiedBuffer(bytes));
    }
  }

  private void pump(EmbeddedChannel client) {
    for (int i = 0; i < 10; i++) {
      peer.embedded.runPendingTasks();
      byte[] toClient = WireAssert.outbound(peer.embedded);
      if (toClient.length > 0) {
        client.writeInbound(Unpooled.copiedBuffer(toClient));
      }
      client.runPendingTasks();
      inbound(WireAssert.outbound(client));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "users = [{ name = u }]",
        "users = [{ name = u, password = p, auth-string = x }]",
        "users = [{ name = u, password = p, plugin = mysql_old_password }]",
        "users = [{ name = u, auth-string = nonsense }]",
        "users = [{ name = u, password = p, grants = [FLY] }]",
        "users = [], tls { mode = required, key = k }",
        "users = [], tls { mode = required, key = k, certificate = c }",
        "users = [], tls { mode = required, require-client-certificate = true }",
        "users = [], tls { client-ca = /no/such/ca.pem }",
      })
  void shouldRefuseSettingsThatCannotWork(String options) {
    assertThatThrownBy(() -> Peer.protocol(directory, options))
        .isInstanceOf(InvalidConfigException.class);
  }
}
