package io.sluice.api.protocol;

import io.sluice.api.admin.ModuleCommand;
import java.util.List;
import java.util.Map;

/**
 * The server role of a protocol for one listener: holds what its connections share, such as
 * accounts and keys. Thread-safe.
 */
public interface ClientProtocol extends AutoCloseable {

  /**
   * Makes the connection for a client that was just accepted. On the event loop of the client's
   * channel; must not block.
   */
  ClientConnection newConnection(ClientContext context);

  /** What administrators see of it: accounts loaded, when, from where … Any thread. */
  default Map<String, Object> diagnostics() {
    return Map.of();
  }

  /** Verbs for administrators of the listener. Any thread. */
  default List<ModuleCommand> commands() {
    return List.of();
  }

  /** Called once, after the last connection; may block briefly. */
  @Override
  void close();
}
