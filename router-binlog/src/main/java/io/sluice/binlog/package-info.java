/**
 * The relay: registers with one master as a replica, stores its binlog byte for byte and serves any
 * number of replicas as if it were the master.
 *
 * <p>{@link io.sluice.binlog.BinlogRouter} owns the parts of one service: the store, the {@link
 * io.sluice.binlog.master.MasterLink} that fills it, the {@link io.sluice.binlog.feed.BinlogFeed}
 * that reads it, and the {@link io.sluice.binlog.replica.ReplicaRegistry} of those who are served.
 * Each client is a {@link io.sluice.binlog.BinlogRouterSession}: its questions are answered by
 * {@code sql}, its dump request by {@code replica}.
 */
@NullMarked
package io.sluice.binlog;

import org.jspecify.annotations.NullMarked;
