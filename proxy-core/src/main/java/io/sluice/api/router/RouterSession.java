package io.sluice.api.router;

import io.sluice.api.session.Downstream;
import io.sluice.api.session.EndpointHandler;
import java.util.Map;

/**
 * The router's part of one client session. Confined to the session's event loop: no locks.
 *
 * <ol>
 *   <li>{@link #routeQuery} takes each request and its chunks in order, forwards or releases each
 *       once.
 *   <li>{@link #clientReply} usually hands the chunk to the session's upstream.
 *   <li>{@link #handleError}: the router goes on without the endpoint, opens another, or fails the
 *       session.
 *   <li>{@link #close} is called once, last; endpoints are closed by the engine right after it.
 *   <li>An exception out of any method ends the session with an error and is logged.
 * </ol>
 */
public interface RouterSession extends Downstream, EndpointHandler {

  /**
   * The client takes more bytes, or no more for now. For routers that make bytes by themselves; for
   * bytes of endpoints the engine stops reading from servers by itself.
   */
  default void clientWritabilityChanged(boolean writable) {}

  /**
   * The process stops and waits for the requests under way. A router session whose answer has no
   * end, such as a stream, closes the session here; others have nothing to do.
   */
  default void draining() {}

  /** What administrators see of this session. On the event loop. */
  default Map<String, Object> diagnostics() {
    return Map.of();
  }

  /** The session ends. */
  void close();
}
