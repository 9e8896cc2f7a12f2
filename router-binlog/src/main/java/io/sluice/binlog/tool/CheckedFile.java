package io.sluice.binlog.tool;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.store.BinlogFileId;
import org.jspecify.annotations.Nullable;

/**
 * What a file says at its ends. Immutable.
 *
 * @param id which file
 * @param format its first event
 * @param start GTID state in front of its first group, null if it does not tell
 * @param end GTID state behind its last whole group
 */
record CheckedFile(
    BinlogFileId id,
    @Nullable FormatDescription format,
    @Nullable GtidState start,
    GtidState end) {}
