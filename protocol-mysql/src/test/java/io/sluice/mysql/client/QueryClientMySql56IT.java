package io.sluice.mysql.client;

import io.sluice.mysql.constant.Command;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.util.EnumSet;
import java.util.Set;

@RequiresServer("mysql-5.6")
class QueryClientMySql56IT extends QueryClientContract {

  @Override
  DatabaseServer start() {
    return start(MySqlServer.builder("mysql-5.6").option("local-infile", "ON"));
  }

  @Override
  Set<Command> missing() {
    return EnumSet.of(Command.RESET_CONNECTION);
  }
}
