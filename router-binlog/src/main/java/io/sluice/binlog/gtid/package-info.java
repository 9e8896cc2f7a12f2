/**
 * Global transaction ids of both server families. MariaDB: one id, a position (one id per domain)
 * and the state of a binary log (one id per domain and server); sequence numbers are unsigned
 * 64-bit values kept in a {@code long}. MySQL: sets of intervals, {@link
 * io.sluice.binlog.gtid.MySqlGtidSet}. What they have in common for a stored log is {@link
 * io.sluice.binlog.gtid.GtidState}.
 */
@NullMarked
package io.sluice.binlog.gtid;

import org.jspecify.annotations.NullMarked;
