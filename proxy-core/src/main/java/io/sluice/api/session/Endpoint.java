package io.sluice.api.session;

import io.sluice.api.server.Server;

/**
 * A server opened for one session. Confined to the session's event loop.
 *
 * <ol>
 *   <li>Opening does not block; requests routed before the login is done wait in order.
 *   <li>A request routed to a closed endpoint is released and forgotten: its failure was reported.
 *   <li>{@link #close} says good-bye to the server; it is safe to call it more than once.
 * </ol>
 */
public interface Endpoint {

  /** The server. */
  Server server();

  /** Sends a request; ownership goes with the call. */
  void routeQuery(Message message);

  /** Whether it is opening or open. */
  boolean isOpen();

  /** Whether the login is done. */
  boolean isReady();

  /** How many requests are under way: sent or waiting, and not completely answered. */
  int pending();

  /** Whether more can be sent without growing a queue. */
  boolean isWritable();

  /**
   * Stops or resumes reading from the server, on top of what the engine does by itself for a slow
   * client: it reads only when both agree.
   */
  void setReading(boolean reading);

  /** Closes it; nothing is reported. */
  void close();
}
