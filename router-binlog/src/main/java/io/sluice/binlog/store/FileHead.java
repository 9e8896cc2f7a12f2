package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import org.jspecify.annotations.Nullable;

/**
 * What the first events of a file say. Immutable.
 *
 * @param format the first event
 * @param state GTID state at the start of the file, null if the file has neither GTID_LIST nor
 *     PREVIOUS_GTIDS
 * @param end offset behind these events
 */
record FileHead(FormatDescription format, @Nullable GtidState state, long end) {}
