package io.sluice.core.session;

import io.sluice.core.net.BackendConnector;
import java.time.Clock;

/**
 * What every session works with. Thread-safe.
 *
 * @param registry where sessions are listed
 * @param connector opens connections to servers
 * @param clock the time
 * @param limits times and sizes
 * @param pools idle connections to servers
 */
public record SessionEnvironment(
    SessionRegistry registry,
    BackendConnector connector,
    Clock clock,
    SessionLimits limits,
    ServerPools pools) {

  /** With pools of its own. */
  public SessionEnvironment(
      SessionRegistry registry, BackendConnector connector, Clock clock, SessionLimits limits) {
    this(registry, connector, clock, limits, new ServerPools(clock, limits));
  }
}
