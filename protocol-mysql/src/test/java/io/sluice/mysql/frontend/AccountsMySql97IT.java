package io.sluice.mysql.frontend;

import io.sluice.api.config.Settings;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.util.List;

/** Logins as a MySQL 9.7 answers them. */
@RequiresServer("mysql-9.7")
class AccountsMySql97IT extends AccountsContract {

  @Override
  DatabaseServer server() {
    return MySqlServer.builder("mysql-9.7")
        .option("skip-name-resolve", "OFF")
        .option("bind-address", "*")
        .start();
  }

  @Override
  Settings towardsServer() {
    return Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.REQUIRE);
  }

  @Override
  String create(String account, String password) {
    return "CREATE USER "
        + account
        + " IDENTIFIED WITH caching_sha2_password BY '"
        + password
        + "'";
  }

  @Override
  List<String> more() {
    return List.of(
        create("'s_role'@'%'", "pw"),
        "CREATE ROLE inner_role, outer_role, all_role",
        "GRANT inner_role TO outer_role",
        "GRANT SELECT ON sales.* TO inner_role",
        "GRANT SELECT ON plans.t TO outer_role",
        "GRANT outer_role TO 's_role'@'%'",
        "SET DEFAULT ROLE outer_role TO 's_role'@'%'",
        "UPDATE mysql.user SET password_last_changed = NOW() - INTERVAL 4 DAY"
            + " WHERE User IN ('s_interval', 's_never')");
  }
}
