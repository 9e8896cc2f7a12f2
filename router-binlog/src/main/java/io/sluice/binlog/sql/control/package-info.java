/**
 * Statements that change something. {@link io.sluice.binlog.sql.control.ControlParser} turns them
 * into a sealed {@link io.sluice.binlog.sql.control.ControlStatement}; {@link
 * io.sluice.binlog.sql.control.ControlExecutor} checks the client's privileges as a server does and
 * carries them out.
 */
@NullMarked
package io.sluice.binlog.sql.control;

import org.jspecify.annotations.NullMarked;
