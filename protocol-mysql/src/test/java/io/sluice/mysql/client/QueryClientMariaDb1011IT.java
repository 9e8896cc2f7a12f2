package io.sluice.mysql.client;

import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;

@RequiresServer("mariadb-10.11")
class QueryClientMariaDb1011IT extends QueryClientContract {

  @Override
  ServerInstallation installation() {
    return ServerInstallation.find("mariadb-10.11").orElseThrow();
  }
}
