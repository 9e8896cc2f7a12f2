package io.sluice.binlog.sql;

import io.sluice.mysql.constant.Privilege;
import java.util.function.Predicate;

/**
 * Who asks.
 *
 * @param connectionId the session's number
 * @param user the user's name
 * @param host the client's address
 * @param account the account that let it in, as CURRENT_USER() shows it
 * @param version what it was greeted with
 * @param isEncrypted whether it came over TLS
 * @param privileges tells whether the account has a privilege
 */
public record Client(
    long connectionId,
    String user,
    String host,
    String account,
    String version,
    boolean isEncrypted,
    Predicate<Privilege> privileges) {

  /** The account as error texts show it. */
  public String quotedAccount() {
    int at = account.lastIndexOf('@');
    String name = at < 0 ? account : account.substring(0, at);
    return "'" + name + "'@'" + (at < 0 ? "%" : account.substring(at + 1)) + "'";
  }

  /** Whether the account has one of these privileges. */
  public boolean hasAny(Privilege... wanted) {
    for (Privilege privilege : wanted) {
      if (privileges.test(privilege)) {
        return true;
      }
    }
    return false;
  }
}
