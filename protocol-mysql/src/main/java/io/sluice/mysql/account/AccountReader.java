package io.sluice.mysql.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.result.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes accounts of what a server's grant tables say. Columns are found by name, so it reads the
 * table of MySQL, the view of MariaDB since 10.4 and the tables of older versions alike. Not
 * thread-safe; one object for one load.
 *
 * <p>Source of the layout: the public MariaDB and MySQL manuals, pages "mysql.user table" and
 * "mysql.global_priv table", "Grant Tables".
 *
 * <p>Not followed: proxy users of MySQL. Who logs in has the privileges of the account that
 * matched, never those of one that it may stand for.
 */
final class AccountReader {

  /** Read first, on every server. */
  static final String USERS = "SELECT * FROM mysql.user";

  /** MariaDB since 10.4: locks, alternatives and the newer privileges. */
  static final String GLOBAL_PRIV = "SELECT Host, User, Priv FROM mysql.global_priv";

  /** MariaDB: who may use which role. */
  static final String ROLES = "SELECT Host, User, Role FROM mysql.roles_mapping";

  /** MySQL since 8.0: the newer privileges. */
  static final String GLOBAL_GRANTS = "SELECT USER, HOST, PRIV FROM mysql.global_grants";

  /** MySQL since 5.7: when passwords must be changed. */
  static final String EXPIRIES =
      "SELECT User, Host, UNIX_TIMESTAMP(password_last_changed) + 86400 *"
          + " IFNULL(password_lifetime, @@global.default_password_lifetime) AS expires"
          + " FROM mysql.user"
          + " WHERE IFNULL(password_lifetime, @@global.default_password_lifetime) > 0";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

  /** In days; no server takes a longer one. */
  private static final long LONGEST_LIFETIME = 65_535;

  /** How long a password is that was hashed as before 4.1. */
  private static final int OLD_PASSWORD = 16;

  /** MariaDB: when a password was changed, and for how many days it is good; negative: default. */
  private record Aging(long changed, long days) {}

  private final Map<String, Account> accounts = new LinkedHashMap<>();
  private final Roles roles = new Roles();
  private final MySqlRoles mySqlRoles = new MySqlRoles();
  private final DatabaseReader databases = new DatabaseReader();
  private final Map<String, Aging> aging = new LinkedHashMap<>();
  private final long mariaDbVersion;

  /**
   * Begins a load.
   *
   * @param mariaDbVersion the server's version as a number, 0 for MySQL
   */
  AccountReader(long mariaDbVersion) {
    this.mariaDbVersion = mariaDbVersion;
  }

