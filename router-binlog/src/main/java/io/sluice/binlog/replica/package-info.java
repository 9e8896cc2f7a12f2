/**
 * Those who are served. A {@link io.sluice.binlog.replica.DumpRequest} begins a {@link
 * io.sluice.binlog.replica.ReplicaSession}: the store finds where to start, the {@link
 * io.sluice.binlog.replica.PreambleWriter} opens the stream as a master does, and the {@link
 * io.sluice.binlog.replica.EventSender} frames what the cursor delivers, catching up and up to date
 * alike. {@link io.sluice.binlog.replica.ReplicaRegistry} knows who is there.
 */
@NullMarked
package io.sluice.binlog.replica;

import org.jspecify.annotations.NullMarked;
