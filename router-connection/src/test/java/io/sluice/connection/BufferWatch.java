package io.sluice.connection;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.sluice.testkit.await.Await;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks all the time at how many bytes of network buffers the process holds. Exact for the pooled
 * allocator only, which these tests run with.
 */
final class BufferWatch implements AutoCloseable {

  private static final long INTERVAL_NANOS = 500_000;

  private final PooledByteBufAllocator allocator;
  private final Thread thread = new Thread(this::look, "buffer-watch");
  private volatile boolean running = true;
  private volatile long most;

  BufferWatch() {
    if (!(ByteBufAllocator.DEFAULT instanceof PooledByteBufAllocator pooled)) {
      throw new IllegalStateException(
          "io.netty.allocator.type: " + ByteBufAllocator.DEFAULT + " (expected: pooled)");
    }
    allocator = pooled;
    thread.setDaemon(true);
    thread.start();
  }

  /** Bytes of buffers that somebody holds now. */
  long now() {
    return allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory();
  }

  /** The most that was seen. */
  long most() {
    return most;
  }

  /**
   * Waits until nothing moves any more, and says what is held then. Looks are counted, not time:
   * the machine may stand still itself.
   */
  long settled() {
    long[] last = {-1, 0};
    Await.until(
        "the buffers stand still",
        Duration.ofSeconds(120),
        () -> {
          long held = now();
          if (held != last[0]) {
            last[0] = held;
            last[1] = 0;
          }
          return last[1]++ > 12;
        });
    return last[0];
  }

  private void look() {
    while (running) {
      most = Math.max(most, now());
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
  }

  @Override
  public void close() throws InterruptedException {
    running = false;
    thread.join();
  }
}
