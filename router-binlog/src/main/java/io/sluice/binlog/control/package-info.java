/**
 * What an administrator may change while the relay runs. {@link
 * io.sluice.binlog.control.RelayControl} is the one model behind the SQL statements and the module
 * commands; {@link io.sluice.binlog.control.MasterChange} is what {@code CHANGE MASTER} asks for;
 * {@link io.sluice.binlog.control.ControlException} is a refusal in the words of a server.
 */
@NullMarked
package io.sluice.binlog.control;

import org.jspecify.annotations.NullMarked;
