package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;

/** MariaDB 11.8. */
@RequiresServer("mariadb-11.8")
class ErrorTable118IT extends ErrorTable {

  @Override
  ServerInstallation installation() {
    return ServerInstallation.find("mariadb-11.8").orElseThrow();
  }
}
