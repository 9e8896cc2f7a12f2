package io.sluice.distribution;

import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks the moment in which the process dies. What may be caught in the middle is watched for in
 * the folder of a store; which moment and which store depends on the seed alone.
 */
final class KillMoments {
  private static final Logger LOGGER = LoggerFactory.getLogger(KillMoments.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration RARE = Duration.ofSeconds(5);

  /** What goes on when it dies. */
  enum Moment {
    /** The process starts, reads its stores, or has just begun to listen. */
    START,
    /** It fetches what was written while it was away. */
    CATCH_UP,
    /** A file has just begun. */
    ROTATION,
    /** A file has just been made that gets another name when it is whole. */
    REPLACEMENT,
    /** Old files are being removed. */
    PURGE,
    /** Anything. */
    ANY
  }

  private final SluiceProcess sluice;
  private final List<RelayStore> stores;
  private final Random random;

  KillMoments(SluiceProcess sluice, List<RelayStore> stores, Random random) {
    this.sluice = sluice;
    this.stores = stores;
    this.random = random;
  }

  /** Kills the process, which was just launched, at that moment; false if it did not come. */
  boolean kill(Moment moment) {
    RelayStore store = stores.get(random.nextInt(stores.size()));
    boolean met =
        switch (moment) {
          case START -> pause(1_500_000);
          case CATCH_UP -> {
            RelayStore.End before = store.end();
            Await.until(
                "the relay fetches", PATIENCE, () -> died() || store.end().isBehind(before));
            yield pause(300_000);
          }
          case ROTATION -> {
            sluice.awaitReady();
            yield awaitNew(store, KillMoments::canGrow, PATIENCE) && pause(3_000);
          }
          case REPLACEMENT -> {
            sluice.awaitReady();
            yield awaitNew(store, name -> name.endsWith(".new"), RARE) && pause(2_000);
          }
          case PURGE -> {
            sluice.awaitReady();
            yield purge(store);
          }
          case ANY -> {
            sluice.awaitReady();
            yield pause(1_500_000);
          }
        };
    if (moment != Moment.PURGE || !met) {
      die();
    }
    LOGGER
        .atInfo()
        .addKeyValue("moment", moment)
        .addKeyValue("store", store)
        .addKeyValue("met", met)
        .log("killed");
    return met;
  }

  private static boolean canGrow(String name) {
    return RelayStore.isBinlog(name) && !name.endsWith(".zst") && !name.endsWith(".archived");
  }

  private static boolean isPurged(String name, String limit) {
    return RelayStore.isBinlog(name) && RelayStore.plainName(name).compareTo(limit) < 0;
  }

  private void die() {
    if (died()) {
      throw new AssertionError("Sluice died by itself:\n" + sluice.output());
    }
    sluice.kill9();
  }

  private boolean died() {
    return !sluice.running();
  }

  /** Waits for at most so many microseconds. */
  private boolean pause(int micros) {
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(micros)));
    return true;
  }

  /** Has old files removed and dies in the middle, or right behind it. */
  private boolean purge(RelayStore store) {
    String limit = store.purgeLimit();
    if (limit == null) {
      return false;
    }
    Thread order = new Thread(() -> store.tryPurge(limit), "purge");
    try (WatchService watch = watch(store, true)) {
      order.start();
      boolean met = poll(watch, name -> isPurged(name, limit), RARE);
      pause(2_000);
      if (met) {
        die();
      }
      order.join(PATIENCE.toMillis());
      return met;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static WatchService watch(RelayStore store, boolean removals) throws IOException {
    WatchService watch = FileSystems.getDefault().newWatchService();
    store
        .newestEpoch()
        .register(
            watch,
            removals ? StandardWatchEventKinds.ENTRY_DELETE : StandardWatchEventKinds.ENTRY_CREATE);
    return watch;
  }

  private static boolean awaitNew(RelayStore store, Predicate<String> wanted, Duration limit) {
    try (WatchService watch = watch(store, false)) {
      return poll(watch, wanted, limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean poll(WatchService watch, Predicate<String> wanted, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      WatchKey key = watch.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (key == null) {
        return false;
      }
      for (WatchEvent<?> event : key.pollEvents()) {
        if (event.context() instanceof Path file && wanted.test(file.getFileName().toString())) {
          return true;
        }
      }
      key.reset();
    }
  }
}
