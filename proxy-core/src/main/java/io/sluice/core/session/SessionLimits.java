package io.sluice.core.session;

import java.time.Duration;

/**
 * Times and sizes of sessions. Immutable.
 *
 * @param loginTimeout how long a login may take, on either side
 * @param linger how long a closed session may take to send its last bytes
 * @param queueLimit how many bytes may wait for a server that is opening before the client is held
 *     back
 */
public record SessionLimits(Duration loginTimeout, Duration linger, int queueLimit) {

  /** The values that nobody needs to change. */
  public static SessionLimits withLoginTimeout(Duration loginTimeout) {
    return new SessionLimits(loginTimeout, Duration.ofSeconds(5), 256 * 1024);
  }
}
