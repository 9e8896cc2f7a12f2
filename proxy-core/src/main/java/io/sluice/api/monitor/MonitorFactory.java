package io.sluice.api.monitor;

import io.sluice.api.config.Settings;
import io.sluice.api.module.ModuleFactory;

/**
 * Extension point: a monitor module. {@link #createInstance} is called once for each monitor
 * section, on the starting thread; the monitor begins with {@link Monitor#start}.
 */
public interface MonitorFactory extends ModuleFactory {

  /** Makes a monitor. */
  Monitor createInstance(MonitorContext context, Settings settings);
}
