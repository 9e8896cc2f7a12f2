package io.sluice.binlog;

import io.sluice.api.server.Attributes;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import java.time.Instant;

/** A master as configured. */
final class FakeServer implements Server {
  private final Attributes attributes = new Attributes();

  @Override
  public String name() {
    return "db1";
  }

  @Override
  public String host() {
    return "master.example";
  }

  @Override
  public int port() {
    return 3306;
  }

  @Override
  public String protocol() {
    return "mysql";
  }

  @Override
  public ServerState state() {
    return ServerState.unknown(Instant.EPOCH);
  }

  @Override
  public Attributes attributes() {
    return attributes;
  }
}
