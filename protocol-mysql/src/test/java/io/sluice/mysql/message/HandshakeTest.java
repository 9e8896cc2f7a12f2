package io.sluice.mysql.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.wire.ProtocolException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {

  @Test
  void shouldReadTheGreetingOfMariaDb() {
    HandshakeV10 greeting = HandshakeV10.decode(Golden.payload("mariadb-10.11.19/cli-batch", 0));

    assertThat(greeting.serverVersion()).isEqualTo("5.5.5-10.11.19-MariaDB-0+deb12u1-log");
    assertThat(greeting.connectionId()).isEqualTo(7);
    assertThat(greeting.nonce()).hasSize(20);
    assertThat(greeting.nonce()[0]).isEqualTo((byte) 0x33);
    assertThat(greeting.nonce()[19]).isEqualTo((byte) 0x4a);
    assertThat(greeting.capabilities()).isEqualTo(new Capabilities(0x1d_81ff_f7feL));
    assertThat(greeting.authPlugin()).isEqualTo("mysql_native_password");
    assertThat(greeting.collation()).isEqualTo(8);
    assertThat(greeting.status()).isEqualTo(2);
  }

  @Test
  void shouldReadTheGreetingOfMySql() {
    HandshakeV10 greeting = HandshakeV10.decode(Golden.payload("mysql-9.7.4/connectorj", 0));

    assertThat(greeting.serverVersion()).isEqualTo("9.7.4-2");
    assertThat(greeting.capabilities().bits() >>> 32).isZero();
    assertThat(greeting.capabilities().has(Capabilities.QUERY_ATTRIBUTES)).isTrue();
    assertThat(greeting.authPlugin()).isEqualTo("caching_sha2_password");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mariadb-10.11.19/cli-batch", "mysql-9.7.4/connectorj"})
  void shouldWriteGreetingsAsTheServersDo(String capture) {
    ByteBuf golden = Golden.payload(capture, 0);

    HandshakeV10 greeting = HandshakeV10.decode(golden.duplicate());

    assertThat(Golden.hex(greeting::encode)).isEqualTo(ByteBufUtil.hexDump(golden));
  }

  @Test
  void shouldReadTheLoginOfAClient() {
    HandshakeResponse41 login =
        HandshakeResponse41.decode(Golden.payload("mariadb-10.11.19/cli-interactive-db-quit", 1));

    assertThat(login.user()).isEqualTo("app");
    assertThat(login.authResponse()).hasSize(20);
    assertThat(login.database()).isEqualTo("d");
    assertThat(login.authPlugin()).isEqualTo("mysql_native_password");
    assertThat(login.attributes()).containsEntry("_os", "Linux").containsKey("_client_name");
    assertThat(login.capabilities().has(Capabilities.CONNECT_WITH_DB)).isTrue();
    assertThat(login.capabilities().bits() >>> 32).isEqualTo(0x1d);
    assertThat(login.toString()).doesNotContain(ByteBufUtil.hexDump(login.authResponse()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mariadb-10.11.19/cli-batch",
        "mariadb-10.11.19/cli-interactive-db-quit",
        "mariadb-10.11.19/connectorj",
        "mariadb-10.11.19/filepos-first",
        "mysql-9.7.4/connectorj"
      })
  void shouldWriteLoginsAsTheClientsDo(String capture) {
    ByteBuf golden = Golden.payload(capture, 1);

    HandshakeResponse41 login = HandshakeResponse41.decode(golden.duplicate());

    assertThat(Golden.hex(login::encode)).isEqualTo(ByteBufUtil.hexDump(golden));
  }

  @Test
  void shouldReadAndWriteALongAuthenticationResponse() {
    HandshakeResponse41 login =
        new HandshakeResponse41(
            Capabilities.COMMON, 1 << 24, 45, "u", new byte[300], null, "p", Map.of("a", "b"));

    HandshakeResponse41 read = HandshakeResponse41.decode(Golden.hex(Golden.hex(login::encode)));

    assertThat(read).usingRecursiveComparison().isEqualTo(login);
  }

  @Test
  void shouldTellARequestForTlsFromALogin() {
    SslRequest request = new SslRequest(Capabilities.COMMON.with(Capabilities.SSL), 1 << 24, 45);
    ByteBuf payload = Golden.hex(Golden.hex(request::encode));

    assertThat(payload.readableBytes()).isEqualTo(SslRequest.LENGTH);
    assertThat(HandshakeResponse41.isSslRequest(payload)).isTrue();
    assertThat(SslRequest.decode(payload)).isEqualTo(request);
    assertThat(HandshakeResponse41.isSslRequest(Golden.payload("mariadb-10.11.19/cli-batch", 1)))
        .isFalse();
  }

  @Test
  void shouldRefuseALoginBeforeTheProtocolOf41() {
    assertThatThrownBy(() -> HandshakeResponse41.decode(Golden.hex("0500 000000 7500")))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.BAD_HANDSHAKE));
  }

  @Test
  void shouldRefuseAGreetingOfAnotherProtocol() {
    assertThatThrownBy(() -> HandshakeV10.decode(Golden.hex("09 352e30 00")))
        .hasMessage("protocol version: 9 (expected: 10)");
  }

  @Test
  void shouldRefuseOrTakePrefixes() {
    Golden.assertCut(Golden.payload("mariadb-10.11.19/cli-batch", 0), HandshakeV10::decode);
    Golden.assertCut(
        Golden.payload("mariadb-10.11.19/cli-interactive-db-quit", 1), HandshakeResponse41::decode);
  }

  @Test
  void shouldReadAndWriteAuthenticationPackets() {
    ByteBuf change = Golden.hex("fe 6d7973716c5f6e61746976655f70617373776f726400 0102030400");

    AuthSwitchRequest request = AuthSwitchRequest.decode(change.duplicate());

    assertThat(request.plugin()).isEqualTo("mysql_native_password");
    assertThat(request.data()).containsExactly(1, 2, 3, 4, 0);
    assertThat(Golden.hex(request::encode)).isEqualTo(ByteBufUtil.hexDump(change));
    assertThat(AuthSwitchRequest.decode(Golden.hex("fe")).plugin()).isEmpty();
    assertThat(AuthMoreData.decode(Golden.payload("mysql-9.7.4/connectorj", 2)).data())
        .containsExactly(3);
    assertThat(Golden.hex(new AuthMoreData(new byte[] {4})::encode)).isEqualTo("0104");
  }
}
