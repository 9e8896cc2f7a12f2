package io.sluice.core.context;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for work that blocks: a fixed number at most, idle ones end. Thread-safe.
 *
 * <p>Its queue has no limit, because a refused task would be a completion that never comes: who
 * submits tasks limits how many of its own are under way.
 */
public final class BlockingExecutor implements Executor, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(BlockingExecutor.class);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final ThreadPoolExecutor pool;

  /** With at most so many threads. */
  public BlockingExecutor(int threads) {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "sluice-blocking-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            LOGGER.atError().setCause(e).log("defect in a background task");
          }
        });
  }

  /** How many tasks wait for a thread. */
  public int queued() {
    return pool.getQueue().size();
  }

  /** Lets the tasks finish, for a while, then interrupts them. */
  @Override
  public void close() {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOGGER.atWarn().addKeyValue("tasks", pool.getActiveCount()).log("tasks interrupted");
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
