/**
 * The log on disk, the only copy of history for a fleet: one {@link
 * io.sluice.binlog.store.BinlogWriter} appends the master's bytes under the master's names at the
 * master's positions, any number of readers follow up to the {@link
 * io.sluice.binlog.store.Watermark}, which moves only at transaction boundaries. {@link
 * io.sluice.binlog.store.StoreRecovery} makes a store usable after a crash. {@link
 * io.sluice.binlog.store.StartResolver} answers where a replica's stream begins and {@link
 * io.sluice.binlog.store.GroupFilter} what of it the replica already has.
 */
@NullMarked
package io.sluice.binlog.store;

import org.jspecify.annotations.NullMarked;
