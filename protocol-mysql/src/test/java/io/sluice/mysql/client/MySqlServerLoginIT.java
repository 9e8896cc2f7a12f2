package io.sluice.mysql.client;

import static io.sluice.mysql.client.ClientUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.api.session.Failure;
import io.sluice.mysql.auth.RsaKeys;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.mysql.client.ClientUnderTest.Waiting;
import io.sluice.mysql.request.ClientState;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The proxy logs in to a MySQL 9.7: what its settings allow works, what they do not is explained.
 */
@RequiresServer("mysql-9.7")
class MySqlServerLoginIT {

  private static final Settings PLAIN =
      Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.DISABLE);
  private static final Settings ASKING = PLAIN.with(ServerSettings.GET_SERVER_PUBLIC_KEY, true);

  private static MySqlServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    BlockingGuard.install();
    server = MySqlServer.builder("mysql-9.7").start();
    server.createUser("cached", "cachedpw");
    server.createUserWith("sha256_password", "sha", "shapw");
    server.execute("CREATE USER nopw");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** Nobody is in the server's cache. */
  @BeforeEach
  void forget() {
    server.execute("FLUSH PRIVILEGES");
  }

  private static Settings pinned(Path key) {
    return PLAIN.with(ServerSettings.SERVER_PUBLIC_KEY_FILE, key.toString());
  }

  private static Settings tls(TlsMode mode) {
    return PLAIN.with(ServerSettings.TLS, mode);
  }

  private static Settings verifiedBy(TlsMode mode, Path authority) {
    return tls(mode).with(ServerSettings.TLS_CA_FILE, authority.toString());
  }

  private void assertIn(String user, String password, Settings settings) throws Exception {
    try (ClientUnderTest proxy =
        new ClientUnderTest(directory, server.host(), server.port(), settings)) {
      Waiting client = proxy.open(user, password, ClientState.INTERNAL);
      assertThat(await(client.query("SELECT CURRENT_USER()")).value(0, 0)).isEqualTo(user + "@%");
      boolean encrypted = settings.get(ServerSettings.TLS) != TlsMode.DISABLE;
      assertThat(await(client.query("SHOW STATUS LIKE 'Ssl_cipher'")).value(0, 1).isEmpty())
          .isEqualTo(!encrypted);
      client.client.close();
    }
  }

  private Failure refusal(String user, String password, Settings settings) throws Exception {
    try (ClientUnderTest proxy =
        new ClientUnderTest(directory, server.host(), server.port(), settings)) {
      return await(proxy.open(user, password, ClientState.INTERNAL).failure);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cached", "sha"})
  void shouldNotGiveThePasswordToWhoeverAsksWithoutTls(String user) throws Exception {
    Failure failure = refusal(user, user + "pw", PLAIN);

    assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure.message())
        .contains("'" + user + "'", "not encrypted", "server-public-key-file", "GET_SOURCE_PUBLIC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cached", "sha"})
  void shouldSendThePasswordUnderTheKey(String user) throws Exception {
    assertIn(user, user + "pw", ASKING);
    server.execute("FLUSH PRIVILEGES");
    assertIn(user, user + "pw", pinned(server.dataDir().resolve("public_key.pem")));
    for (Settings settings :
        new Settings[] {ASKING, pinned(server.dataDir().resolve("public_key.pem"))}) {
      Failure failure = refusal(user, "wrong", settings);
      assertThat(failure.error()).isNotNull();
      assertThat(failure.error().code()).isEqualTo(1045);
    }
  }

  @Test
  void shouldNotNeedTheKeyWhenTheServerRemembers() throws Exception {
    assertIn("cached", "cachedpw", ASKING);

    assertIn("cached", "cachedpw", PLAIN);
  }

  /** As somebody in between would have it. */
  @Test
  void shouldNotGetInWithAnotherKey() throws Exception {
    RsaKeys.loadOrCreate(directory);
    Path other = directory.resolve("other.pem");
    java.nio.file.Files.writeString(other, publicOf(directory.resolve(RsaKeys.FILE)));

    assertThat(refusal("cached", "cachedpw", pinned(other)).error()).isNotNull();
  }

  private static String publicOf(Path privateKey) throws Exception {
    String pem = java.nio.file.Files.readString(privateKey).replaceAll("-----.*-----|\\s", "");
    java.security.KeyFactory factory = java.security.KeyFactory.getInstance("RSA");
    java.security.interfaces.RSAPrivateCrtKey key =
        (java.security.interfaces.RSAPrivateCrtKey)
            factory.generatePrivate(
                new java.security.spec.PKCS8EncodedKeySpec(
                    java.util.Base64.getDecoder().decode(pem)));
    byte[] der =
        factory
            .generatePublic(
                new java.security.spec.RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
            .getEncoded();
    return "-----BEGIN PUBLIC KEY-----\n"
        + java.util.Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  @ParameterizedTest
  @EnumSource(
      value = TlsMode.class,
      names = {"PREFER", "REQUIRE", "VERIFY_CA"})
  void shouldSendThePasswordOverTls(TlsMode mode) throws Exception {
    Settings settings =
        mode == TlsMode.VERIFY_CA
            ? verifiedBy(mode, server.dataDir().resolve("ca.pem"))
            : tls(mode);

    assertIn("cached", "cachedpw", settings);
    assertIn("cached", "cachedpw", settings);
    assertIn("sha", "shapw", settings);
    assertIn("nopw", "", settings);
    assertThat(refusal("cached", "wrong", settings).error().code()).isEqualTo(1045);
    assertThat(refusal("sha", "wrong", settings).error().code()).isEqualTo(1045);
    assertThat(refusal("cached", "", settings).error().code()).isEqualTo(1045);
    assertThat(refusal("nopw", "x", settings).error().code()).isEqualTo(1045);
  }

  @Test
  void shouldLogInWithoutAPassword() throws Exception {
    assertIn("nopw", "", PLAIN);
  }

  /** It names no host, and nobody that the Java runtime knows vouches for it. */
  @Test
  void shouldExplainWhyTheCertificateThatMySqlMakesIsNotTrusted() throws Exception {
    for (Settings settings :
        new Settings[] {
          tls(TlsMode.VERIFY), verifiedBy(TlsMode.VERIFY, server.dataDir().resolve("ca.pem"))
        }) {
      assertThat(refusal("cached", "cachedpw", settings).message())
          .startsWith("tls: ")
          .contains("tls = verify-ca", "ca.pem");
    }
    Path wrong = server.dataDir().resolve("client-cert.pem");
    assertThat(refusal("cached", "cachedpw", verifiedBy(TlsMode.VERIFY_CA, wrong)).message())
        .startsWith("tls: ")
        .contains("a certificate that tls-ca-file vouches for");
  }
}
