package io.sluice.api.context;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.sluice.api.session.Sessions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;

/** What the engine lends to each instance of a module. Thread-safe. */
public interface ModuleContext {

  /** The name of the section in the configuration: a service, filter, monitor or listener. */
  String name();

  /**
   * A directory of its own under {@code data-dir}, made at the first call. Blocks: not for event
   * loops.
   */
  Path dataDirectory();

  /** The event loops that all sessions share; also the timer. Never block one. */
  EventLoopGroup eventLoops();

  /** For work that blocks, such as file I/O. */
  Executor blockingExecutor();

  /** The time. */
  Clock clock();

  /** Where meters go. */
  MeterRegistry meters();

  /** Opens sessions without a socket. */
  InternalClients internalClients();

  /** All sessions of the process. */
  Sessions sessions();
}
