package io.sluice.api.monitor;

import io.sluice.api.context.ModuleContext;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import io.sluice.api.session.Credentials;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a monitor works with. Thread-safe. */
public interface MonitorContext extends ModuleContext {

  /** The servers it watches, in the order of the configuration. */
  List<Server> servers();

  /** How it logs in to them. */
  Optional<Credentials> credentials();

  /** The time from one round of probes to the next. */
  Duration interval();

  /**
   * Publishes a new state of one of its servers; seen by everybody at once. The engine sets {@code
   * since} itself when neither status nor roles changed, and logs changes.
   */
  void publish(Server server, ServerState state);
}
