package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;

/** 9.7 to relay to 9.7. */
@RequiresServer("mysql-9.7")
class RelayMySql97IT extends MySqlScenarios {

  @Override
  String version() {
    return "mysql-9.7";
  }

  @Override
  int megabytes() {
    return 100;
  }
}
