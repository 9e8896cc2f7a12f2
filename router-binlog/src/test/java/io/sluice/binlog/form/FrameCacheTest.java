package io.sluice.binlog.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FrameCacheTest {
  private final AtomicInteger loads = new AtomicInteger();

  private byte[] get(FrameCache cache, Object owner, int piece) throws IOException {
    return cache.get(
        owner,
        piece,
        () -> {
          loads.incrementAndGet();
          return new byte[10];
        });
  }

  @Test
  void shouldKeepThePiecesThatWereAskedForLast() throws Exception {
    FrameCache cache = new FrameCache(30);
    get(cache, "a", 1);
    get(cache, "a", 2);
    get(cache, "a", 3);
    get(cache, "a", 1);
    get(cache, "a", 4);
    assertThat(loads).hasValue(4);
    assertThat(cache.bytes()).isEqualTo(30);
    get(cache, "a", 1);
    get(cache, "a", 3);
    get(cache, "a", 4);
    assertThat(loads).hasValue(4);
    get(cache, "a", 2);
    assertThat(loads).hasValue(5);
    assertThat(cache.bytes()).isEqualTo(30);
  }

  @Test
  void shouldForgetTheFileThatIsClosed() throws Exception {
    FrameCache cache = new FrameCache(100);
    get(cache, "a", 1);
    get(cache, "b", 1);
    get(cache, "a", 2);
    cache.forget("a");
    assertThat(cache.bytes()).isEqualTo(10);
    get(cache, "b", 1);
    assertThat(loads).hasValue(3);
    get(cache, "a", 1);
    assertThat(loads).hasValue(4);
  }

  @Test
  void shouldTryAgainWhatFailed() throws Exception {
    FrameCache cache = new FrameCache(100);
    assertThatThrownBy(
            () ->
                cache.get(
                    "a",
                    1,
                    () -> {
                      throw new IOException("damaged");
                    }))
        .hasMessage("damaged");
    assertThat(get(cache, "a", 1)).hasSize(10);
    assertThat(cache.bytes()).isEqualTo(10);
  }

  @Test
  void shouldUnpackOnceForAllWhoWait() throws Exception {
    FrameCache cache = new FrameCache(100);
    CountDownLatch loading = new CountDownLatch(1);
    CompletableFuture<byte[]> disk = new CompletableFuture<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<byte[]>> results = new ArrayList<>();
      results.add(
          threads.submit(
              () ->
                  cache.get(
                      "a",
                      1,
                      () -> {
                        loading.countDown();
                        return disk.join();
                      })));
      loading.await();
      for (int i = 0; i < 4; i++) {
        results.add(threads.submit(() -> get(cache, "a", 1)));
      }
      disk.complete(new byte[] {7});
      for (Future<byte[]> result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS)).containsExactly(7);
      }
      assertThat(loads).hasValue(0);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldCountRightWhateverManyThreadsDo() throws Exception {
    FrameCache cache = new FrameCache(100);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(t);
        results.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    if (random.nextInt(50) == 0) {
                      cache.forget(random.nextInt(3));
                    }
                    get(cache, random.nextInt(3), random.nextInt(8));
                  }
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(cache.bytes()).isBetween(0L, 100L);
    for (int owner = 0; owner < 3; owner++) {
      cache.forget(owner);
    }
    assertThat(cache.bytes()).isZero();
  }
}
