package io.sluice.mysql.sql;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;

@RequiresServer("mysql-9.7")
class ClassifierMySql97IT extends ClassifierContract {

  @Override
  DatabaseServer startServer() {
    MySqlServer server = MySqlServer.builder("mysql-9.7").start();
    server.createUser("reader", "readerpw", "SELECT ON fuzz.*");
    return server;
  }
}
