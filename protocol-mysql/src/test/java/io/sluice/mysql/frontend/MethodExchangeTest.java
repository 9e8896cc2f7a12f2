package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.ClientAuthStep;
import io.sluice.mysql.auth.ClientAuthenticator;
import io.sluice.mysql.auth.Proof;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.auth.ServerKey;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.tls.ClientTls;
import io.sluice.mysql.wire.Packets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods that one client is asked for one after the other; the client knows one password. */
class MethodExchangeTest implements AccountCheck.Wire, MethodExchange.Outcome {

  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir static Path directory;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Deque<byte[]> sent = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final ClientAuthenticator client =
      new ClientAuthenticator(new PasswordCredentials("u", "new"), true, ServerKey.NONE);
  private byte[] nonce = new byte[20];
  private MethodExchange exchange;
  private boolean expecting;
  private @Nullable Proof proof;

  @BeforeEach
  void begin() {
    ClientAuthStep first = client.start("mysql_native_password", nonce);
    HandshakeResponse41 login =
        new HandshakeResponse41(
            Capabilities.COMMON,
            1 << 24,
            33,
            "u",
            first.payload(),
            null,
            first.pluginName(),
            Map.of());
    exchange =
        new MethodExchange(
            Peer.protocol(directory, "users = []"),
            this,
            channel.eventLoop(),
            login,
            true,
            false,
            this);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static StoredVerifier verifier(AuthPlugin method, String password) {
    return StoredVerifier.ofPassword(method, password, RANDOM);
  }

  /** The client answers for as long as it is asked. */
  private void talk() {
    channel.runPendingTasks();
    while (!sent.isEmpty()) {
      byte[] packet = sent.poll();
      ClientAuthStep step;
      if ((packet[0] & 0xff) == AuthSwitchRequest.HEADER) {
        AuthSwitchRequest request = AuthSwitchRequest.decode(Unpooled.wrappedBuffer(packet));
        asked.add(request.plugin());
        step = client.authSwitch(request.plugin(), request.data());
      } else {
        step =
            client.moreData(packet[0] == 1 ? Arrays.copyOfRange(packet, 1, packet.length) : packet);
      }
      if (step.kind() == ClientAuthStep.Kind.COMPUTE) {
        step = step.compute().get();
      }
      if (step.kind() == ClientAuthStep.Kind.SEND) {
        assertThat(expecting).isTrue();
        expecting = false;
        exchange.onData(step.payload());
      }
      channel.runPendingTasks();
    }
  }

  @Test
  void shouldTakeTheAnswerThatCameWithTheLogin() {
    exchange.check(List.of(verifier(AuthPlugin.NATIVE_PASSWORD, "new")));
    talk();

    assertThat(asked).isEmpty();
    assertThat(proof).isNotNull();
  }

  @Test
  void shouldTryOneMethodAfterTheOther() {
    exchange.check(
        List.of(
            verifier(AuthPlugin.NATIVE_PASSWORD, "a"),
            verifier(AuthPlugin.CACHING_SHA2_PASSWORD, "b"),
            verifier(AuthPlugin.PARSEC, "c"),
            verifier(AuthPlugin.ED25519, "new")));
    talk();

    assertThat(asked).containsExactly("caching_sha2_password", "parsec", "client_ed25519");
    assertThat(refusals).isEmpty();
    assertThat(proof).isNotNull();
  }

  @Test
  void shouldRefuseWhenNoMethodIsLeft() {
    exchange.check(
        List.of(
            verifier(AuthPlugin.NATIVE_PASSWORD, "a"),
            verifier(AuthPlugin.NATIVE_PASSWORD, "b"),
            verifier(AuthPlugin.ED25519, "c")));
    talk();

    assertThat(asked).as("one answer is for both of one method").containsExactly("client_ed25519");
    assertThat(refusals).containsExactly("wrong password");
    assertThat(exchange.isPasswordUsed()).isTrue();
  }

  @Test
  void shouldCheckTheSameAnswerByAPasswordThatHasChanged() {
    exchange.check(List.of(verifier(AuthPlugin.NATIVE_PASSWORD, "old")));
    talk();
    assertThat(exchange.checkAgain(List.of(verifier(AuthPlugin.NATIVE_PASSWORD, "new")))).isTrue();
    talk();

    assertThat(asked).isEmpty();
    assertThat(proof).isNotNull();
  }

  /** Its answer was to a dialog that cannot be taken up again. */
  @Test
  void shouldAskAgainWhereTheAnswerCannotBeChecked() {
    exchange.check(List.of(verifier(AuthPlugin.PARSEC, "old")));
    talk();
    assertThat(exchange.checkAgain(List.of(verifier(AuthPlugin.PARSEC, "new")))).isTrue();
    talk();

    assertThat(asked).containsExactly("parsec", "parsec");
    assertThat(refusals).containsExactly("wrong password");
    assertThat(proof).isNotNull();
  }

  @Test
  void shouldAskAClientOfMySqlOnlyOnce() {
    exchange.check(List.of(verifier(AuthPlugin.CACHING_SHA2_PASSWORD, "old")));
    talk();

    assertThat(exchange.checkAgain(List.of(verifier(AuthPlugin.CACHING_SHA2_PASSWORD, "new"))))
        .isFalse();
    assertThat(asked).containsExactly("caching_sha2_password");
    assertThat(proof).isNull();
  }

  /** The one that was given with the method that certificates are proved by. */
  @Test
  void shouldRememberTheNonceOfTheConnection() {
    byte[] greeted = nonce;
    exchange.check(List.of(verifier(AuthPlugin.ED25519, "a"), verifier(AuthPlugin.PARSEC, "b")));
    talk();
    assertThat(nonce).isSameAs(greeted);

    exchange.check(List.of(verifier(AuthPlugin.NATIVE_PASSWORD, "new")));
    talk();
    assertThat(nonce).hasSize(20).isNotEqualTo(greeted);
    assertThat(proof).isNotNull();
  }

  @Override
  public void send(ByteBuf framed) {
    framed.skipBytes(Packets.HEADER);
    sent.add(ByteBufUtil.getBytes(framed));
    framed.release();
  }

  @Override
  public int nextSequence() {
    return 2;
  }

  @Override
  public void expectData() {
    expecting = true;
  }

  @Override
  public boolean isOver() {
    return false;
  }

  @Override
  public long sessionId() {
    return 1;
  }

  @Override
  public byte @Nullable [] fingerprint() {
    return null;
  }

  @Override
  public byte[] connectionNonce() {
    return nonce;
  }

  @Override
  public void connectionNonce(byte[] other) {
    nonce = other;
  }

  @Override
  public @Nullable ClientTls tls() {
    return null;
  }

  @Override
  public void accept(ProvenCredentials credentials, String info) {
    throw new AssertionError("not of the exchange");
  }

  @Override
  public void refuse(ReplyError error, String why) {
    throw new AssertionError("not of the exchange");
  }

  @Override
  public void proven(Proof shown, String certificateProof) {
    proof = shown;
  }

  @Override
  public void refused(String reason) {
    refusals.add(reason);
  }
}
