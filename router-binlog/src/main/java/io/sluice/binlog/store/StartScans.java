package io.sluice.binlog.store;

/**
 * How much was read to find where streams begin: heads of files, indexes, and what a replica had
 * already. Immutable.
 *
 * @param starts searches so far
 * @param totalBytes bytes of all of them
 * @param lastBytes bytes of the newest one so far
 */
public record StartScans(long starts, long totalBytes, long lastBytes) {}
