/**
 * The questions of replicas, tools and administrators. {@link io.sluice.binlog.sql.StatementParser}
 * turns text into a sealed {@link io.sluice.binlog.sql.ReplicationStatement}; {@link
 * io.sluice.binlog.sql.StatementExecutor} answers from what the master said of itself and from the
 * relay's true state. Unknown variables and statements get the error that a server gives, and the
 * session goes on.
 */
@NullMarked
package io.sluice.binlog.sql;

import org.jspecify.annotations.NullMarked;
