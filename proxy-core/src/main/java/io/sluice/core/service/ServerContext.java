package io.sluice.core.service;

import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.server.Server;
import io.sluice.core.context.ModuleContextImpl;
import io.sluice.core.context.SharedParts;

/** What a server's protocol is lent. Thread-safe. */
final class ServerContext extends ModuleContextImpl implements BackendProtocolContext {
  private final Server server;

  ServerContext(SharedParts shared, Server server) {
    super(shared, "servers", server.name());
    this.server = server;
  }

  @Override
  public Server server() {
    return server;
  }
}
