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
 */
public record SessionEnvironment(
    SessionRegistry registry, BackendConnector connector, Clock clock, SessionLimits limits) {}
