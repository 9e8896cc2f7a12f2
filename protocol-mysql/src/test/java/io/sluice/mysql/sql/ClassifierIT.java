package io.sluice.mysql.sql;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import java.util.ArrayList;
import java.util.List;

class ClassifierIT extends ClassifierContract {

  @Override
  DatabaseServer startServer() {
    MariaDbServer server = MariaDbServer.builder().start();
    server.createUser("reader", "readerpw", "SELECT ON fuzz.*");
    return server;
  }

  @Override
  List<String> modes() {
    List<String> modes = new ArrayList<>(super.modes());
    modes.add("ORACLE");
    return modes;
  }
}
