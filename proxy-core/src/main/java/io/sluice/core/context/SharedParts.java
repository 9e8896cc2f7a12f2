package io.sluice.core.context;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.api.context.InternalClients;
import io.sluice.api.session.Sessions;
import io.sluice.core.net.EventLoops;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What all modules are lent alike. Thread-safe.
 *
 * @param dataDir the root of all data directories
 * @param eventLoops the event loops
 * @param blockingExecutor for work that blocks
 * @param clock the time
 * @param meters where meters go
 * @param internalClients opens sessions without a socket
 * @param sessions all sessions
 */
public record SharedParts(
    Path dataDir,
    EventLoops eventLoops,
    Executor blockingExecutor,
    Clock clock,
    MeterRegistry meters,
    InternalClients internalClients,
    Sessions sessions) {}
