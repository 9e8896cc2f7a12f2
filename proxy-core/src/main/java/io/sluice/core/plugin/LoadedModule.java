package io.sluice.core.plugin;

import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ModuleFactory;
import io.sluice.api.module.ModuleInfo;

/**
 * A module that can be named in the configuration. Immutable.
 *
 * @param info what it tells of itself
 * @param settings what it can be told
 * @param plugin the id of the plugin that brought it
 * @param version the plugin's version
 * @param factory the extension itself
 */
public record LoadedModule(
    ModuleInfo info, SettingsSpec settings, String plugin, String version, ModuleFactory factory) {

  static LoadedModule of(ModuleFactory factory, String plugin, String version) {
    return new LoadedModule(factory.info(), factory.settings(), plugin, version, factory);
  }
}
