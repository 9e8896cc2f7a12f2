package io.sluice.mysql.frontend;

import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rounds of something random, on some threads, for some time. Each round has random numbers of its
 * own, which the seed and its number make; the seed is in the log and in each failure, and is taken
 * from the system property {@code sluice.fuzz.seed} to see a failure again.
 */
final class Fuzz {

  /** One round. */
  interface Round {
    void run(Random random) throws Exception;
  }

  private static final Logger LOGGER = LoggerFactory.getLogger("fuzz");
  private static final int THREADS = 4;

  private final long seed;
  private final AtomicInteger rounds = new AtomicInteger();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  Fuzz(String what) {
    this.seed = Long.getLong("sluice.fuzz.seed", new Random().nextLong());
    LOGGER.atInfo().addKeyValue("what", what).addKeyValue("seed", seed).log("fuzzing");
  }

  /** How long a usual run takes, or a nightly one. */
  static Duration time(boolean nightly) {
    return Duration.ofSeconds(Long.getLong("sluice.fuzz.seconds", nightly ? 900 : 45));
  }

  /** For messages. */
  String seed() {
    return String.format(Locale.ROOT, "-Dsluice.fuzz.seed=%d", seed);
  }

  /** How many rounds there were. */
  int rounds() {
    return rounds.get();
  }

  /** Runs until the time is over or a round has failed. */
  void run(Duration time, Round round) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      threads[i] = new Thread(() -> work(end, round), "fuzz-" + i);
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable first = failures.poll();
    if (first != null) {
      throw new AssertionError(seed() + ", after " + rounds + " rounds: " + first, first);
    }
    LOGGER.atInfo().addKeyValue("rounds", rounds.get()).log("fuzzed");
  }

  private void work(long end, Round round) {
    try {
      while (System.nanoTime() - end < 0 && failures.isEmpty()) {
        round.run(new Random(seed * 31 + rounds.incrementAndGet()));
      }
    } catch (Exception | AssertionError e) {
      failures.add(e);
    }
  }
}
