package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;

/** Logins as a MariaDB 11.8 answers them. */
@RequiresServer("mariadb-11.8")
class AccountsMariaDb118IT extends AccountsOfMariaDb {

  @Override
  DatabaseServer server() {
    return start(
        MariaDbServer.builder()
            .installation(ServerInstallation.find("mariadb-11.8").orElseThrow()));
  }
}
