package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;

/** MySQL 9.7. */
@RequiresServer("mysql-9.7")
class ErrorTable97IT extends MySqlErrorTable {

  @Override
  String installation() {
    return "mysql-9.7";
  }
}
