/**
 * A long history for little disk: {@link io.sluice.benchmarks.history.SparseLog} makes binlog files
 * whose large rows are holes, {@link io.sluice.benchmarks.history.LongHistory} a master and a relay
 * that have it, and {@link io.sluice.benchmarks.history.StartProbe} measures how long a replica
 * waits for its stream.
 */
@NullMarked
package io.sluice.benchmarks.history;

import org.jspecify.annotations.NullMarked;
