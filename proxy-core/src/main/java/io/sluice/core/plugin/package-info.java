/**
 * The plugin host: each jar in {@code plugins/} becomes a plugin, each factory in it a module.
 *
 * <p>{@link io.sluice.core.plugin.PluginHost} loads, verifies, starts and stops; what went wrong
 * with any jar ends the start with its name and cause. {@link io.sluice.core.plugin.ModuleRegistry}
 * is what the rest of the engine sees: kind and name give a factory.
 */
@NullMarked
package io.sluice.core.plugin;

import org.jspecify.annotations.NullMarked;
