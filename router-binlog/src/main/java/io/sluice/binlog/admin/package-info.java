/**
 * One model of what the relay is doing behind every view: {@link
 * io.sluice.binlog.admin.BinlogStatus} feeds SQL, REST and the console, {@link
 * io.sluice.binlog.admin.RelayMeters} the metrics, {@link io.sluice.binlog.admin.RelayCommands} are
 * the administrator's verbs.
 */
@NullMarked
package io.sluice.binlog.admin;

import org.jspecify.annotations.NullMarked;
