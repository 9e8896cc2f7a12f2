package io.sluice.connection;

import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;

/** Against MySQL 9.7; the read-write split and its monitor are for MariaDB. */
@RequiresServer("mysql-9.7")
class PacketEdgesMySqlIT extends PacketEdges {

  PacketEdgesMySqlIT() {
    super(MySqlServer.builder("mysql-9.7").start());
  }
}
