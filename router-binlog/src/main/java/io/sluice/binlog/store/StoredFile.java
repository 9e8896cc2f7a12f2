package io.sluice.binlog.store;

/**
 * A file as replicas see it. Immutable.
 *
 * @param id which file
 * @param size bytes that may be read; of the newest file, up to the watermark
 */
public record StoredFile(BinlogFileId id, long size) {}
