package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;

/** Logins as a MySQL 5.6 answers them. */
@RequiresServer("mysql-5.6")
class AccountsMySql56IT extends AccountsContract {

  @Override
  DatabaseServer server() {
    return MySqlServer.builder("mysql-5.6")
        .option("skip-name-resolve", "OFF")
        .option("bind-address", "*")
        .start();
  }

  @Override
  String create(String account, String password) {
    return "CREATE USER " + account + " IDENTIFIED BY '" + password + "'";
  }

  /**
   * It asks the system for the name of 127.0.0.1 and may get none; and which of two hosts comes
   * first that have the same number of characters before the first wild one, it leaves to chance.
   */
  @Override
  boolean isDefined(Attempt attempt) {
    boolean byName = attempt.user().equals("local") || attempt.user().equals("only");
    return !(byName && attempt.from().equals("127.0.0.1"))
        && !(attempt.user().equals("wild") && attempt.from().equals("127.8.1.1"));
  }

  @Override
  boolean has(String feature) {
    return false;
  }
}
