package io.sluice.api.router;

import io.sluice.api.config.Settings;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.context.ServiceView;
import io.sluice.api.server.AdHocServer;
import io.sluice.api.server.Server;

/** What a router works with. Thread-safe. */
public interface RouterContext extends ModuleContext {

  /** The service that the router serves. */
  ServiceView service();

  /**
   * Makes a server that speaks the same protocol as another one, at another address or with other
   * options. May block for files: not for event loops.
   *
   * @param like a server of the configuration
   * @param name for logs; need not be unique
   * @param host host name or address
   * @param port TCP port
   * @param options for its protocol
   * @throws io.sluice.api.config.InvalidConfigException if the protocol cannot work with the
   *     options
   */
  default AdHocServer adHocServer(
      Server like, String name, String host, int port, Settings options) {
    throw new UnsupportedOperationException("adHocServer: not offered by this engine");
  }
}
