package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;

/** MariaDB 10.11. */
@RequiresServer("mariadb-10.11")
class ErrorTable1011IT extends ErrorTable {

  @Override
  ServerInstallation installation() {
    return ServerInstallation.find("mariadb-10.11").orElseThrow();
  }
}
