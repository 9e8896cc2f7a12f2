package io.sluice.mysql.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.testkit.wire.HexCapture;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logins of real clients to a real MySQL 9.7: both roles must do the same. */
class CapturedLoginsTest {

  private static final String PASSWORD = "apppw";
  private static final String OVER_TLS =
      "cli-batch (default options; the recorder ended TLS on both sides)";
  private static final HexCapture CAPTURE = HexCapture.load("/golden/mysql-9.7.4/logins.hex");

  private static List<byte[]> session(String name) {
    return CAPTURE.sessions().stream()
        .filter(session -> session.name().startsWith(name + " / "))
        .findFirst()
        .orElseThrow()
        .messages()
        .stream()
        .map(HexCapture.Message::payload)
        .filter(payload -> payload.length != 32)
        .toList();
  }

  private static HandshakeV10 greeting(List<byte[]> packets) {
    return HandshakeV10.decode(Unpooled.wrappedBuffer(packets.get(0)));
  }

  private static byte[] response(List<byte[]> packets) {
    return HandshakeResponse41.decode(Unpooled.wrappedBuffer(packets.get(1))).authResponse();
  }

  private static byte[] more(byte[] packet) {
    assertThat(packet[0]).isEqualTo((byte) 1);
    return Arrays.copyOfRange(packet, 1, packet.length);
  }

  private static ClientAuthenticator client(boolean secure) {
    return new ClientAuthenticator(
        new PasswordCredentials("app", PASSWORD), secure, ServerKey.SENT);
  }

  @Test
  void shouldAskForTheKeyAsTheRealClientDoes() {
    List<byte[]> packets = session("cli-batch");
    ClientAuthenticator client = client(false);

    assertThat(client.start("caching_sha2_password", greeting(packets).nonce()).payload())
        .isEqualTo(response(packets));
    assertThat(client.moreData(more(packets.get(2))).payload()).isEqualTo(packets.get(3));
    assertThat(client.moreData(more(packets.get(4))).payload()).hasSameSizeAs(packets.get(5));
  }

  @Test
  void shouldBeContentWithTheCache() {
    List<byte[]> packets = session("admin-ping");
    ClientAuthenticator client = client(false);

    assertThat(client.start("caching_sha2_password", greeting(packets).nonce()).payload())
        .isEqualTo(response(packets));
    assertThat(client.moreData(more(packets.get(2))).kind()).isEqualTo(ClientAuthStep.Kind.WAIT);
  }

  @Test
  void shouldSendThePasswordOverTlsAsTheRealClientDoes() {
    List<byte[]> packets = session(OVER_TLS);
    ClientAuthenticator client = client(true);

    assertThat(client.start("caching_sha2_password", greeting(packets).nonce()).payload())
        .isEqualTo(response(packets));
    assertThat(client.moreData(more(packets.get(2))).payload()).isEqualTo(packets.get(3));
  }

  /** The same packets in the other role, with the account as the server stores it. */
  @Test
  void shouldLetTheRealClientInFirstWithAndThenWithoutItsPassword() {
    StoredVerifier verifier =
        StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, PASSWORD, new SecureRandom());
    PasswordCache cache = new PasswordCache();
    RsaKeys keys = RsaKeys.generate();
    List<byte[]> full = session(OVER_TLS);
    ServerAuthenticator first =
        new ServerAuthenticator(verifier, greeting(full).nonce(), true, cache, keys);

    assertThat(first.onData(response(full)).payload()).isEqualTo(full.get(2));
    ServerAuthStep in = first.onData(full.get(3));
    while (in.kind() == ServerAuthStep.Kind.COMPUTE) {
      in = in.compute().get();
    }

    assertThat(in.kind()).isEqualTo(ServerAuthStep.Kind.PROVEN);
    assertThat(new String(full.get(3), US_ASCII)).isEqualTo(PASSWORD + "\0");
    List<byte[]> fast = session("admin-ping");
    ServerAuthenticator second =
        new ServerAuthenticator(verifier, greeting(fast).nonce(), false, cache, keys);
    ServerAuthStep again = second.onData(response(fast));
    assertThat(again.kind()).isEqualTo(ServerAuthStep.Kind.PROVEN);
    assertThat(again.payload()).isEqualTo(fast.get(2));
  }
}
