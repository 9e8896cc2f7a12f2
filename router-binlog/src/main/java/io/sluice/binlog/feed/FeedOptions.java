package io.sluice.binlog.feed;

/**
 * Memory of a feed. Immutable.
 *
 * @param tailBytes recent bytes kept in memory
 * @param cacheBytes older bytes kept in memory
 */
public record FeedOptions(long tailBytes, long cacheBytes) {
  /** Larger events are delivered in parts of this size. */
  public static final int MAX_WHOLE_EVENT = 256 << 10;

  /** Chunks that are read from files begin and end near multiples of this offset. */
  static final int GRID = 256 << 10;

  /** Checks the values. */
  public FeedOptions {
    if (tailBytes < 0 || cacheBytes < 0) {
      throw new IllegalArgumentException(
          "tailBytes: " + tailBytes + ", cacheBytes: " + cacheBytes + " (expected: 0 or more)");
    }
  }

  /** 16 MiB of tail, 64 MiB of cache. */
  public static FeedOptions defaults() {
    return new FeedOptions(16L << 20, 64L << 20);
  }
}
