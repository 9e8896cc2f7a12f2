package io.sluice.binlog.store;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that read a store's files; they end when there is nothing to read. */
final class IoThreads {
  private IoThreads() {}

  /** Makes a number of them, with a name. */
  static ThreadPoolExecutor make(int threads, String name) {
    AtomicInteger count = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, name + "-" + count.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
