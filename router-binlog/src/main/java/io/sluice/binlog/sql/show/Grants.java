package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.mysql.constant.Privilege;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SHOW GRANTS of the client's own account: its global privileges. Others have no meaning where
 * there is no data, and passwords are not shown. Stateless.
 */
final class Grants {
  /** What MySQL 5.6 and 5.7 call ALL PRIVILEGES. */
  private static final Set<Privilege> OLD_MYSQL = oldMySql();

  private Grants() {}

  private static Set<Privilege> oldMySql() {
    Set<Privilege> all = EnumSet.range(Privilege.SELECT, Privilege.CREATE_TABLESPACE);
    all.remove(Privilege.GRANT_OPTION);
    return all;
  }

  private static Set<Privilege> granted(Client client) {
    Set<Privilege> granted = EnumSet.noneOf(Privilege.class);
    for (Privilege privilege : Privilege.values()) {
      if (client.hasAny(privilege)) {
        granted.add(privilege);
      }
    }
    return granted;
  }

  /**
   * MySQL prints those that can be added by plugins apart, since 8.0; before, it called all of them
   * ALL PRIVILEGES.
   */
  static List<List<@Nullable Object>> ofMySql(Client client, PresentedVersion version) {
    Set<Privilege> granted = granted(client);
    boolean current = version.isAtLeast(8, 0);
    String to =
        quoted(client.account(), current ? '`' : '\'')
            + (granted.remove(Privilege.GRANT_OPTION) ? " WITH GRANT OPTION" : "");
    List<String> fixed = new ArrayList<>();
    List<String> dynamic = new ArrayList<>();
    for (Privilege privilege : granted) {
      if (privilege.isMySqlDynamic()) {
        dynamic.add(privilege.mySqlName());
      } else {
        fixed.add(privilege.mySqlName());
      }
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    boolean all = !current && granted.containsAll(OLD_MYSQL);
    String list = all ? "ALL PRIVILEGES" : fixed.isEmpty() ? "USAGE" : String.join(", ", fixed);
    boolean optionIsDynamic = current && !dynamic.isEmpty() && fixed.isEmpty();
    rows.add(
        List.of(
            "GRANT "
                + list
                + " ON *.* TO "
                + (optionIsDynamic ? quoted(client.account(), '`') : to)));
    if (current && !dynamic.isEmpty()) {
      dynamic.sort(Comparator.naturalOrder());
      rows.add(List.of("GRANT " + String.join(",", dynamic) + " ON *.* TO " + to));
    }
    return rows;
  }

  static List<List<@Nullable Object>> ofMariaDb(Client client) {
    Set<Privilege> granted = granted(client);
    return List.of(
        List.of(
            "GRANT "
                + Privilege.list(granted)
                + " ON *.* TO "
                + quoted(client.account(), '`')
                + (granted.contains(Privilege.GRANT_OPTION) ? " WITH GRANT OPTION" : "")));
  }

  /** An account {@code user@host} with its parts in quotes. */
  static String quoted(String account, char quote) {
    int at = account.lastIndexOf('@');
    String user = at < 0 ? account : account.substring(0, at);
    String host = at < 0 ? "%" : account.substring(at + 1);
    return quote + user + quote + "@" + quote + host + quote;
  }
}
