package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.util.List;

/** From a master of 10.11 to one of 11.8, with replicas of all versions. */
@RequiresServer({"mariadb-10.11", "mariadb-11.8"})
class NewMasterVersionsIT extends NewMasterScenarios {

  @Override
  ServerInstallation oldMaster() {
    return ServerInstallation.find("mariadb-10.11").orElseThrow();
  }

  @Override
  ServerInstallation newMaster() {
    return ServerInstallation.find("mariadb-11.8").orElseThrow();
  }

  @Override
  List<ServerInstallation> replicas() {
    return List.of(oldMaster(), ServerInstallation.embedded(), newMaster());
  }
}
