package io.sluice.api.monitor;

import io.sluice.api.admin.ModuleCommand;
import java.util.List;
import java.util.Map;

/**
 * Watches servers and publishes their states. Thread-safe.
 *
 * <ol>
 *   <li>{@link #start} is called once and does not block; work goes on event loops or threads of
 *       its own.
 *   <li>After {@link #close} nothing is published.
 * </ol>
 */
public interface Monitor extends AutoCloseable {

  /** Begins to watch. */
  void start();

  /** What administrators see, as for a router. Any thread. */
  default Map<String, Object> diagnostics() {
    return Map.of();
  }

  /** The monitor's own verbs for administrators. */
  default List<ModuleCommand> commands() {
    return List.of();
  }

  /** Ends its work. */
  @Override
  void close();
}
