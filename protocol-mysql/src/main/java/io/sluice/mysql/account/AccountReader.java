package io.sluice.mysql.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.result.ResultSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
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
  void users(ResultSet result) {
    Rows rows = new Rows(result);
    for (int row = 0; row < rows.size(); row++) {
      if (rows.isYes(row, "is_role")) {
        continue;
      }
      String user = rows.text(row, "User");
      String host = rows.text(row, "Host");
      Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
      for (Map.Entry<String, Privilege> column : Privileges.COLUMNS.entrySet()) {
        if (rows.isYes(row, column.getKey())) {
          privileges.add(column.getValue());
        }
      }
      put(
          new Account(
              user,
              HostPattern.of(host),
              List.of(method(rows, row)),
              privileges,
              rows.isYes(row, "account_locked"),
              rows.isYes(row, "password_expired"),
              TlsRequirement.ofColumn(rows.text(row, "ssl_type"))));
    }
  }

  /** Takes the answer to {@link #GLOBAL_PRIV}. */
  void globalPriv(ResultSet result) {
    Rows rows = new Rows(result);
    for (int row = 0; row < rows.size(); row++) {
      Account account =
          accounts.get(key(rows.text(row, "User"), HostPattern.of(rows.text(row, "Host"))));
      if (account != null) {
        put(merge(account, rows.text(row, "Priv")));
      }
    }
  }

  /** Takes the answer to {@link #GLOBAL_GRANTS}. */
  void globalGrants(ResultSet result) {
    Rows rows = new Rows(result);
    for (int row = 0; row < rows.size(); row++) {
      Account account =
          accounts.get(key(rows.text(row, "USER"), HostPattern.of(rows.text(row, "HOST"))));
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

  List<Account> accounts() {
    return List.copyOf(accounts.values());
  }

  private static StoredAuth method(Rows rows, int row) {
    String plugin = rows.text(row, "plugin");
    String stored = rows.text(row, "authentication_string");
    if (plugin.isEmpty()) {
      plugin = AuthPlugin.NATIVE_PASSWORD.wireName();
    }
    if (stored.isEmpty() && plugin.equals(AuthPlugin.NATIVE_PASSWORD.wireName())) {
      stored = rows.text(row, "Password");
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

  /** A result whose columns are found by name, whatever their case. */
  private static final class Rows {
    private final ResultSet result;
    private final Map<String, Integer> columns = new HashMap<>();

    private Rows(ResultSet result) {
      this.result = result;
      List<String> names = result.columnNames();
      for (int i = 0; i < names.size(); i++) {
        columns.putIfAbsent(names.get(i).toLowerCase(Locale.ROOT), i);
      }
    }

    int size() {
      return result.size();
    }

    /** The value as text; empty for NULL and for a column that this server does not have. */
    String text(int row, String column) {
      @Nullable Integer index = columns.get(column.toLowerCase(Locale.ROOT));
      @Nullable String value = index == null ? null : result.value(row, index);
      return value == null ? "" : value;
    }

    boolean isYes(int row, String column) {
      return text(row, column).equals("Y");
    }
  }
}
