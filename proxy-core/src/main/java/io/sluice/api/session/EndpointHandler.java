package io.sluice.api.session;

import io.netty.buffer.ByteBuf;

/**
 * Who listens to endpoints: a router session, or the owner of an internal client.
 *
 * <ol>
 *   <li>All calls come on the event loop of the session that the endpoint belongs to.
 *   <li>Replies of one endpoint come in the order of its requests.
 *   <li>After {@link #handleError} or {@link Endpoint#close} nothing comes from that endpoint.
 * </ol>
 */
public interface EndpointHandler {

  /**
   * A chunk of an answer came.
   *
   * @param chunk bytes of the wire; ownership goes with the call
   * @param reply what is known of the answer
   * @param from where it came from
   */
  void clientReply(ByteBuf chunk, Reply reply, Endpoint from);

  /**
   * The endpoint could not be opened or broke; it is closed. Requests that were not answered are
   * lost.
   */
  void handleError(Endpoint from, Failure failure);

  /** The endpoint has logged in; requests routed before have been sent now. */
  default void endpointReady(Endpoint endpoint) {}
}
