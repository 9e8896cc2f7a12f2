package io.sluice.mysql.sql;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;

@RequiresServer("mysql-5.6")
class ClassifierMySql56IT extends ClassifierContract {

  @Override
  DatabaseServer startServer() {
    MySqlServer server = MySqlServer.builder("mysql-5.6").start();
    server.createUser("reader", "readerpw", "SELECT ON fuzz.*");
    return server;
  }
}