  /** Takes the answer to {@link #USERS}. */
  void users(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      String user = rows.text(row, "User");
      String host = rows.text(row, "Host");
      Set<Privilege> privileges = columns(rows, row);
      if (rows.isYes(row, "is_role")) {
        roles.add(user, privileges);
        continue;
      }
      String role = rows.text(row, "default_role");
      if (!role.isEmpty()) {
        roles.beginsWith(key(user, HostPattern.of(host).text()), role);
      }
      put(
          new Account(
              user,
              HostPattern.of(host),
              List.of(method(rows, row)),
              privileges,
              rows.isYes(row, "account_locked"),
              rows.isYes(row, "password_expired"),
              new TlsDemand(
                  TlsRequirement.ofColumn(rows.text(row, "ssl_type")),
                  rows.text(row, "ssl_cipher"),
                  rows.text(row, "x509_issuer"),
                  rows.text(row, "x509_subject")),
              null));
    }
  }

  private Set<Privilege> columns(GrantRows rows, int row) {
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    for (Map.Entry<String, Privilege> column : Privileges.COLUMNS.entrySet()) {
      if (rows.isYes(row, column.getKey())) {
        privileges.add(column.getValue());
      }
    }
    if (mariaDbVersion > 0) {
      Privileges.expand(privileges, 0, mariaDbVersion);
    }
    return privileges;
  }

  /** Takes the answer to {@link #GLOBAL_PRIV}. */
  void globalPriv(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      String user = rows.text(row, "User");
      String host = rows.text(row, "Host");
      Account account = accounts.get(key(user, HostPattern.of(host).text()));
      JsonNode priv = json(rows.text(row, "Priv"));
      if (host.isEmpty() && roles.knows(user)) {
        roles.add(user, accessOf(priv, Set.of()));
      } else if (account != null && priv.isObject()) {
        put(merge(account, priv));
        if (priv.path("password_last_changed").asLong(0) > 0) {
          aging.put(
              key(user, account.host().text()),
              new Aging(
                  priv.path("password_last_changed").asLong(),
                  priv.path("password_lifetime").asLong(-1)));
        }
      }
    }
  }

  /** Takes the answer to {@link #ROLES}. */
  void rolesMapping(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      String user = rows.text(row, "User");
      String host = rows.text(row, "Host");
      roles.grant(
          host.isEmpty() ? Roles.asGrantee(user) : key(user, HostPattern.of(host).text()),
          rows.text(row, "Role"));
    }
  }

  /** Takes the answer to {@link #GLOBAL_GRANTS}. */
  void globalGrants(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      Account account =
          accounts.get(key(rows.text(row, "USER"), HostPattern.of(rows.text(row, "HOST")).text()));
      if (account == null) {
        continue;
      }
      Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
      privileges.addAll(account.privileges());
      Privileges.ofSqlName(rows.text(row, "PRIV").toUpperCase(Locale.ROOT))
          .ifPresent(privileges::add);
      put(with(account, account.methods(), privileges, account.locked()));
    }
  }

  /** Takes the answer to {@link #EXPIRIES}. */
  void expiries(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      Account account =
          accounts.get(key(rows.text(row, "User"), HostPattern.of(rows.text(row, "Host")).text()));
      String expires = rows.text(row, "expires");
      if (account != null && SECONDS.matcher(expires).matches()) {
        put(
            new Account(
                account.user(),
                account.host(),
                account.methods(),
                account.privileges(),
                account.locked(),
                account.expired(),
                account.tls(),
                Instant.ofEpochSecond(Long.parseLong(expires))));
      }
    }
  }

  /** What takes the answers to the questions of {@link MySqlRoles}. */
  MySqlRoles mySqlRoles() {
    return mySqlRoles;
  }

  /** What takes the answers to the questions of {@link DatabaseReader}. */
  DatabaseReader databases() {
    return databases;
  }

  /** What else the server goes by at logins. */
  ServerRules rules() {
    Map<String, Set<String>> active = new LinkedHashMap<>();
    Set<String> everybody = new HashSet<>();
    roles.active("").forEach(role -> everybody.add(Roles.asAccount(role)));
    for (String account : accounts.keySet()) {
      Set<String> grantees = new HashSet<>(mySqlRoles.ofLogin(account));
      roles.active(account).forEach(role -> grantees.add(Roles.asAccount(role)));
      grantees.removeAll(everybody);
      active.put(account, grantees);
    }
    return new ServerRules(
        !databases.variable("disconnect_on_expired_password").equals("OFF"),
        databases.access(active, everybody));
  }

  private @Nullable Instant expiryOf(String key, Account account) {
    Aging known = aging.get(key);
    if (known == null) {
      return account.expiresAt();
    }
    String general = databases.variable("default_password_lifetime");
    long days =
        known.days() >= 0
            ? known.days()
            : SECONDS.matcher(general).matches() ? Long.parseLong(general) : 0;
    return days == 0
        ? null
        : Instant.ofEpochSecond(known.changed())
            .plus(Duration.ofDays(Math.min(days, LONGEST_LIFETIME)));
  }

  /** All of them, with what they get by roles when they log in. */
  List<Account> accounts() {
    List<Account> all = new ArrayList<>();
    accounts.forEach(
        (key, account) -> {
          Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
          privileges.addAll(account.privileges());
          privileges.addAll(roles.ofLogin(key));
          for (String role : mySqlRoles.ofLogin(key)) {
            Account granted = accounts.get(role);
            privileges.addAll(granted == null ? Set.of() : granted.privileges());
          }
          all.add(
              new Account(
                  account.user(),
                  account.host(),
                  account.methods(),
                  privileges,
                  account.locked(),
                  account.expired(),
                  account.tls(),
                  expiryOf(key, account)));
        });
    return all;
  }

  private static StoredAuth method(GrantRows rows, int row) {
    String plugin = rows.text(row, "plugin");
    String stored = rows.text(row, "authentication_string");
    String ofOldTable = rows.text(row, "Password");
    if (plugin.isEmpty()) {
      plugin =
          ofOldTable.length() == OLD_PASSWORD
              ? "mysql_old_password"
              : AuthPlugin.NATIVE_PASSWORD.wireName();
    }
    if (stored.isEmpty() && plugin.equals(AuthPlugin.NATIVE_PASSWORD.wireName())) {
      stored = ofOldTable;
    }
    JsonNode attributes = json(rows.text(row, "User_attributes"));
    JsonNode factors = attributes.path("multi_factor_authentication");
    if (factors.isArray() && !factors.isEmpty()) {
      // One factor alone must not be enough: a method of this name is none that is spoken.
      StringBuilder all = new StringBuilder(plugin);
      factors.forEach(factor -> all.append(" and ").append(factor.path("plugin").asText()));
      return new StoredAuth(all.toString(), "");
    }
    return new StoredAuth(plugin, stored, attributes.path("additional_password").asText(""));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private Set<Privilege> accessOf(JsonNode priv, Set<Privilege> without) {
    return priv.has("access")
        ? Privileges.ofAccessBits(
            priv.path("access").asLong(0), priv.path("version_id").asLong(0), mariaDbVersion)
        : without;
  }

  private Account merge(Account account, JsonNode priv) {
    Set<Privilege> privileges = accessOf(priv, account.privileges());
    List<StoredAuth> methods = new ArrayList<>();
    for (JsonNode alternative : priv.path("auth_or")) {
      // An empty object stands for the method at the top level.
      methods.add(
          alternative.has("plugin")
              ? new StoredAuth(
                  alternative.path("plugin").asText(),
                  alternative.path("authentication_string").asText(""))
              : account.methods().get(0));
    }
    return with(
        account,
        methods.isEmpty() ? account.methods() : methods,
        privileges,
        account.locked() || priv.path("account_locked").asBoolean(false));
  }

  private static Account with(
      Account account, List<StoredAuth> methods, Set<Privilege> privileges, boolean locked) {
    return new Account(
        account.user(),
        account.host(),
        methods,
        privileges,
        locked,
        account.expired(),
        account.tls(),
        account.expiresAt());
  }

  private void put(Account account) {
    accounts.put(key(account.user(), account.host().text()), account);
  }

  static String key(String user, String host) {
    return user + '\0' + host;
  }
}
