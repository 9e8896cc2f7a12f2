package io.sluice.core.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlockingExecutorTest {

  @Test
  void shouldRunAllTasksOnAFewPlainThreadsAndSurviveDefects() throws InterruptedException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    AtomicInteger done = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    try (BlockingExecutor executor = new BlockingExecutor(2)) {
      for (int i = 0; i < 2; i++) {
        executor.execute(
            () -> {
              both.countDown();
              try {
                both.await(60, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
      for (int i = 0; i < 100; i++) {
        executor.execute(
            () -> {
              threads.add(Thread.currentThread());
              if (done.incrementAndGet() == 1) {
                throw new IllegalStateException("broken task");
              }
            });
      }
    }
    assertThat(both.getCount()).isZero();
    assertThat(done).hasValue(100);
    assertThat(threads).hasSizeBetween(1, 2);
    assertThat(threads)
        .allSatisfy(thread -> assertThat(thread).isNotInstanceOf(FastThreadLocalThread.class));
  }
}
