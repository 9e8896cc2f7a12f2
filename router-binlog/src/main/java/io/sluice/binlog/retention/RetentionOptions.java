package io.sluice.binlog.retention;

import java.time.Duration;

/**
 * How much of the log is kept. Zero is no limit. Immutable.
 *
 * @param time how long after its last event a file is kept
 * @param size bytes that the log may take on disk
 * @param files how many files there may be
 * @param free bytes that the disk shall keep free
 * @param replicaTime how long a replica is known after it was seen; zero: only while connected
 * @param hardSize bytes above which the oldest files go whoever needs them
 */
public record RetentionOptions(
    Duration time, long size, int files, long free, Duration replicaTime, long hardSize) {

  /** Everything is kept. */
  public static final RetentionOptions KEEP_ALL =
      new RetentionOptions(Duration.ZERO, 0, 0, 0, Duration.ofDays(7), 0);
}
