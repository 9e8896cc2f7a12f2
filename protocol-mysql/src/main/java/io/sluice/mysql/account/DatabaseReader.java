package io.sluice.mysql.account;

import io.sluice.mysql.result.ResultSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Makes a {@link DatabaseAccess} of what a server's grant tables say. Not thread-safe; one object
 * for one load.
 */
final class DatabaseReader {

  /** Grants for whole databases, whose names are patterns. */
  static final String GRANTS = "SELECT Host, Db, User FROM mysql.db";

  /** Grants for tables and columns, which are enough to begin in their database. */
  static final String TABLES = "SELECT DISTINCT Host, Db, User FROM mysql.tables_priv";

  /** Grants for routines, which are too. */
  static final String ROUTINES = "SELECT DISTINCT Host, Db, User FROM mysql.procs_priv";

  /** The databases that the service's user may see. */
  static final String NAMES = "SHOW DATABASES";

  /** Whether these are all. */
  static final String OWN_GRANTS = "SHOW GRANTS";

  /** How the server goes by all that. */
  static final String VARIABLES =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('lower_case_table_names',"
          + " 'disconnect_on_expired_password', 'default_password_lifetime')";

  /** A privilege for all databases shows all of them; so does the one that is made for it. */
  private static final Pattern SEES_ALL =
      Pattern.compile(
          "GRANT .*\\b(ALL PRIVILEGES|SHOW DATABASES|SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER"
              + "|INDEX|REFERENCES)\\b.* ON \\*\\.\\* TO .*");

  private record Row(String user, String host, String database, boolean exact) {}

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final Set<String> names = new TreeSet<>();
  private boolean complete;
  private boolean partial;
  private int read;

  /** Takes the answer to {@link #GRANTS}. */
  void grants(ResultSet result) {
    add(result, false);
  }

  /** Takes the answer to {@link #TABLES} or {@link #ROUTINES}. */
  void parts(ResultSet result) {
    add(result, true);
  }

  private void add(ResultSet result, boolean exact) {
    read++;
    GrantRows grants = new GrantRows(result);
    for (int row = 0; row < grants.size(); row++) {
      rows.add(
          new Row(
              grants.text(row, "User"), grants.text(row, "Host"), grants.text(row, "Db"), exact));
    }
  }

  /** Takes the answer to {@link #NAMES}. */
  void names(ResultSet result) {
    for (int row = 0; row < result.size(); row++) {
      String name = result.value(row, 0);
      if (name != null) {
        names.add(name);
      }
    }
  }

  /** Takes the answer to {@link #OWN_GRANTS}. */
  void ownGrants(ResultSet result) {
    for (int row = 0; row < result.size(); row++) {
      String grant = result.value(row, 0);
      complete |= grant != null && SEES_ALL.matcher(grant).matches();
      partial |= grant != null && grant.startsWith("REVOKE ");
    }
  }

  /** Takes the answer to {@link #VARIABLES}. */
  void variables(ResultSet result) {
    GrantRows settings = new GrantRows(result);
    for (int row = 0; row < settings.size(); row++) {
      variables.put(settings.text(row, "Variable_name"), settings.text(row, "Value"));
    }
  }

  /** A global variable of the server; empty if it has none of that name. */
  String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /**
   * All of it.
   *
   * @param roles the keys of the roles of each account, by the account's key
   * @param everybody the keys of roles that all accounts have
   */
  DatabaseAccess access(Map<String, Set<String>> roles, Set<String> everybody) {
    if (read < 3) {
      return DatabaseAccess.UNKNOWN;
    }
    List<DatabaseAccess.Grant> grants = new ArrayList<>();
    Map<String, List<Row>> byGrantee = new LinkedHashMap<>();
    for (Row row : rows) {
      String grantee = AccountReader.key(row.user(), HostPattern.of(row.host()).text());
      byGrantee.computeIfAbsent(grantee, key -> new ArrayList<>()).add(row);
      grants.add(grant(row, row.user(), HostPattern.of(row.host())));
    }
    roles.forEach(
        (account, keys) -> {
          int end = account.indexOf('\0');
          HostPattern host = HostPattern.of(account.substring(end + 1));
          for (String role : keys) {
            byGrantee
                .getOrDefault(role, List.of())
                .forEach(row -> grants.add(grant(row, account.substring(0, end), host)));
          }
        });
    for (String role : everybody) {
      byGrantee
          .getOrDefault(role, List.of())
          .forEach(row -> grants.add(grant(row, "", HostPattern.of(""))));
    }
    return DatabaseAccess.of(
        grants,
        complete && !partial ? names : null,
        !variable("lower_case_table_names").equals("0"));
  }

  private static DatabaseAccess.Grant grant(Row row, String user, HostPattern host) {
    return new DatabaseAccess.Grant(user, host, row.database(), row.exact());
  }
}
