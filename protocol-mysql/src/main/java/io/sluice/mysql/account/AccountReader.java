package io.sluice.mysql.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.result.ResultSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes accounts of what a server's grant tables say. Columns are found by name, so it reads the
 * table of MySQL, the view of MariaDB since 10.4 and the tables of older versions alike. Not
 * thread-safe; one object for one load.
 *
 * <p>Source of the layout: the public MariaDB and MySQL manuals, pages "mysql.user table" and
 * "mysql.global_priv table".
 */
final class AccountReader {

  /** Read first, on every server. */
  static final String USERS = "SELECT * FROM mysql.user";

  /** MariaDB since 10.4: locks, alternatives and the newer privileges. */
  static final String GLOBAL_PRIV = "SELECT Host, User, Priv FROM mysql.global_priv";

  /** MySQL since 8.0: the newer privileges. */
  static final String GLOBAL_GRANTS = "SELECT USER, HOST, PRIV FROM mysql.global_grants";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Account> accounts = new LinkedHashMap<>();

  /** Takes the answer to {@link #USERS}. */
  void users(ResultSet rows) {
    for (int row = 0; row < rows.size(); row++) {
      if (isYes(rows, row, "is_role")) {
        continue;
      }
      String user = text(rows, row, "User");
      String host = text(rows, row, "Host");
      Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
      for (Map.Entry<String, Privilege> column : Privileges.COLUMNS.entrySet()) {
        if (isYes(rows, row, column.getKey())) {
          privileges.add(column.getValue());
        }
      }
      put(
          new Account(
              user,
              HostPattern.of(host),
              List.of(method(rows, row)),
              privileges,
              isYes(rows, row, "account_locked"),
              isYes(rows, row, "password_expired"),
              TlsRequirement.ofColumn(text(rows, row, "ssl_type"))));
    }
  }

  /** Takes the answer to {@link #GLOBAL_PRIV}. */
  void globalPriv(ResultSet rows) {
    for (int row = 0; row < rows.size(); row++) {
      Account account =
          accounts.get(key(text(rows, row, "User"), HostPattern.of(text(rows, row, "Host"))));
      if (account != null) {
        put(merge(account, text(rows, row, "Priv")));
      }
    }
  }

  /** Takes the answer to {@link #GLOBAL_GRANTS}. */
  void globalGrants(ResultSet rows) {
    for (int row = 0; row < rows.size(); row++) {
      Account account =
          accounts.get(key(text(rows, row, "USER"), HostPattern.of(text(rows, row, "HOST"))));
      if (account == null) {
        continue;
      }
      Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
      privileges.addAll(account.privileges());
      Privileges.ofSqlName(text(rows, row, "PRIV").toUpperCase(Locale.ROOT))
          .ifPresent(privileges::add);
      put(with(account, account.methods(), privileges, account.locked()));
    }
  }

  List<Account> accounts() {
    return List.copyOf(accounts.values());
  }

  private static StoredAuth method(ResultSet rows, int row) {
    String plugin = text(rows, row, "plugin");
    String stored = text(rows, row, "authentication_string");
    if (plugin.isEmpty()) {
      plugin = AuthPlugin.NATIVE_PASSWORD.wireName();
    }
    if (stored.isEmpty() && plugin.equals(AuthPlugin.NATIVE_PASSWORD.wireName())) {
      stored = text(rows, row, "Password");
    }
    return new StoredAuth(plugin, stored);
  }

  private static Account merge(Account account, String json) {
    JsonNode priv;
    try {
      priv = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return account;
    }
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    privileges.addAll(account.privileges());
    privileges.addAll(Privileges.ofAccessBits(priv.path("access").asLong(0)));
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
        account.tls());
  }

  private void put(Account account) {
    accounts.put(key(account.user(), account.host()), account);
  }

  private static String key(String user, HostPattern host) {
    return user + '\0' + host.text();
  }

  private static boolean isYes(ResultSet rows, int row, String column) {
    return text(rows, row, column).equals("Y");
  }

  /** The value as text; empty for NULL and for a column that this server does not have. */
  private static String text(ResultSet rows, int row, String column) {
    for (String name : rows.columnNames()) {
      if (name.equalsIgnoreCase(column)) {
        @Nullable String value = rows.value(row, name);
        return value == null ? "" : value;
      }
    }
    return "";
  }
}
