package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import java.util.List;

/** What all versions of MariaDB have. */
abstract class AccountsOfMariaDb extends AccountsContract {

  static DatabaseServer start(MariaDbServer.Builder builder) {
    return builder
        .option("skip-name-resolve", "OFF")
        .option("bind-address", "*")
        .option("disconnect-on-expired-password", "ON")
        .start();
  }

  @Override
  String create(String account, String password) {
    return "CREATE OR REPLACE USER " + account + " IDENTIFIED BY '" + password + "'";
  }

  @Override
  List<String> more() {
    return List.of(
        create("'s_role'@'%'", "pw"),
        "CREATE ROLE inner_role",
        "CREATE ROLE outer_role",
        "GRANT inner_role TO outer_role",
        "GRANT SELECT ON sales.* TO inner_role",
        "GRANT SELECT ON plans.t TO outer_role",
        "GRANT outer_role TO 's_role'@'%'",
        "SET DEFAULT ROLE outer_role FOR 's_role'@'%'",
        // The default that counts for it is the last.
        "UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.password_last_changed',"
            + " UNIX_TIMESTAMP() - 4 * 86400) WHERE User IN ('s_interval', 's_never')");
  }
}
