package io.sluice.binlog.feed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * Memory for chunks and for what is framed from them. These buffers are large and all of about the
 * same size, and what is free at the lowest address is taken first: memory that was used a moment
 * ago is still in the processor's caches. The allocator of the process cannot do that; it fetches
 * fresh, zeroed memory for such buffers again and again. Any thread.
 */
public final class FeedMemory {
  private static final int PAGE = 8 << 10;

  /** 4 MiB are asked for at once. */
  private static final int ORDER = 9;

  private static final PooledByteBufAllocator POOL =
      new PooledByteBufAllocator(
          true,
          0,
          1,
          PAGE,
          ORDER,
          PooledByteBufAllocator.defaultSmallCacheSize(),
          PooledByteBufAllocator.defaultNormalCacheSize(),
          false);

  private FeedMemory() {}

  /**
   * A direct buffer, owned by the caller.
   *
   * @param initial how large it is at first
   * @param most how large it may become
   */
  public static ByteBuf buffer(int initial, int most) {
    return POOL.directBuffer(initial, most);
  }
}
