package io.sluice.mysql.frontend;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.Capability;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.session.Credentials;
import io.sluice.mysql.account.Account;
import io.sluice.mysql.account.AccountStore;
import io.sluice.mysql.account.AccountTable;
import io.sluice.mysql.account.LoadedAccounts;
import io.sluice.mysql.account.StaticAccounts;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.PasswordCache;
import io.sluice.mysql.auth.RsaKeys;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.compression.Compression;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.request.ServerGreeting;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server role for one listener: what all its connections share. Thread-safe. */
public final class MySqlClientProtocol implements ClientProtocol {

  /**
   * The version shown when none is configured and no server was ever reached. A MariaDB 10 because
   * tools of that version refuse a higher one.
   */
  public static final String DEFAULT_VERSION = "5.5.5-10.11.11-MariaDB";

  private static final String OLD_PREFIX = "5.5.5-";
  private static final Pattern MARIADB_10 = Pattern.compile("10\\.\\d.*MariaDB.*");

  private final ListenerContext context;
  private final AccountStore accounts;
  private final PasswordCache passwords = new PasswordCache();
  private final RsaKeys keys;
  private final ListenerTls tls;
  private final SecureRandom random;
  private final long maxPacketSize;
  private final Greetings greetings;
  private final UserMapping mapping;
  private final boolean asksForPasswords;
  private final HostFailures failures;
  private final int zlibLevel;
  private final int zstdMaxLevel;

  /**
   * Makes or reads keys and begins to load accounts. Blocks for files.
   *
   * @throws InvalidConfigException for settings that cannot work together
   */
  public MySqlClientProtocol(ListenerContext context, Settings settings) {
    this.context = context;
    this.random = newRandom();
    this.maxPacketSize = settings.get(ListenerSettings.MAX_PACKET_SIZE);
    this.tls = ListenerTls.of(context, settings.get(ListenerSettings.TLS));
    this.keys = RsaKeys.loadOrCreate(context.dataDirectory());
    this.mapping =
        settings
            .find(ListenerSettings.USER_MAPPING)
            .map(list -> UserMapping.of(list, ListenerSettings.USER_MAPPING.name()))
            .orElse(UserMapping.NONE);
    this.asksForPasswords = settings.get(ListenerSettings.ASK_FOR_PASSWORD);
    this.accounts = accounts(settings);
    this.failures =
        new HostFailures(
            context.service().name(),
            settings.get(ListenerSettings.MAX_LOGIN_FAILURES),
            settings.get(ListenerSettings.LOGIN_BLOCK_TIME),
            System::nanoTime);
    this.zlibLevel = settings.get(ListenerSettings.ZLIB_LEVEL);
    this.zstdMaxLevel = settings.get(ListenerSettings.ZSTD_MAX_LEVEL);
    List<Compression.Method> methods =
        settings.get(ListenerSettings.COMPRESSION).stream()
            .filter(Compression.Method::isAvailable)
            .toList();
    this.greetings =
        new Greetings(
            context,
            accounts,
            settings
                .find(ListenerSettings.SERVER_VERSION)
                .map(MySqlClientProtocol::wireVersion)
                .orElse(null),
            new Capabilities(
                (tls.context() != null ? Capabilities.SSL : 0) | Compression.offer(methods)));
  }

  /** Seeded once: the usual generator reads a file, which an event loop must not. */
  private static SecureRandom newRandom() {
    try {
      SecureRandom random = SecureRandom.getInstance("DRBG");
      random.nextInt();
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has DRBG", e);
    }
  }

  private AccountStore accounts(Settings settings) {
    Optional<List<Settings>> users = settings.find(ListenerSettings.USERS);
    if (users.isPresent()) {
      return StaticAccounts.of(users.get(), "users", passwords, context.clock().instant());
    }
    Credentials credentials =
        context
            .service()
            .credentials()
            .orElseThrow(
                () ->
                    new InvalidConfigException(
                        "users",
                        "missing (expected: users here, or user and password of the service "
                            + context.service().name()
                            + " to load accounts with)"));
    return new LoadedAccounts(
        context, context.service(), credentials, settings.get(ListenerSettings.ACCOUNTS_REFRESH));
  }

  /** MariaDB 10 puts a prefix in front of its version; later versions and MySQL do not. */
  private static String wireVersion(String configured) {
    return MARIADB_10.matcher(configured).matches() ? OLD_PREFIX + configured : configured;
  }

  @Override
  public ClientConnection newConnection(ClientContext client) {
    return new MySqlClientConnection(this, client);
  }

  /** Whether waiting for the accounts cannot tell more about the version to show. */
  boolean isVersionKnown() {
    return greetings.isVersionKnown();
  }

  /** What a client that connects now is greeted with. */
  ServerGreeting greeting() {
    return greetings.current();
  }

  /** The same for a client whose requests are treated as these say. */
  ServerGreeting greeting(Set<Capability> needs) {
    return Greetings.forNeeds(greeting(), needs);
  }

  /**
   * What a user that does not exist is checked by: the method of some account, always the same for
   * one name, so that methods do not tell which users there are.
   */
  StoredVerifier decoy(AccountTable table, String user) {
    List<Account> all = table.accounts();
    List<StoredVerifier> like =
        all.isEmpty()
            ? List.of()
            : all.get(Math.floorMod(user.hashCode(), all.size())).verifiersFor(null);
    if (!like.isEmpty()) {
      return like.get(0).decoy(random);
    }
    AuthPlugin greeted = AuthPlugin.of(greeting().authPlugin());
    return StoredVerifier.ofNobody(greeted == null ? AuthPlugin.NATIVE_PASSWORD : greeted, random);
  }

  /** Whether clients with methods that sign are asked for their passwords. */
  boolean asksForPasswords() {
    return asksForPasswords;
  }

  /** Who clients are towards servers. */
  UserMapping mapping() {
    return mapping;
  }

  Instant now() {
    return context.clock().instant();
  }

  AccountStore accounts() {
    return accounts;
  }

  HostFailures failures() {
    return failures;
  }

  PasswordCache passwords() {
    return passwords;
  }

  RsaKeys keys() {
    return keys;
  }

  ListenerTls tls() {
    return tls;
  }

  SecureRandom random() {
    return random;
  }

  SessionKiller killer() {
    return new SessionKiller(context.sessions(), service());
  }

  long maxPacketSize() {
    return maxPacketSize;
  }

  /**
   * How a connection goes on after its login.
   *
   * @param both what was agreed
   * @param wantedLevel the level for zstd that the client wants; 0 if it says none
   * @return null for without compression
   */
  @Nullable Compression compressionOf(Capabilities both, int wantedLevel) {
    Compression.Method method = Compression.agreed(both);
    if (method == null) {
      return null;
    }
    return method == Compression.Method.ZLIB
        ? method.at(zlibLevel)
        : method.at(Math.min(wantedLevel, zstdMaxLevel));
  }

  Executor slowExecutor() {
    return context.blockingExecutor();
  }

  String service() {
    return context.service().name();
  }

  @Override
  public Map<String, Object> diagnostics() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("presented_version", greeting().version());
    view.put("tls", tls.label());
    view.putAll(tls.diagnostics());
    view.put("accounts", accounts.diagnostics());
    view.put("logins", failures.diagnostics());
    return view;
  }

  @Override
  public List<ModuleCommand> commands() {
    return ListenerCommands.of(accounts, failures);
  }

  @Override
  public void close() {
    tls.close();
    accounts.close();
  }
}
