package io.sluice.api.protocol;

import io.netty.channel.Channel;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Downstream;
import io.sluice.api.session.Identity;
import java.util.Set;

/**
 * What the engine gives a client connection. Confined to the event loop of the channel.
 *
 * <p>The engine closes the channel itself when the login takes too long, and drives auto-read: the
 * connection never touches it.
 */
public interface ClientContext extends Downstream {

  /** The session's number; unique and never reused. */
  long sessionId();

  /** The client's channel. */
  Channel channel();

  /** The client's address without port; behind a trusted balancer the address it forwarded. */
  String clientHost();

  /** What filters and router of the service need; known before the login. */
  default Set<Capability> needs() {
    return Set.of();
  }

  /**
   * Whether {@link #clientHost} may still change: the peer is a balancer that may name the client
   * with its first bytes, which come before the first that the protocol reads.
   */
  default boolean isClientHostOpen() {
    return false;
  }

  /**
   * The client has logged in: makes filters and router session.
   *
   * @return what they need prepared
   */
  Set<Capability> authenticated(Identity identity);

  /**
   * The client logged in again, maybe as another user, while no request is under way: filters and
   * router session end with their connections to servers, and new ones begin. They need the same
   * prepared as before. The session may end during the call.
   */
  void identityChanged(Identity identity);

  /**
   * The client has begun a request. Those that are routed count by themselves; a client that makes
   * only requests that the protocol answers is not idle either.
   */
  default void activity() {}

  /**
   * Stops or resumes reading from the client, on top of what engine and router want: it is read
   * only when all agree. For requests that came ahead of their turn.
   */
  void setReading(boolean reading);

  /**
   * Whether the servers of the session can take more of the client's bytes at this moment. A
   * protocol that makes much out of a few bytes that it has read asks before it goes on; the engine
   * itself stops reading a little later.
   */
  default boolean isTaken() {
    return true;
  }

  /** Ends the session, for a reason that the connection found; it has told the client already. */
  void closed(CloseReason reason, String detail);
}
