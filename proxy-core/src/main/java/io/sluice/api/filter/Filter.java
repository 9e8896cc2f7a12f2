package io.sluice.api.filter;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.protocol.Capability;
import io.sluice.api.session.Downstream;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What all sessions of a filter share. Thread-safe.
 *
 * <ol>
 *   <li>{@link #newSession} is called for each client after its login, on the session's event loop.
 *   <li>{@link #close} is called once, after the last session.
 * </ol>
 */
public interface Filter extends AutoCloseable {

  /**
   * Makes the filter's part of a session.
   *
   * @param session the session
   * @param downstream the next towards the servers
   * @param upstream the next towards the client
   */
  FilterSession newSession(SessionContext session, Downstream downstream, Upstream upstream);

  /** What the engine shall prepare. */
  default Set<Capability> capabilities() {
    return Set.of();
  }

  /** What administrators see, as for a router. Any thread. */
  default Map<String, Object> diagnostics() {
    return Map.of();
  }

  /** The filter's own verbs for administrators. */
  default List<ModuleCommand> commands() {
    return List.of();
  }

  /** Ends its work. */
  @Override
  void close();
}
