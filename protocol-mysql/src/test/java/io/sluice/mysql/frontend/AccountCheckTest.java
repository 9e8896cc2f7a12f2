package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.account.Account;
import io.sluice.mysql.account.AccountStore;
import io.sluice.mysql.account.AccountTable;
import io.sluice.mysql.account.HostPattern;
import io.sluice.mysql.account.StoredAuth;
import io.sluice.mysql.account.TlsRequirement;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.tls.ClientTls;
import io.sluice.mysql.wire.Packets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

/** Logins with accounts as servers keep them, some of which no configuration could list. */
class AccountCheckTest implements AccountCheck.Wire, AccountStore {

  private static final String NATIVE_OF_P =
      StoredVerifier.ofPassword(AuthPlugin.NATIVE_PASSWORD, "p", new SecureRandom()).text();

  @TempDir static Path directory;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> asked = new ArrayList<>();

  /** What changes with each look for newer accounts. */
  private final Deque<Runnable> looks = new ArrayDeque<>();

  private byte[] nonce = new byte[20];
  private AccountTable table = AccountTable.NOTHING;
  private @Nullable MySqlClientProtocol protocol;
  private @Nullable AccountCheck check;
  private @Nullable ProvenCredentials accepted;
  private @Nullable String refused;

  @AfterEach
  void tearDown() {
    channel.finishAndReleaseAll();
  }

  private void account(String user, String plugin, String text) {
    Account account =
        new Account(
            user,
            HostPattern.of("%"),
            List.of(new StoredAuth(plugin, text)),
            Set.of(),
            false,
            false,
            TlsRequirement.NONE);
    List<Account> all = new ArrayList<>(table.accounts());
    all.add(account);
    table = new AccountTable(all, "test", Instant.EPOCH, null);
  }

  /** A client over TLS. */
  private void logIn(String options, String user, String plugin, byte[] answer) {
    MySqlClientProtocol spied =
        Mockito.spy(
            Peer.protocol(directory, "users = []" + (options.isEmpty() ? "" : ", ") + options));
    Mockito.doReturn(this).when(spied).accounts();
    protocol = spied;
    HandshakeResponse41 login =
        new HandshakeResponse41(
            Capabilities.COMMON, 1 << 24, 33, user, answer, null, plugin, Map.of());
    AccountCheck started =
        new AccountCheck(spied, channel.eventLoop(), login, "10.0.0.1", true, false, this);
    check = started;
    started.start();
    channel.runPendingTasks();
  }

  private void logInAsNative(String options, String user, String password) {
    byte[] answer =
        Scramble.nativeResponse(Scramble.sha1(password.getBytes(UTF_8)), connectionNonce());
    logIn(options, user, "mysql_native_password", answer);
  }

  /** As text: the verifier of another method would let its password in. */
  @ParameterizedTest
  @CsvSource({
    "ed25519, '', ''",
    "parsec, '', ''",
    "ed25519, invalid, ''",
    "ed25519, NATIVE, p",
    "parsec, NATIVE, p"
  })
  void shouldLetNobodyInWithAPasswordThatItsMethodCannotCheck(
      String plugin, String text, String password) {
    account("u", plugin, text.equals("NATIVE") ? NATIVE_OF_P : text);

    logIn(
        "ask-for-password = true", "u", "mysql_clear_password", (password + '\0').getBytes(UTF_8));
    while (refused == null && accepted == null && asked.size() < 3) {
      check.onData((password + '\0').getBytes(UTF_8));
      channel.runPendingTasks();
    }

    assertThat(accepted).isNull();
    assertThat(refused).contains("no password fits the account");
    assertThat(asked).isNotEmpty().doesNotContain("mysql_clear_password");
  }

