package io.sluice.binlog.retention;

import io.sluice.binlog.store.BinlogFileId;

/**
 * What counts of a file. Immutable.
 *
 * @param id which
 * @param bytes that it takes on disk
 * @param lastEvent seconds since 1970 of its last event; 0 if that is not known, and then it is not
 *     old
 */
record FileFacts(BinlogFileId id, long bytes, long lastEvent) {}
