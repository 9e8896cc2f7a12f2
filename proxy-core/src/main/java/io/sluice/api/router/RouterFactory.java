package io.sluice.api.router;

import io.sluice.api.config.Settings;
import io.sluice.api.module.ModuleFactory;

/**
 * Extension point: a router module.
 *
 * <ol>
 *   <li>{@link #createInstance} is called once for each service that names the module, on the
 *       starting thread, before any listener of the service is bound. It may start work of its own
 *       and may block briefly for files, never for servers.
 *   <li>It throws {@link io.sluice.api.config.InvalidConfigException} for settings that cannot work
 *       together; the process then does not start.
 * </ol>
 */
public interface RouterFactory extends ModuleFactory {

  /** Whether it needs a monitor to watch the service's servers. */
  default boolean needsMonitor() {
    return false;
  }

  /** Makes the router of one service. */
  Router createInstance(RouterContext context, Settings settings);
}
