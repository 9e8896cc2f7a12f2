package io.sluice.mysql.account;

import io.netty.util.concurrent.EventExecutor;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.PasswordCache;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Privilege;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Accounts that stand in the configuration; they never change while the process runs. */
public final class StaticAccounts implements AccountStore {

  /** The name. */
  public static final Setting<String> NAME =
      Setting.required("name", SettingTypes.STRING, "User name; empty for the anonymous account.");

  /** The clear password. */
  public static final Setting<String> PASSWORD =
      Setting.optional(
          "password", SettingTypes.SECRET, "Password. Either this or `auth-string` is given.");

  /** The stored form of the password. */
  public static final Setting<String> AUTH_STRING =
      Setting.optional(
          "auth-string",
          SettingTypes.SECRET,
          "What the server keeps of the password, as in `authentication_string` of `mysql.user`;"
              + " for `mysql_clear_password` that of any other method.");

  /** The method. */
  public static final Setting<String> PLUGIN =
      Setting.of(
          "plugin",
          SettingTypes.STRING,
          AuthPlugin.NATIVE_PASSWORD.wireName(),
          "Authentication method: `mysql_native_password`, `caching_sha2_password`,"
              + " `sha256_password`, `ed25519`, `parsec` or `mysql_clear_password` (over TLS only)."
              + " With `auth-string` the same user on the servers should have the same. Some clients"
              + " follow the second one only if `server-version` is that of a MySQL 8 or of a MariaDB"
              + " 11 and later; those of MySQL 9 do not have the first one.");

  /** From where. */
  public static final Setting<List<String>> HOSTS =
      Setting.of(
          "hosts",
          SettingTypes.STRING_LIST,
          List.of("%"),
          "Hosts that the user may come from: addresses, `localhost`, patterns with `%` and `_`,"
              + " networks with a mask.");

  /** Global privileges. */
  public static final Setting<List<String>> GRANTS =
      Setting.of(
          "grants",
          SettingTypes.STRING_LIST,
          List.of(),
          "Global privileges that Sluice itself looks at, such as `REPLICATION SLAVE`; servers"
              + " check everything else.");

  /** Refuse clear connections. */
  public static final Setting<Boolean> REQUIRE_TLS =
      Setting.of(
          "require-tls", SettingTypes.BOOLEAN, false, "Whether the user may only come over TLS.");

  /** One element of the list. */
  public static final SettingsSpec SPEC =
      SettingsSpec.of(NAME, PASSWORD, AUTH_STRING, PLUGIN, HOSTS, GRANTS, REQUIRE_TLS);

  private final AccountTable table;

  private StaticAccounts(AccountTable table) {
    this.table = table;
  }

  /**
   * From the configuration. Computes hashes: not for event loops.
   *
   * @param users elements that follow {@link #SPEC}
   * @param path of the list, for messages
   * @param cache learns the clear passwords, so that clients never need the full exchange and
   *     servers can be logged in to by any method
   * @throws InvalidConfigException for an unknown method or privilege, or no or two passwords
   */
  public static StaticAccounts of(
      List<Settings> users, String path, PasswordCache cache, Instant now) {
    SecureRandom random = new SecureRandom();
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < users.size(); i++) {
      Settings user = users.get(i);
      String here = path + "[" + i + "]";
      StoredVerifier verifier = verifier(user, here, random);
      user.find(PASSWORD)
          .filter(password -> !password.isEmpty())
          .ifPresent(password -> cache.remember(verifier.text(), Scramble.passwordBytes(password)));
      Set<Privilege> privileges = privileges(user.get(GRANTS), here);
      for (String host : user.get(HOSTS)) {
        accounts.add(
            new Account(
                user.get(NAME),
                HostPattern.of(host),
                List.of(new StoredAuth(verifier.plugin().wireName(), verifier.text())),
                privileges,
                false,
                false,
                user.get(REQUIRE_TLS) ? TlsRequirement.ENCRYPTED : TlsRequirement.NONE));
      }
    }
    return new StaticAccounts(new AccountTable(accounts, "configuration", now, null));
  }

  private static StoredVerifier verifier(Settings user, String path, SecureRandom random) {
    AuthPlugin plugin = AuthPlugin.ofAccount(user.get(PLUGIN));
    if (plugin == null) {
      throw new InvalidConfigException(
          path + ".plugin", user.get(PLUGIN) + " (expected: " + AuthPlugin.SPOKEN + ")");
    }
    Optional<String> password = user.find(PASSWORD);
    Optional<String> stored = user.find(AUTH_STRING);
    if (password.isPresent() == stored.isPresent()) {
      throw new InvalidConfigException(
          path,
          (password.isPresent() ? "both" : "neither")
              + " of password and auth-string (expected: one of them)");
    }
    if (password.isPresent()) {
      return StoredVerifier.ofPassword(plugin, password.get(), random);
    }
    StoredVerifier verifier = new StoredVerifier(plugin, stored.orElseThrow());
    if (!verifier.isWellFormed()) {
      throw new InvalidConfigException(
          path + ".auth-string",
          "not of the form of " + plugin.wireName() + " (expected: as in mysql.user)");
    }
    return verifier;
  }

  private static Set<Privilege> privileges(List<String> grants, String path) {
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    for (String grant : grants) {
      String name = grant.trim().toUpperCase(Locale.ROOT);
      if (name.equals("ALL") || name.equals("ALL PRIVILEGES")) {
        privileges.addAll(EnumSet.allOf(Privilege.class));
        continue;
      }
      Privileges.ofSqlName(name)
          .ifPresentOrElse(
              privileges::add,
              () -> {
                throw new InvalidConfigException(
                    path + ".grants", grant + " (expected: ALL, " + Privileges.sqlNames() + ")");
              });
    }
    return privileges;
  }

  @Override
  public AccountTable current() {
    return table;
  }

  @Override
  public void refresh(EventExecutor executor, Consumer<AccountTable> done) {
    executor.execute(() -> done.accept(table));
  }

  @Override
  public CompletableFuture<String> reload() {
    return CompletableFuture.completedFuture("");
  }

  @Override
  public Map<String, Object> diagnostics() {
    return Map.of("accounts", table.accounts().size(), "source", table.origin());
  }

  @Override
  public void close() {
    // Nothing runs.
  }
}
