package io.sluice.api.module;

import io.sluice.api.config.SettingsSpec;
import org.pf4j.ExtensionPoint;

/**
 * The base of every extension point.
 *
 * <ol>
 *   <li>A factory is stateless: the engine may make a new one at each look-up.
 *   <li>{@link #info()} and {@link #settings()} are constant, cheap and may be called on any
 *       thread, before anything else and for documentation only.
 *   <li>Settings handed to a create method have been checked against {@link #settings()}; a factory
 *       reports what only it can know by throwing {@link
 *       io.sluice.api.config.InvalidConfigException}.
 * </ol>
 */
public interface ModuleFactory extends ExtensionPoint {

  /** Who this is. */
  ModuleInfo info();

  /** The settings that a configuration may give in {@code options}. */
  SettingsSpec settings();
}
