package io.sluice.api.router;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.protocol.Capability;
import io.sluice.api.session.SessionContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The router of one service: all state that its sessions share. Thread-safe.
 *
 * <ol>
 *   <li>{@link #newSession} is called for each client after its login, on the session's event loop,
 *       and must not block; an exception ends that session with an error and touches no other.
 *   <li>{@link #diagnostics} may be called on any thread at any time and must not wait for an event
 *       loop.
 *   <li>{@link #close} is called once, on the stopping thread, after the last session has closed;
 *       it may block until stores are closed cleanly.
 * </ol>
 */
public interface Router extends AutoCloseable {

  /** Makes the router's part of a session. */
  RouterSession newSession(SessionContext session);

  /** What the engine shall prepare. */
  default Set<Capability> capabilities() {
    return Set.of();
  }

  /**
   * What administrators see: texts, numbers, booleans, nested maps, and lists of maps, which are
   * shown as tables. Keys in lower case with underscores, in the order to be shown.
   */
  default Map<String, Object> diagnostics() {
    return Map.of();
  }

  /**
   * Where it works, if it was told at run time to leave the servers of the configuration: whoever
   * asks the service's servers for something, such as its listeners for accounts, asks there. Any
   * thread; must not block.
   */
  default Optional<RouterTarget> target() {
    return Optional.empty();
  }

  /** The router's own verbs for administrators. */
  default List<ModuleCommand> commands() {
    return List.of();
  }

  /** Ends its work. */
  @Override
  void close();
}
