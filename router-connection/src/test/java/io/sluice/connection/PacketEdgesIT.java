package io.sluice.connection;

import io.sluice.testkit.server.MariaDbServer;

/** Against MariaDB 11.4. */
class PacketEdgesIT extends PacketEdges {

  PacketEdgesIT() {
    super(MariaDbServer.builder().start());
  }
}
