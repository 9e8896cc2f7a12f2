package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Every command against MariaDB 11.4. */
class CommandsIT extends CommandsContract {

  private static MariaDbServer server;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().start();
    prepare(server);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  DatabaseServer server() {
    return server;
  }

  @Override
  boolean isMariaDb() {
    return true;
  }
}
