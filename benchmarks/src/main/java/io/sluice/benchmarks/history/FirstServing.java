package io.sluice.benchmarks.history;

import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a relay needs from the start of its process until it serves: until {@code /health/ready}
 * says so, and until a replica has the first packet of its stream.
 *
 * @param ready seconds until it is ready
 * @param served seconds until the first packet
 */
public record FirstServing(double ready, double served) {
  private static final double SECOND = 1e9;
  private static final long PATIENCE = Duration.ofMinutes(10).toNanos();
  private static final long PAUSE = Duration.ofMillis(10).toNanos();
  private static final long ID = 7900;

  /** Starts the relay; a replica behind that GTID tries again and again. */
  public static FirstServing of(SluiceRelay relay, String gtid) {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      long began = System.nanoTime();
      relay.launch();
      CompletableFuture<Double> served =
          CompletableFuture.supplyAsync(
              () -> await(relay, began, () -> isServed(relay.port(), gtid)), threads);
      CompletableFuture<Double> ready =
          CompletableFuture.supplyAsync(() -> await(relay, began, () -> isReady(relay)), threads);
      return new FirstServing(ready.join(), served.join());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Until both are true. */
  public double both() {
    return Math.max(ready, served);
  }

  private interface Condition {
    boolean holds();
  }

  private static double await(SluiceRelay relay, long began, Condition condition) {
    while (!condition.holds()) {
      if (System.nanoTime() - began > PATIENCE || !relay.isRunning()) {
        throw new IllegalStateException("Sluice does not serve:\n" + relay.output());
      }
      LockSupport.parkNanos(PAUSE);
    }
    return (System.nanoTime() - began) / SECOND;
  }

  private static boolean isReady(SluiceRelay relay) {
    try {
      return relay.isReady();
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Who comes too early is refused, or cut off. */
  private static boolean isServed(int port, String gtid) {
    try (WireClient client = StartProbe.prepare(port, gtid, ID)) {
      StartProbe.firstPacket(client, ID);
      return true;
    } catch (UncheckedIOException | WireError | AssertionError e) {
      return false;
    }
  }
}
