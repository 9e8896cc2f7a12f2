package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.Client;
import io.sluice.mysql.constant.Privilege;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SHOW GRANTS of the client's own account: its global privileges. Others have no meaning where
 * there is no data, and passwords are not shown. Stateless.
 */
final class Grants {
  private Grants() {}

  static List<List<@Nullable Object>> of(Client client) {
    Set<Privilege> granted = EnumSet.noneOf(Privilege.class);
    for (Privilege privilege : Privilege.values()) {
      if (client.hasAny(privilege)) {
        granted.add(privilege);
      }
    }
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
