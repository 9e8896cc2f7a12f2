package io.sluice.mysql.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.sluice.api.session.Credentials;
import io.sluice.api.session.Failure;
import io.sluice.api.session.PasswordCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Lets both roles talk to each other. */
class AuthenticatorTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final RsaKeys KEYS = RsaKeys.generate();

  private final PasswordCache cache = new PasswordCache();
  private ServerKey serverKey = ServerKey.SENT;
  private int packets;

  @ParameterizedTest
  @CsvSource({
    "NATIVE_PASSWORD, secret, secret, false, true",
    "NATIVE_PASSWORD, secret, Secret, false, false",
    "NATIVE_PASSWORD, secret, '', false, false",
    "NATIVE_PASSWORD, '', secret, false, false",
    "NATIVE_PASSWORD, '', '', false, true",
    "NATIVE_PASSWORD, pässwörd☃, pässwörd☃, false, true",
    "CACHING_SHA2_PASSWORD, secret, secret, false, true",
    "CACHING_SHA2_PASSWORD, secret, secret, true, true",
    "CACHING_SHA2_PASSWORD, secret, Secret, false, false",
    "CACHING_SHA2_PASSWORD, secret, Secret, true, false",
    "CACHING_SHA2_PASSWORD, secret, '', true, false",
    "CACHING_SHA2_PASSWORD, '', secret, true, false",
    "CACHING_SHA2_PASSWORD, '', '', false, true",
    "CACHING_SHA2_PASSWORD, pässwörd☃, pässwörd☃, false, true",
    "SHA256_PASSWORD, secret, secret, false, true",
    "SHA256_PASSWORD, secret, secret, true, true",
    "SHA256_PASSWORD, secret, Secret, false, false",
    "SHA256_PASSWORD, secret, Secret, true, false",
    "SHA256_PASSWORD, secret, '', true, false",
    "SHA256_PASSWORD, '', secret, true, false",
    "SHA256_PASSWORD, '', '', false, true",
    "SHA256_PASSWORD, pässwörd☃, pässwörd☃, false, true",
    "ED25519, secret, secret, false, true",
    "ED25519, secret, Secret, false, false",
    "ED25519, secret, '', false, false",
    "ED25519, '', secret, false, false",
    "ED25519, '', '', false, true",
    "ED25519, pässwörd☃, pässwörd☃, true, true",
    "PARSEC, secret, secret, false, true",
    "PARSEC, secret, Secret, false, false",
    "PARSEC, secret, '', false, false",
    "PARSEC, '', secret, false, false",
    "PARSEC, '', '', false, true",
    "PARSEC, pässwörd☃, pässwörd☃, true, true",
    "CLEAR_PASSWORD, secret, secret, true, true",
    "CLEAR_PASSWORD, secret, Secret, true, false",
    "CLEAR_PASSWORD, secret, '', true, false",
    "CLEAR_PASSWORD, '', secret, true, false",
    "CLEAR_PASSWORD, '', '', true, true",
    "CLEAR_PASSWORD, pässwörd☃, pässwörd☃, true, true",
  })
  void shouldAgreeOnPasswords(
      AuthPlugin plugin, String stored, String given, boolean secure, boolean in) {
    StoredVerifier verifier = StoredVerifier.ofPassword(plugin, stored, RANDOM);

    ServerAuthStep last =
        talk(verifier, new PasswordCredentials("u", given), secure, plugin.wireName());

    assertThat(last.kind())
        .isEqualTo(in ? ServerAuthStep.Kind.PROVEN : ServerAuthStep.Kind.REFUSED);
  }

  @Test
  void shouldTakeTheFastPathAfterAFullExchange() {
    StoredVerifier verifier =
        StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, "secret", RANDOM);
    PasswordCredentials user = new PasswordCredentials("u", "secret");
    talk(verifier, user, false, "caching_sha2_password");
    int full = packets;

    ServerAuthStep last = talk(verifier, user, false, "caching_sha2_password");

    assertThat(full).isEqualTo(3);
    assertThat(packets).isEqualTo(1);
    assertThat(last.payload()).containsExactly(1, 3);
    assertThat(last.kind()).isEqualTo(ServerAuthStep.Kind.PROVEN);
  }

  /** MySQL keeps the password before until it is discarded. */
  @ParameterizedTest
  @EnumSource(
      value = AuthPlugin.class,
      names = {"NATIVE_PASSWORD", "CACHING_SHA2_PASSWORD", "SHA256_PASSWORD"})
  void shouldTakeBothPasswordsOfAnAccountThatHasTwo(AuthPlugin plugin) {
    StoredVerifier both =
        new StoredVerifier(
            plugin,
            StoredVerifier.ofPassword(plugin, "new", RANDOM).text(),
            StoredVerifier.ofPassword(plugin, "old", RANDOM).text());
    for (String password : List.of("new", "old", "new", "old")) {
      assertThat(
              talk(both, new PasswordCredentials("u", password), false, plugin.wireName()).kind())
          .isEqualTo(ServerAuthStep.Kind.PROVEN);
    }

    ServerAuthStep other =
        talk(both, new PasswordCredentials("u", "other"), false, plugin.wireName());

    assertThat(other.kind()).isEqualTo(ServerAuthStep.Kind.REFUSED);
    assertThat(other.reason()).isEqualTo("wrong password");
  }

  @ParameterizedTest
  @CsvSource({
    "ED25519, ''",
    "PARSEC, ''",
    "ED25519, *0000000000000000000000000000000000000000",
    "PARSEC, *0000000000000000000000000000000000000000",
    "CACHING_SHA2_PASSWORD, *0000000000000000000000000000000000000000"
  })
  void shouldNotAskForAPasswordThatWouldBeCheckedInAnotherWay(AuthPlugin plugin, String text) {
    StoredVerifier verifier = new StoredVerifier(plugin, text);

    assertThatThrownBy(verifier::askingForPassword).hasMessageContaining(plugin.wireName());
  }

  @ParameterizedTest
  @EnumSource(AuthPlugin.class)
  void shouldLetNobodyIn(AuthPlugin plugin) {
    StoredVerifier nobody = StoredVerifier.ofNobody(plugin, RANDOM);

    ServerAuthStep last =
        talk(nobody, new PasswordCredentials("u", "secret"), true, plugin.wireName());

    assertThat(nobody.isWellFormed()).isTrue();
    assertThat(last.kind()).isEqualTo(ServerAuthStep.Kind.REFUSED);
    assertThat(last.reason()).isEqualTo("wrong password");
  }

  /** Without TLS the password goes out only if the configuration says with whose key. */
  @ParameterizedTest
  @EnumSource(
      value = AuthPlugin.class,
      names = {"CACHING_SHA2_PASSWORD", "SHA256_PASSWORD"})
  void shouldNotAskForAKeyUnlessAllowed(AuthPlugin plugin) {
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials("u", "secret"), false, ServerKey.NONE);
    client.start("caching_sha2_password", nonce());
    ClientAuthStep step = client.authSwitch(plugin.wireName(), nonce());
    if (plugin == AuthPlugin.CACHING_SHA2_PASSWORD) {
      step = client.moreData(new byte[] {4});
    }

    assertThat(step.kind()).isEqualTo(ClientAuthStep.Kind.FAILED);
    assertThat(step.failure()).isNotNull();
    assertThat(step.failure().message())
        .contains("not encrypted", "get-server-public-key", "server-public-key-file", "tls")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @EnumSource(
      value = AuthPlugin.class,
      names = {"CACHING_SHA2_PASSWORD", "SHA256_PASSWORD"})
  void shouldUseTheKeyThatIsKnownFromBefore(AuthPlugin plugin, @TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("public_key.pem");
    Files.write(file, KEYS.publicPem());
    serverKey = ServerKey.of(file);
    StoredVerifier verifier = StoredVerifier.ofPassword(plugin, "secret", RANDOM);

    ServerAuthStep last =
        talk(verifier, new PasswordCredentials("u", "secret"), false, plugin.wireName());

    assertThat(last.kind()).isEqualTo(ServerAuthStep.Kind.PROVEN);
    assertThat(packets).isEqualTo(2); // as many as with a switch or a request for more
    Files.write(file, RsaKeys.generate().publicPem());
    serverKey = ServerKey.of(file);
    PasswordCredentials another = new PasswordCredentials("u", "secret");
    StoredVerifier fresh = StoredVerifier.ofPassword(plugin, "secret", RANDOM);
    assertThat(talk(fresh, another, false, plugin.wireName()).kind())
        .isEqualTo(ServerAuthStep.Kind.REFUSED);
    Files.writeString(file, "no key");
    assertThatThrownBy(() -> ServerKey.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("public_key.pem: no RSA public key");
  }

  @Test
  void shouldNotLetAnOldPasswordInAfterAChange() {
    StoredVerifier before =
        StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, "old", RANDOM);
    talk(before, new PasswordCredentials("u", "old"), true, "caching_sha2_password");
    StoredVerifier after =
        StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, "new", RANDOM);

    ServerAuthStep last =
        talk(after, new PasswordCredentials("u", "old"), true, "caching_sha2_password");

    assertThat(last.kind()).isEqualTo(ServerAuthStep.Kind.REFUSED);
  }

  /** What a client proves to us must open the same account on a server; signatures do not. */
  @ParameterizedTest
  @EnumSource(
      value = AuthPlugin.class,
      names = {"NATIVE_PASSWORD", "CACHING_SHA2_PASSWORD", "SHA256_PASSWORD"})
  void shouldPassOnWhatWasProven(AuthPlugin plugin) {
    StoredVerifier verifier = StoredVerifier.ofPassword(plugin, "secret", RANDOM);
    ServerAuthStep first =
        talk(verifier, new PasswordCredentials("u", "secret"), false, plugin.wireName());
    Proof proof = first.proof();
    assertThat(proof).isNotNull();

    ServerAuthStep second =
        talk(
            verifier,
            new ProvenCredentials("u", "'u'@'%'", proof, Set.of()),
            false,
            plugin.wireName());

    assertThat(second.kind()).isEqualTo(ServerAuthStep.Kind.PROVEN);
  }

  @Test
  void shouldSayWhenAHashIsNotEnough() {
    Proof sha256 = Proof.ofSha256(Scramble.sha256("secret".getBytes(UTF_8)));
    ClientAuthenticator client =
        new ClientAuthenticator(
            new ProvenCredentials("u", "'u'@'%'", sha256, Set.of()), false, ServerKey.SENT);

    assertThat(client.start("mysql_native_password", nonce()).pluginName())
        .isEqualTo("caching_sha2_password");
    ClientAuthStep full = client.moreData(new byte[] {4});
    ClientAuthStep other = client.authSwitch("mysql_native_password", nonce());

    assertThat(full.kind()).isEqualTo(ClientAuthStep.Kind.FAILED);
    assertThat(full.failure()).isNotNull();
    assertThat(full.failure().kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(full.failure().message()).contains("'u'").doesNotContain("secret");
    assertThat(other.kind()).isEqualTo(ClientAuthStep.Kind.FAILED);
  }

  @Test
  void shouldFollowASwitchWithItsOwnNonce() {
    byte[] second = nonce();
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials("u", "secret"), false, ServerKey.SENT);
    client.start("caching_sha2_password", nonce());

    ClientAuthStep step =
        client.authSwitch("mysql_native_password", Arrays.copyOf(second, second.length + 1));

    assertThat(step.payload())
        .isEqualTo(Scramble.nativeResponse(Scramble.sha1("secret".getBytes(UTF_8)), second));
  }

  @Test
  void shouldRefuseMethodsThatItDoesNotSpeak() {
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials("u", "secret"), true, ServerKey.SENT);
    client.start("dialog", nonce());

    assertThat(client.authSwitch("auth_gssapi_client", nonce()).kind())
        .isEqualTo(ClientAuthStep.Kind.FAILED);
    assertThat(client.authSwitch("client_ed25519", nonce()).kind())
        .as("a nonce that is too short")
        .isEqualTo(ClientAuthStep.Kind.FAILED);
    assertThat(client.authSwitch("", new byte[0]).kind()).isEqualTo(ClientAuthStep.Kind.FAILED);
    assertThat(client.authSwitch("mysql_native_password", new byte[3]).kind())
        .isEqualTo(ClientAuthStep.Kind.FAILED);
  }

  @Test
  void shouldNeverSendAPasswordInClearWithoutTls() {
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials("u", "secret"), false, ServerKey.SENT);
    client.start("caching_sha2_password", nonce());

    assertThat(client.moreData(new byte[] {4}).payload()).containsExactly(2);
    ClientAuthStep withGarbage = client.moreData("no key".getBytes(UTF_8));

    assertThat(withGarbage.kind()).isEqualTo(ClientAuthStep.Kind.FAILED);
  }

  /** An account of MariaDB may have several methods; the server goes on after a wrong answer. */
  @Test
  void shouldAnswerNothingWhereAnotherMethodMayCome() {
    Proof sha1 = Proof.ofSha1(Scramble.sha1("secret".getBytes(UTF_8)));
    ClientAuthenticator client =
        new ClientAuthenticator(
            new ProvenCredentials("u", "'u'@'%'", sha1, Set.of()), true, ServerKey.SENT);
    client.expectOtherMethods();
    client.start("mysql_native_password", nonce());

    for (String method : List.of("client_ed25519", "parsec", "caching_sha2_password")) {
      ClientAuthStep step = client.authSwitch(method, new byte[32]);
      assertThat(step.kind()).isEqualTo(ClientAuthStep.Kind.SEND);
      assertThat(step.payload()).isEmpty();
      assertThat(client.inability().message()).contains(method, "user-mapping");
    }
    byte[] salt = new byte[20];
    salt[0] = 'P';
    client.authSwitch("parsec", new byte[32]);
    assertThat(client.moreData(salt).payload()).isEmpty();
    assertThat(client.authSwitch("auth_gssapi_client", new byte[3]).payload()).isEmpty();
    assertThat(client.inability().message()).contains("auth_gssapi_client");
    assertThat(client.takesRawData()).isTrue();
    assertThat(client.moreData("Password: ".getBytes(UTF_8)).payload()).isEmpty();
    assertThat(client.authSwitch("mysql_native_password", nonce()).payload()).hasSize(20);
    assertThat(client.inability()).isNull();
  }

  /** The PAM of MariaDB prompts again if the password was empty. */
  @Test
  void shouldAnswerOnePromptForAClearPassword() {
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials("u", ""), true, ServerKey.SENT);
    client.expectOtherMethods();
    client.start("mysql_native_password", nonce());

    assertThat(client.authSwitch("mysql_clear_password", new byte[0]).payload()).containsExactly(0);
    assertThat(client.takesRawData()).isTrue();
    assertThat(client.moreData("\4Password: ".getBytes(UTF_8)).kind())
        .isEqualTo(ClientAuthStep.Kind.FAILED);
  }

  @Test
  void shouldSayWhatSignaturesAreNotGoodFor() {
    ProvenCredentials signed = new ProvenCredentials("u", "'u'@'%'", Proof.ofNothing(), Set.of());

    ClientAuthStep step =
        new ClientAuthenticator(signed, true, ServerKey.SENT)
            .start("mysql_native_password", nonce());

    assertThat(step.kind()).isEqualTo(ClientAuthStep.Kind.FAILED);
    assertThat(step.failure().message()).contains("'u'", "user-mapping", "ask-for-password");
    ClientAuthenticator mapped =
        new ClientAuthenticator(
            signed.asOnServers("other", Proof.ofPassword("pw")), true, ServerKey.SENT);
    assertThat(mapped.user()).isEqualTo("other");
    assertThat(mapped.start("mysql_native_password", nonce()).payload()).hasSize(20);
  }

  /** Both sides must come to the same form of the password. */
  @ParameterizedTest
  @EnumSource(
      value = AuthPlugin.class,
      names = {"NATIVE_PASSWORD", "ED25519", "PARSEC"})
  void shouldAgreeOnTheHashThatProvesCertificates(AuthPlugin plugin) {
    StoredVerifier verifier = StoredVerifier.ofPassword(plugin, "secret", RANDOM);
    byte[] nonce = new byte[plugin.nonceLength()];
    ServerAuthenticator server = server(verifier, nonce, true);
    byte[] greeted = nonce();
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials("u", "secret"), true, ServerKey.SENT);
    client.start("caching_sha2_password", greeted);
    finish(client.authSwitch(plugin.wireName(), nonce));
    if (plugin == AuthPlugin.PARSEC) {
      finish(client.moreData(server.onData(new byte[0]).payload()));
    }

    assertThat(client.passwordHash()).isEqualTo(server.passwordHash()).isNotNull();
    assertThat(client.proofNonce())
        .isEqualTo(plugin == AuthPlugin.NATIVE_PASSWORD ? nonce : greeted);
  }

  /** A client that logs in again may have kept the salt; if it has another one it is told. */
  @Test
  void shouldTakeASignatureBeforeItTellsTheSalt() {
    StoredVerifier verifier = StoredVerifier.ofPassword(AuthPlugin.PARSEC, "secret", RANDOM);
    byte[] parameters = verifier.parsecKey().parameters();
    byte[] nonce = new byte[32];
    byte[] right =
        ParsecKey.answer(ParsecKey.seed("secret".getBytes(UTF_8), parameters), nonce, nonce);
    byte[] wrong =
        ParsecKey.answer(ParsecKey.seed("Secret".getBytes(UTF_8), parameters), nonce, nonce);

    assertThat(finish(server(verifier, nonce, false).onData(right)).kind())
        .isEqualTo(ServerAuthStep.Kind.PROVEN);
    ServerAuthenticator second = server(verifier, nonce, false);
    assertThat(finish(second.onData(wrong)).payload()).isEqualTo(parameters);
    assertThat(finish(second.onData(wrong)).kind()).isEqualTo(ServerAuthStep.Kind.REFUSED);
    ServerAuthenticator third = server(verifier, nonce, false);
    finish(third.onData(wrong));
    assertThat(finish(third.onData(right)).kind()).isEqualTo(ServerAuthStep.Kind.PROVEN);
  }

  @ParameterizedTest
  @EnumSource(value = AuthPlugin.class, names = "CLEAR_PASSWORD", mode = EnumSource.Mode.EXCLUDE)
  void shouldCheckAClearPasswordByWhateverIsKept(AuthPlugin kept) {
    StoredVerifier verifier = StoredVerifier.ofPassword(kept, "secret", RANDOM).askingForPassword();

    assertThat(verifier.isWellFormed()).isTrue();
    for (String given : List.of("secret", "Secret", "")) {
      ServerAuthStep last =
          talk(verifier, new PasswordCredentials("u", given), true, "mysql_clear_password");
      assertThat(last.kind())
          .isEqualTo(
              given.equals("secret") ? ServerAuthStep.Kind.PROVEN : ServerAuthStep.Kind.REFUSED);
    }
    assertThat(server(verifier, nonce(), false).onData("secret\0".getBytes(UTF_8)).kind())
        .as("without TLS")
        .isEqualTo(ServerAuthStep.Kind.REFUSED);
    ClientAuthenticator client =
        new ClientAuthenticator(new PasswordCredentials("u", "secret"), false, ServerKey.SENT);
    client.start("mysql_native_password", nonce());
    ClientAuthStep step = client.authSwitch("mysql_clear_password", new byte[0]);
    assertThat(step.kind()).isEqualTo(ClientAuthStep.Kind.FAILED);
    assertThat(step.failure().message()).contains("not encrypted").doesNotContain("secret");
  }

  @Test
  void shouldRefuseAClearPasswordWithoutTls() {
    ServerAuthenticator server =
        server(
            StoredVerifier.ofPassword(AuthPlugin.CACHING_SHA2_PASSWORD, "secret", RANDOM),
            nonce(),
            false);
    assertThat(server.onData(new byte[32]).payload()).containsExactly(1, 4);

    assertThat(server.onData("secret\0".getBytes(UTF_8)).kind())
        .isEqualTo(ServerAuthStep.Kind.REFUSED);
  }

  @RepeatedTest(200)
  void shouldRefuseGarbageWithoutThrowing() {
    Random random = new Random();
    AuthPlugin plugin = AuthPlugin.values()[random.nextInt(AuthPlugin.values().length)];
    ServerAuthenticator server =
        server(StoredVerifier.ofPassword(plugin, "secret", RANDOM), nonce(), random.nextBoolean());
    ServerAuthStep step = ServerAuthStep.send(new byte[0]);
    for (int i = 0; i < 4 && step.kind() == ServerAuthStep.Kind.CONTINUE; i++) {
      int[] lengths = {0, 1, 20, 32, 256, random.nextInt(600)};
      byte[] garbage = new byte[lengths[random.nextInt(lengths.length)]];
      random.nextBytes(garbage);
      step = finish(server.onData(garbage));
    }

    assertThat(step.kind()).isNotEqualTo(ServerAuthStep.Kind.PROVEN);
  }

  @RepeatedTest(200)
  void shouldSurviveGarbageOfServers() {
    Random random = new Random();
    ClientAuthenticator client =
        new ClientAuthenticator(
            new PasswordCredentials("u", "secret"), random.nextBoolean(), ServerKey.SENT);
    byte[] garbage = new byte[random.nextInt(600)];
    random.nextBytes(garbage);
    client.start(random.nextBoolean() ? "caching_sha2_password" : "x", nonce());
    client.moreData(new byte[] {(byte) random.nextInt(6)});

    ClientAuthStep step =
        random.nextBoolean()
            ? client.moreData(garbage)
            : client.authSwitch(new String(garbage, UTF_8), garbage);

    assertThat(step.kind()).isNotNull();
  }

  private ServerAuthStep talk(
      StoredVerifier verifier, Credentials who, boolean secure, String plugin) {
    byte[] nonce = new byte[AuthPlugin.of(plugin).nonceLength()];
    RANDOM.nextBytes(nonce);
    packets = 0;
    ServerAuthenticator server = server(verifier, nonce, secure);
    ClientAuthenticator client = new ClientAuthenticator(who, secure, serverKey);
    ClientAuthStep said = finish(client.start(plugin, nonce.length == 20 ? nonce : nonce()));
    if (!said.pluginName().equals(plugin)) {
      said = finish(client.authSwitch(plugin, nonce));
      packets++;
    }
    for (int i = 0; i < 5; i++) {
      if (said.kind() == ClientAuthStep.Kind.FAILED) {
        return fail("client gave up: " + said.failure());
      }
      packets++;
      ServerAuthStep answer = finish(server.onData(said.payload()));
      if (answer.kind() != ServerAuthStep.Kind.CONTINUE) {
        if (answer.payload().length > 0) {
          assertThat(client.moreData(rest(answer.payload())).kind())
              .isEqualTo(ClientAuthStep.Kind.WAIT);
        }
        return answer;
      }
      boolean raw = client.takesRawData();
      assertThat(answer.payload()[0]).isEqualTo((byte) (raw ? 'P' : 1));
      said = finish(client.moreData(raw ? answer.payload() : rest(answer.payload())));
    }
    return fail("no end");
  }

  private ServerAuthenticator server(StoredVerifier verifier, byte[] nonce, boolean secure) {
    return new ServerAuthenticator(verifier, nonce, secure, cache, KEYS);
  }

  private static ServerAuthStep finish(ServerAuthStep step) {
    ServerAuthStep now = step;
    while (now.kind() == ServerAuthStep.Kind.COMPUTE) {
      now = now.compute().get();
    }
    return now;
  }

  private static ClientAuthStep finish(ClientAuthStep step) {
    return step.kind() == ClientAuthStep.Kind.COMPUTE ? step.compute().get() : step;
  }

  private static byte[] rest(byte[] payload) {
    return Arrays.copyOfRange(payload, 1, payload.length);
  }

  private static byte[] nonce() {
    return Scramble.newNonce(RANDOM);
  }
}
