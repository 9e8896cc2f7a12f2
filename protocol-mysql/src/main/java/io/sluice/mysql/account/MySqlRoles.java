package io.sluice.mysql.account;

import io.sluice.mysql.result.ResultSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The roles of a MySQL server since 8.0, where a role is an account, and which of them are active
 * when somebody logs in: the account's default roles, or all that it was granted if {@code
 * activate_all_roles_on_login} says so; those that {@code mandatory_roles} gives to everybody, if
 * that or {@code activate_mandatory_roles} (9.x) says so; and all that were granted to one of them.
 * Not thread-safe; one object for one load.
 */
final class MySqlRoles {

  /** Who was granted which role. */
  static final String EDGES = "SELECT FROM_HOST, FROM_USER, TO_HOST, TO_USER FROM mysql.role_edges";

  /** Which roles are active without being asked for. */
  static final String DEFAULTS =
      "SELECT HOST, USER, DEFAULT_ROLE_HOST, DEFAULT_ROLE_USER FROM mysql.default_roles";

  /** What the server does with them at a login; no version has all of these. */
  static final String VARIABLES = "SHOW GLOBAL VARIABLES LIKE '%\\_roles%'";

  private static final String PART =
      "`((?:[^`]|``)*)`|'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"|([^@,\\s]*)";
  private static final Pattern ROLE =
      Pattern.compile("\\s*(?:" + PART + ")\\s*(?:@\\s*(?:" + PART + ")\\s*)?(?:,|$)");
  private static final int FORMS = 4;

  private final Map<String, Set<String>> granted = new HashMap<>();
  private final Map<String, Set<String>> defaults = new HashMap<>();
  private final Set<String> mandatory = new LinkedHashSet<>();
  private boolean activateAll;
  private boolean activateMandatory;

  /** Takes the answer to {@link #EDGES}. */
  void edges(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      add(
          granted,
          key(rows.text(row, "TO_USER"), rows.text(row, "TO_HOST")),
          key(rows.text(row, "FROM_USER"), rows.text(row, "FROM_HOST")));
    }
  }

  /** Takes the answer to {@link #DEFAULTS}. */
  void defaults(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      add(
          defaults,
          key(rows.text(row, "USER"), rows.text(row, "HOST")),
          key(rows.text(row, "DEFAULT_ROLE_USER"), rows.text(row, "DEFAULT_ROLE_HOST")));
    }
  }

  /** Takes the answer to {@link #VARIABLES}. */
  void variables(ResultSet result) {
    GrantRows rows = new GrantRows(result);
    for (int row = 0; row < rows.size(); row++) {
      String value = rows.text(row, "Value");
      switch (rows.text(row, "Variable_name")) {
        case "activate_all_roles_on_login" -> activateAll = value.equals("ON");
        case "activate_mandatory_roles" -> activateMandatory = value.equals("ON");
        case "mandatory_roles" -> mandatory(value);
        default -> {}
      }
    }
  }

  /** A list such as {@code `a`@`%`,b}. */
  private void mandatory(String list) {
    Matcher role = ROLE.matcher(list);
    while (role.lookingAt()) {
      String user = part(role, 1);
      if (!user.isEmpty()) {
        mandatory.add(key(user, part(role, 1 + FORMS)));
      }
      if (role.end() == list.length()) {
        return;
      }
      role.region(role.end(), list.length());
    }
  }

  private static String part(Matcher role, int first) {
    String[] quotes = {"`", "'", "\"", ""};
    for (int i = 0; i < FORMS; i++) {
      String found = role.group(first + i);
      if (found != null) {
        return quotes[i].isEmpty() ? found : found.replace(quotes[i] + quotes[i], quotes[i]);
      }
    }
    return "";
  }

  /** The keys of the roles that are active when that account has logged in. */
  Set<String> ofLogin(String account) {
    Set<String> may = new HashSet<>(granted.getOrDefault(account, Set.of()));
    may.addAll(mandatory);
    Deque<String> open = new ArrayDeque<>();
    if (activateAll) {
      open.addAll(may);
    } else {
      defaults.getOrDefault(account, Set.of()).stream().filter(may::contains).forEach(open::add);
      if (activateMandatory) {
        open.addAll(mandatory);
      }
    }
    Set<String> active = new HashSet<>();
    while (!open.isEmpty()) {
      String role = open.remove();
      if (active.add(role)) {
        open.addAll(granted.getOrDefault(role, Set.of()));
      }
    }
    return active;
  }

  private static void add(Map<String, Set<String>> map, String key, String value) {
    map.computeIfAbsent(key, missing -> new HashSet<>()).add(value);
  }

  private static String key(String user, String host) {
    return AccountReader.key(user, HostPattern.of(host).text());
  }
}
