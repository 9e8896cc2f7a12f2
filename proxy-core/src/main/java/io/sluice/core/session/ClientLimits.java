package io.sluice.core.session;

import java.time.Duration;

/**
 * What the clients of one listener may do. Immutable; 0 stands for no limit everywhere.
 *
 * @param listenerConnections how many may be connected to the listener
 * @param serviceConnections how many may be connected to all listeners of the service
 * @param idleTimeout how long one may ask nothing, or not go on with what it has begun to ask
 * @param writeTimeout how long one may take nothing of what is sent to it
 */
public record ClientLimits(
    int listenerConnections, int serviceConnections, Duration idleTimeout, Duration writeTimeout) {

  /** No limits. */
  public static final ClientLimits NONE = new ClientLimits(0, 0, Duration.ZERO, Duration.ZERO);
}
