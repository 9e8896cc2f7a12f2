package io.sluice.mysql.client;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;

@RequiresServer("mariadb-10.11")
class QueryClientMariaDb1011IT extends QueryClientContract {

  @Override
  DatabaseServer start() {
    return start(
        MariaDbServer.builder()
            .installation(ServerInstallation.find("mariadb-10.11").orElseThrow())
            .tls());
  }
}
