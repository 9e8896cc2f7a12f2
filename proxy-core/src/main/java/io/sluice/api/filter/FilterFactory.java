package io.sluice.api.filter;

import io.sluice.api.config.Settings;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.module.ModuleFactory;

/**
 * Extension point: a filter module. {@link #createInstance} is called once for each filter section
 * of the configuration, on the starting thread; one filter may serve several services.
 */
public interface FilterFactory extends ModuleFactory {

  /** Makes a filter. */
  Filter createInstance(ModuleContext context, Settings settings);
}
