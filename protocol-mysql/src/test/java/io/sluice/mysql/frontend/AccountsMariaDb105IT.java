package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import org.junit.jupiter.api.Tag;

/** Logins as a MariaDB 10.5 answers them. */
@Tag("nightly")
@RequiresServer("mariadb-10.5")
class AccountsMariaDb105IT extends AccountsOfMariaDb {

  @Override
  DatabaseServer server() {
    return start(
        MariaDbServer.builder()
            .installation(ServerInstallation.find("mariadb-10.5").orElseThrow()));
  }
}
