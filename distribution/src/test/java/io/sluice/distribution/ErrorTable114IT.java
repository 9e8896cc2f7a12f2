package io.sluice.distribution;

import io.sluice.testkit.server.ServerInstallation;

/** MariaDB 11.4, which comes with the build. */
class ErrorTable114IT extends ErrorTable {

  @Override
  ServerInstallation installation() {
    return ServerInstallation.embedded();
  }
}
