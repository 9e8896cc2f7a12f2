package io.sluice.api.session;

import io.netty.channel.EventLoop;
import io.sluice.api.server.Server;

/**
 * A client session as its router and filters see it.
 *
 * <ol>
 *   <li>Everything but {@link #id}, {@link #eventLoop} and {@link #close} is confined to the event
 *       loop.
 *   <li>After the session has closed, endpoints are closed and calls do nothing.
 * </ol>
 */
public interface SessionContext {

  /** Unique in this process and never reused; starts at 1 and fits 32 bits for a long time. */
  long id();

  /** Where everything of this session runs. */
  EventLoop eventLoop();

  /** The name of the service. */
  String service();

  /** Who the client is. */
  Identity identity();

  /**
   * Opens a server for this session with the client's own credentials. Failures come through {@link
   * EndpointHandler#handleError} of the router session, never from this call.
   */
  Endpoint connect(Server server);

  /** The way to the client, for answers of the router itself and of endpoints. */
  Upstream upstream();

  /** Whether the client takes more bytes now; changes are told to the router session. */
  boolean isClientWritable();

  /**
   * Stops or resumes reading requests from the client, on top of what the engine does by itself.
   */
  void setClientReading(boolean reading);

  /** Ends the session without an error to the client. Any thread. */
  void close(CloseReason reason, String detail);

  /** Sends the client an error in its protocol, then ends the session. Any thread. */
  void fail(Failure failure);
}
