/**
 * Binary log events as bytes: header fields, checksums, the few events that a relay must
 * understand, and the artificial ones that a master adds to a stream. Everything else passes
 * through untouched. Start with {@link io.sluice.binlog.event.EventHeader} and {@link
 * io.sluice.binlog.event.TransactionTracker}.
 */
@NullMarked
package io.sluice.binlog.event;

import org.jspecify.annotations.NullMarked;
