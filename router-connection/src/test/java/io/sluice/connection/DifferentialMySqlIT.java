package io.sluice.connection;

import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;

/** Against MySQL 9.7. */
@RequiresServer("mysql-9.7")
class DifferentialMySqlIT extends Differential {

  DifferentialMySqlIT() {
    super(MySqlServer.builder("mysql-9.7").option("performance-schema", "ON").start());
  }
}
