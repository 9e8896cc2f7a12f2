package io.sluice.core.server;

import java.time.Duration;

/**
 * How many idle connections to a server are kept for the next sessions, and for how long.
 * Immutable.
 *
 * @param maxIdle how many at most, over all event loops; 0 for none
 * @param idleTime how long one waits for a session
 * @param maxAge how old one may be to be kept, counted from its connect
 */
public record PoolLimits(int maxIdle, Duration idleTime, Duration maxAge) {

  /** Every connection is for one session. */
  public static final PoolLimits NONE = new PoolLimits(0, Duration.ZERO, Duration.ZERO);

  /** Whether anything is kept. */
  public boolean isEnabled() {
    return maxIdle > 0;
  }
}
