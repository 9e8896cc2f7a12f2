package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;

/** Logins as a MariaDB 10.11 answers them. */
@RequiresServer("mariadb-10.11")
class AccountsMariaDb1011IT extends AccountsOfMariaDb {

  @Override
  DatabaseServer server() {
    return start(
        MariaDbServer.builder()
            .installation(ServerInstallation.find("mariadb-10.11").orElseThrow()));
  }
}
