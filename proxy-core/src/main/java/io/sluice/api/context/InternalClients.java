package io.sluice.api.context;

import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.EndpointHandler;
import org.jspecify.annotations.Nullable;

/** Opens clients that have no socket of their own. Thread-safe. */
public interface InternalClients {

  /**
   * Opens a session without a socket: its requests go down a normal backend connection and the
   * answers come back through {@code handler}. It is listed among the sessions.
   *
   * <ol>
   *   <li>The handler is called on the returned client's event loop in a task of its own. A caller
   *       on another thread may see it called before it has the client in its hands.
   *   <li>Failures to connect or log in come through {@link EndpointHandler#handleError}.
   * </ol>
   *
   * @param purpose shown to administrators, such as {@code relay: link}
   * @param server where to
   * @param credentials how to log in
   * @param clientState what the protocol shall agree with the server; null for its defaults
   * @param handler who gets the answers
   */
  InternalClient open(
      String purpose,
      Server server,
      Credentials credentials,
      @Nullable Object clientState,
      EndpointHandler handler);
}
