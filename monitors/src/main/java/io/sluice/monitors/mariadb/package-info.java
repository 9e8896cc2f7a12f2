/**
 * The monitor module {@code mariadb}. {@link io.sluice.monitors.mariadb.ServerProbe} asks one
 * server over one lasting connection, {@link io.sluice.monitors.mariadb.Topology} makes roles out
 * of what all servers said, {@link io.sluice.monitors.mariadb.MariaDbMonitor} does that in rounds
 * and publishes the states. Nothing blocks: everything of one monitor runs on one event loop.
 */
@NullMarked
package io.sluice.monitors.mariadb;

import org.jspecify.annotations.NullMarked;
