package io.sluice.mysql.frontend;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.account.Account;
import io.sluice.mysql.account.AccountTable;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.tls.ClientTls;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a server looks at after the password: what the account asks of the connection, whether it is
 * locked, whether its password is too old, whether it may begin in the wanted database; in that
 * order. Stateless.
 */
final class LoginPolicy {

  private static final int ACCOUNT_LOCKED_MYSQL = 3118;
  private static final int ACCOUNT_LOCKED_MARIADB = 4151;
  private static final int PASSWORD_EXPIRED = 1862;

  /**
   * A refusal.
   *
   * @param error what the client is told
   * @param reason for the log
   */
  record Refusal(ReplyError error, String reason) {}

  private LoginPolicy() {}

  /** Why a client from there is not greeted: no account is for its host; null if one is. */
  static @Nullable Refusal admit(AccountTable table, String host, ServerGreeting greeting) {
    return !table.isLoaded() || table.admits(host)
        ? null
        : new Refusal(
            ErrorCode.HOST_NOT_PRIVILEGED.error(
                "Host '"
                    + host
                    + "' is not allowed to connect to this "
                    + (greeting.isMariaDb() ? "MariaDB" : "MySQL")
                    + " server"),
            "no account is for this host");
  }

  /**
   * Why an account does not let a client in that knows the password; null if it does.
   *
   * @param denied what a client is told that is not to learn more
   */
  static @Nullable Refusal judge(
      AccountTable table,
      Account account,
      HandshakeResponse41 login,
      String host,
      @Nullable ClientTls tls,
      Instant now,
      boolean mariaDb,
      ReplyError denied) {
    String unmet = account.tls().unmet(tls);
    if (unmet != null) {
      return new Refusal(denied, unmet);
    }
    if (account.locked()) {
      return new Refusal(locked(login.user(), host, mariaDb), "the account is locked");
    }
    if (account.isExpired(now)
        && table.rules().refusesExpired()
        && !login.capabilities().has(Capabilities.CAN_HANDLE_EXPIRED_PASSWORDS)) {
      return new Refusal(
          new ReplyError(
              PASSWORD_EXPIRED,
              "HY000",
              "Your password has expired. To log in you must change it using a client that supports"
                  + " expired passwords"
                  + (mariaDb ? "" : ".")),
          "the password has expired; change it on a server");
    }
    return null;
  }

  /** Why an account may not begin in the database that the client wants; null if it may. */
  static @Nullable Refusal judgeDatabase(
      AccountTable table, Account account, HandshakeResponse41 login, String host) {
    String database = login.database();
    ReplyError error = database == null ? null : table.refuseDatabase(account, host, database);
    return error == null
        ? null
        : new Refusal(
            error,
            error.code() == ErrorCode.BAD_DB.number()
                ? "the database does not exist"
                : "the account has no privilege for the database");
  }

  private static ReplyError locked(String user, String host, boolean mariaDb) {
    return mariaDb
        ? new ReplyError(ACCOUNT_LOCKED_MARIADB, "HY000", "Access denied, this account is locked")
        : new ReplyError(
            ACCOUNT_LOCKED_MYSQL,
            "HY000",
            "Access denied for user '" + user + "'@'" + host + "'. Account is locked.");
  }
}
