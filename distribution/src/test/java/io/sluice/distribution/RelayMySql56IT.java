package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;

/** 5.6 to relay to 5.6. */
@RequiresServer("mysql-5.6")
class RelayMySql56IT extends MySqlScenarios {

  @Override
  String version() {
    return "mysql-5.6";
  }

  @Override
  int megabytes() {
    return 30;
  }
}
