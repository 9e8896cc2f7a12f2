package io.sluice.mysql.frontend;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Every command against MySQL 9.7. */
@RequiresServer("mysql-9.7")
class CommandsMySqlIT extends CommandsContract {

  private static MySqlServer server;

  @BeforeAll
  static void startServer() {
    server = MySqlServer.builder("mysql-9.7").start();
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
    return false;
  }
}
