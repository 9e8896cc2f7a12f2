package io.sluice.api.protocol;

import io.sluice.api.context.ModuleContext;
import io.sluice.api.server.Server;

/** What a server's protocol works with. Thread-safe. */
public interface BackendProtocolContext extends ModuleContext {

  /** The server. */
  Server server();
}
