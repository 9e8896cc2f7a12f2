package io.sluice.distribution;

import io.sluice.testkit.server.RequiresServer;

/** MySQL 5.6. */
@RequiresServer("mysql-5.6")
class ErrorTable56IT extends MySqlErrorTable {

  @Override
  String installation() {
    return "mysql-5.6";
  }
}
