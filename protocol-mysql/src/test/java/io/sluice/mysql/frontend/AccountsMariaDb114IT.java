package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;

/** Logins as a MariaDB 11.4 answers them. */
class AccountsMariaDb114IT extends AccountsOfMariaDb {

  @Override
  DatabaseServer server() {
    return start(MariaDbServer.builder());
  }
}
