package io.sluice.mysql.client;

import static io.sluice.mysql.client.ClientUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.Failure;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.mysql.client.ClientUnderTest.Waiting;
import io.sluice.mysql.frontend.Meddler;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.result.ResultSet;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the newest server, which makes a certificate of its own. */
class QueryClientIT extends QueryClientContract {

  @Override
  DatabaseServer start() {
    return start(MariaDbServer.builder().tls());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PREFER", "REQUIRE"})
  void shouldEncryptWhenAsked(String mode) throws Exception {
    try (ClientUnderTest secure =
        new ClientUnderTest(
            directory.resolve("tls"), server().host(), server().port(), TlsMode.valueOf(mode))) {
      Waiting client = secure.open("app", "secret", ClientState.INTERNAL);

      ResultSet cipher = await(client.query("SHOW STATUS LIKE 'Ssl_cipher'"));
      ResultSet large = await(client.query("SELECT REPEAT('x', 20000000)"));

      assertThat(cipher.value(0, 1)).isNotEmpty();
      assertThat(large.bytes(0, 0)).hasSize(20_000_000);
      client.client.close();
    }
  }

  private ClientUnderTest client(int port, TlsMode mode) {
    return new ClientUnderTest(directory.resolve("tls"), server().host(), port, mode);
  }

  @Test
  void shouldTrustAServerThatProvesItsOwnCertificate() throws Exception {
    try (ClientUnderTest secure = client(server().port(), TlsMode.VERIFY)) {
      Waiting client = secure.open("app", "secret", ClientState.INTERNAL);

      assertThat(await(client.query("SHOW STATUS LIKE 'Ssl_cipher'")).value(0, 1)).isNotEmpty();
      client.client.close();
    }
  }

  @Test
  void shouldRefuseAServerThatCannotProveItsCertificate() throws Exception {
    server().execute("CREATE OR REPLACE USER nopw@'%'");
    try (ClientUnderTest secure = client(server().port(), TlsMode.VERIFY)) {
      Waiting client = secure.open("nopw", "", ClientState.INTERNAL);

      assertThat(await(client.failure).message())
          .contains("tls", "certificate is not trusted", "an empty password cannot prove it");
    }
  }

  /** It passes on a right login, and the server's proof, which is for the server's certificate. */
  @ParameterizedTest
  @EnumSource(
      value = TlsMode.class,
      names = {"PREFER", "REQUIRE", "VERIFY"})
  void shouldNoticeSomebodyInBetween(TlsMode mode) throws Exception {
    try (Meddler meddler = new Meddler(server().port());
        ClientUnderTest secure = client(meddler.port(), mode)) {
      Waiting client = secure.open("app", "secret", ClientState.INTERNAL);

      Failure failure = await(client.failure);

      assertThat(failure.message()).contains("tls", "somebody stands between");
      assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
    }
  }
}
