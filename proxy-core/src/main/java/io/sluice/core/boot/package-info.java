/**
 * Start and stop of the process.
 *
 * <p>{@link io.sluice.core.boot.Main} reads the command line, opens the plugin host, reads the
 * configuration and starts a {@link io.sluice.core.boot.Proxy}, which composes everything. A signal
 * runs the {@link io.sluice.core.boot.ShutdownSequence}.
 */
@NullMarked
package io.sluice.core.boot;

import org.jspecify.annotations.NullMarked;
