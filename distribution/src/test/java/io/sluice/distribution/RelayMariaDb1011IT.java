package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;

/** MariaDB 10.11. */
@RequiresServer("mariadb-10.11")
class RelayMariaDb1011IT extends RelayScenarios {

  @Override
  ServerInstallation installation() {
    return ServerInstallation.find("mariadb-10.11").orElseThrow();
  }
}
