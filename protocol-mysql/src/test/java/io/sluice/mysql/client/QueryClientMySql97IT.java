package io.sluice.mysql.client;

import io.sluice.api.config.Settings;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.constant.Command;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import java.util.EnumSet;
import java.util.Set;

@RequiresServer("mysql-9.7")
class QueryClientMySql97IT extends QueryClientContract {

  @Override
  DatabaseServer start() {
    return start(MySqlServer.builder("mysql-9.7").option("local-infile", "ON"));
  }

  @Override
  Settings settings() {
    return super.settings().with(ServerSettings.GET_SERVER_PUBLIC_KEY, true);
  }

  @Override
  Set<Command> missing() {
    return EnumSet.of(Command.PROCESS_INFO, Command.REFRESH);
  }
}
