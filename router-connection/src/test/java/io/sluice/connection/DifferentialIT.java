package io.sluice.connection;

import io.sluice.testkit.server.MariaDbServer;

/** Against MariaDB 11.4. */
class DifferentialIT extends Differential {

  DifferentialIT() {
    super(MariaDbServer.builder().option("performance-schema", "ON").start());
  }
}
