package io.sluice.distribution;

import io.sluice.testkit.server.ServerInstallation;
import java.util.List;

/** MariaDB 11.4, which comes with the build. */
class NewMaster114IT extends NewMasterScenarios {

  @Override
  ServerInstallation oldMaster() {
    return ServerInstallation.embedded();
  }

  @Override
  ServerInstallation newMaster() {
    return ServerInstallation.embedded();
  }

  @Override
  List<ServerInstallation> replicas() {
    return List.of(ServerInstallation.embedded());
  }
}
