/**
 * The way to the master. {@link io.sluice.binlog.master.MasterLink} is the state machine that wants
 * to be connected; one {@link io.sluice.binlog.master.MasterConnection} is one attempt: it asks
 * what a replica asks ({@link io.sluice.binlog.master.MasterDialogue}), compares histories,
 * registers, and lets the {@link io.sluice.binlog.master.EventReceiver} turn the packets of the
 * dump into verified bytes for the store. What the master said of itself stays in {@link
 * io.sluice.binlog.master.MasterVariables}.
 */
@NullMarked
package io.sluice.binlog.master;

import org.jspecify.annotations.NullMarked;