  @ParameterizedTest
  @CsvSource({"ed25519, u", "parsec, u", "ed25519, nobody", "parsec, nobody"})
  void shouldAskUsersThatDoNotExistForTheSame(String plugin, String user) {
    account(
        "u",
        plugin,
        StoredVerifier.ofPassword(AuthPlugin.ofAccount(plugin), "p", new SecureRandom()).text());

    logInAsNative("ask-for-password = true", user, "p");

    assertThat(asked).containsExactly("mysql_clear_password");
    check.onData("p\0".getBytes(UTF_8));
    channel.runPendingTasks();
    assertThat(accepted != null).isEqualTo(user.equals("u"));
  }

  /** Else whoever the anonymous account takes could choose to be any of them. */
  @ParameterizedTest
  @CsvSource({"root, be", "other, other"})
  void shouldMapAUserByItsOwnAccountOnly(String user, String onServers) {
    account("", "mysql_native_password", NATIVE_OF_P);
    account("root", "mysql_native_password", NATIVE_OF_P);
    String mapping =
        "user-mapping = [{ name = root, user = be, password = x },"
            + " { name = other, user = be, password = x }]";

    logInAsNative(mapping, user, "p");

    assertThat(refused).isNull();
    assertThat(accepted.user()).isEqualTo(user);
    assertThat(accepted.serverUser()).isEqualTo(onServers);
  }

  @ParameterizedTest
  @CsvSource({
    "mysql_native_password, u, wrong, 1",
    "mysql_native_password, u, p, 0",
    "mysql_native_password, nobody, p, 1",
    "unix_socket, u, p, 0"
  })
  void shouldCountWrongUsersAndPasswords(String plugin, String user, String password, long count) {
    account("u", plugin, NATIVE_OF_P);

    logInAsNative("", user, password);

    assertThat(protocol.failures().diagnostics()).containsEntry("failed", count);
  }

  @Test
  void shouldCountNothingAsLongAsThereAreNoAccounts() {
    logInAsNative("", "u", "p");

    assertThat(refused).contains("no accounts have been loaded");
    assertThat(protocol.failures().diagnostics()).containsEntry("failed", 0L);
  }

  /** The first load may have read the tables before the account was made. */
  @Test
  void shouldLookOnceMoreForAnAccountThatTheFirstLoadMissed() {
    looks.add(() -> account("other", "mysql_native_password", NATIVE_OF_P));
    looks.add(() -> account("u", "mysql_native_password", NATIVE_OF_P));

    logInAsNative("", "u", "p");

    assertThat(refused).isNull();
    assertThat(accepted).isNotNull();
    assertThat(looks).isEmpty();
  }

  @Test
  void shouldLookNoMoreThanOnceForAnAccountThatIsNotThere() {
    account("other", "mysql_native_password", NATIVE_OF_P);
    looks.add(() -> {});
    looks.add(() -> account("u", "mysql_native_password", NATIVE_OF_P));

    logInAsNative("", "u", "p");

    assertThat(accepted).isNull();
    assertThat(looks).hasSize(1);
  }

  // Wire

  @Override
  public void send(ByteBuf framed) {
    framed.skipBytes(Packets.HEADER);
    byte[] packet = ByteBufUtil.getBytes(framed);
    framed.release();
    if ((packet[0] & 0xff) == AuthSwitchRequest.HEADER) {
      asked.add(AuthSwitchRequest.decode(Unpooled.wrappedBuffer(packet)).plugin());
    }
  }

  @Override
  public int nextSequence() {
    return 2;
  }

  @Override
  public void expectData() {
    // The tests know when to answer.
  }

  @Override
  public boolean isOver() {
    return accepted != null || refused != null;
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
    accepted = credentials;
  }

  @Override
  public void refuse(ReplyError error, String why) {
    refused = why;
  }

  // AccountStore

  @Override
  public AccountTable current() {
    return table;
  }

  @Override
  public void refresh(EventExecutor executor, Consumer<AccountTable> done) {
    Runnable look = looks.poll();
    if (look != null) {
      look.run();
    }
    done.accept(table);
  }

  @Override
  public CompletableFuture<String> reload() {
    return CompletableFuture.completedFuture("");
  }

  @Override
  public Map<String, Object> diagnostics() {
    return Map.of();
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
