/**
 * Read-write split. {@link io.sluice.readwrite.ReadWriteRouter} holds what the sessions of a
 * service share: settings, loads, counters. {@link io.sluice.readwrite.ReadWriteSession} routes the
 * requests of one client: {@link io.sluice.readwrite.RoutingRules} decide by statement and state
 * whether a request goes to the master, to a replica or to all, {@link
 * io.sluice.readwrite.TargetSelector} chooses the server, {@link io.sluice.readwrite.Backend} is
 * one open server, and {@link io.sluice.readwrite.SessionHistory} keeps what a connection opened
 * later has to be told first.
 *
 * <p>Limits, on purpose: a read on a replica may not see what the session itself has just written,
 * as replication takes its time; what must see it belongs into a transaction. Transactions stay on
 * the master, also those that only read. What kills is refused, because connection numbers of
 * servers mean nothing to clients, unless the protocol could do it itself. A session sticks to the
 * master after CREATE TEMPORARY TABLE and after what changes the state of its connection in a way
 * that cannot be repeated elsewhere. A user variable that a stored function sets is known to the
 * master only. Sessions in a character set whose characters may hold ASCII bytes (big5, cp932,
 * gb18030, gbk, sjis) use the master alone.
 */
@NullMarked
package io.sluice.readwrite;

import org.jspecify.annotations.NullMarked;
