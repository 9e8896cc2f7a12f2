package io.sluice.api.protocol;

import io.sluice.api.session.Identity;
import org.jspecify.annotations.Nullable;

/** The client role of a protocol for one server. Thread-safe. */
public interface BackendProtocol extends AutoCloseable {

  /** Makes a connection. On the event loop of the session; must not block. */
  BackendConnection newConnection(BackendContext context);

  /**
   * What sessions must have in common so that one may have the other's connection after {@link
   * BackendConnection#reset} and {@link BackendConnection#renew}: everything that these do not set
   * anew. On an event loop; must not block.
   *
   * @return compared with equals; null when connections for it are for one session only
   */
  default @Nullable Object poolKey(Identity identity) {
    return null;
  }

  /** Called once, after the last connection. */
  @Override
  void close();
}
