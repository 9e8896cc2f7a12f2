package io.sluice.mysql.account;

import io.sluice.mysql.constant.Privilege;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The roles of a MariaDB server, and what a login gets by them: the account's default role and
 * those granted to that, and what is granted to PUBLIC. Not thread-safe; one object for one load.
 */
final class Roles {

  /** Since 10.11: what everybody has. */
  private static final String PUBLIC = "PUBLIC";

  private final Map<String, Set<Privilege>> privileges = new HashMap<>();
  private final Map<String, Set<String>> granted = new HashMap<>();
  private final Map<String, String> defaults = new HashMap<>();

  void add(String role, Set<Privilege> global) {
    privileges.put(role, global);
  }

  boolean knows(String role) {
    return privileges.containsKey(role);
  }

  /** That account begins with that role, if it may use it. */
  void beginsWith(String account, String role) {
    defaults.put(account, role);
  }

  /** An account or, without a host, a role may use a role. */
  void grant(String grantee, String role) {
    granted.computeIfAbsent(grantee, key -> new HashSet<>()).add(role);
  }

  /** The name of a role as a grantee. */
  static String asGrantee(String role) {
    return AccountReader.key(role, "");
  }

  /** The name of a role as the tables of grants for databases have it, read as an account's. */
  static String asAccount(String role) {
    return AccountReader.key(role, HostPattern.of("").text());
  }

  /** What an account has by roles when it logs in. */
  Set<Privilege> ofLogin(String account) {
    Set<Privilege> all = EnumSet.noneOf(Privilege.class);
    for (String role : active(account)) {
      all.addAll(privileges.getOrDefault(role, Set.of()));
    }
    return all;
  }

  /** The names of the roles that are active when an account has logged in. */
  Set<String> active(String account) {
    Deque<String> open = new ArrayDeque<>();
    open.add(PUBLIC);
    String first = defaults.get(account);
    if (first != null && granted.getOrDefault(account, Set.of()).contains(first)) {
      open.add(first);
    }
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      String role = open.remove();
      if (seen.add(role)) {
        open.addAll(granted.getOrDefault(asGrantee(role), Set.of()));
      }
    }
    return seen;
  }
}
