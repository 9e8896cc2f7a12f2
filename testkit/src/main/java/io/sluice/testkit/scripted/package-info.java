/**
 * Scripted replication peers for cases that a real server does not produce on demand: a master that
 * stalls, cuts, corrupts, lies; a replica that asks oddly or reads slowly. With a builder of valid
 * binlog events and a reader of binlog files that shares no code with the router's.
 *
 * <p>{@link io.sluice.testkit.scripted.ScriptedMaster} serves {@link
 * io.sluice.testkit.scripted.Script}s; {@link io.sluice.testkit.scripted.ScriptedReplica} collects
 * {@link io.sluice.testkit.scripted.BinlogEvent}s; {@link io.sluice.testkit.scripted.BinlogEvents}
 * makes them, {@link io.sluice.testkit.scripted.BinlogFiles} finds them in files.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit.scripted;
