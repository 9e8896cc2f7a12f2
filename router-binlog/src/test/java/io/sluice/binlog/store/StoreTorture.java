package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.disk.SimulatedDisk;
import io.sluice.binlog.disk.SimulatedDisk.Image;
import io.sluice.binlog.disk.SimulatedDisk.Kind;
import io.sluice.binlog.disk.SimulatedDisk.Step;
import io.sluice.binlog.disk.Survival;
import io.sluice.binlog.store.SimulatedRun.Promises;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lives of a store that end at any step, and the lives after them. A failure names seed and case;
 * {@code -Dsluice.test.seed=N} repeats it.
 */
final class StoreTorture {
  private static final Logger LOGGER = LoggerFactory.getLogger(StoreTorture.class);

  final long seed = Long.getLong("sluice.test.seed", System.nanoTime());
  int cases;

  /** How a store works. */
  interface Setup {
    StoreOptions options();

    /** Makes what the store needs to find on a new disk. */
    default void prepare(SimulatedDisk disk) throws IOException {}

    /** Between two files and at the end of a life: work on closed files goes on. */
    default void settle(SimulatedDisk disk, SimulatedRun run, boolean wait) throws IOException {}

    default boolean keepsShown(Survival survival) {
      return survival == Survival.KILLED_PROCESS || options().serveAfter() == ServeAfter.SYNCED;
    }
  }

  /**
   * A moment of a run: the step that was about to be done, the disk, and what had been promised.
   */
  record Moment(Step step, Image image, Promises promises) {}

  interface Body {
    void run(Random random) throws Exception;
  }

  /** One case; what goes wrong in it is told with all that it takes to see it again. */
  void one(Object what, long caseSeed, Body body) {
    try {
      cases++;
      body.run(new Random(caseSeed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("-Dsluice.test.seed=" + seed + ": " + what + ": " + e, e);
    }
  }

  void report(Object way) {
    LOGGER
        .atInfo()
        .addKeyValue("way", way)
        .addKeyValue("cases", cases)
        .addKeyValue("seed", seed)
        .log("disk torture: -Dsluice.test.seed");
  }

  /** Lets a store live undisturbed and keeps each step of it. */
  List<Moment> record(Setup way, MasterHistory history, Random random) throws Exception {
    List<Moment> moments = new CopyOnWriteArrayList<>();
    AtomicReference<@Nullable SimulatedRun> running = new AtomicReference<>();
    SimulatedDisk disk = new SimulatedDisk();
    way.prepare(disk);
    disk.watch(
        step -> {
          SimulatedRun run = running.get();
          Promises promises = run == null ? Promises.NONE : run.promises();
          Image torn = disk.insideWrite();
          if (torn != null) {
            Moment last = moments.get(moments.size() - 1);
            moments.add(new Moment(last.step(), torn, last.promises()));
          }
          moments.add(new Moment(step, disk.image(), promises));
          return -1;
        });
    SimulatedRun run = new SimulatedRun(disk, way.options(), history, true, Promises.NONE);
    running.set(run);
    try (run) {
      for (int link = 0; link < 2; link++) {
        assertThat(run.send(random, () -> between(way, disk, run, random))).isTrue();
      }
      requireAll(run, history);
    }
    assertThat(disk.openFiles()).isZero();
    Step end = new Step(disk.count() + 1, Kind.FORCE, Path.of("end"));
    moments.add(new Moment(end, disk.image(), run.promises()));
    return moments;
  }

  private static void between(Setup way, SimulatedDisk disk, SimulatedRun run, Random random) {
    try {
      way.settle(disk, run, random.nextInt(3) > 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    purgeSometimes(run, random);
  }

  static void purgeSometimes(SimulatedRun run, Random random) {
    if (random.nextInt(3) == 0) {
      run.purge(random);
    }
  }

  static void requireAll(SimulatedRun run, MasterHistory history) throws IOException {
    Watermark mark = run.tester.store.watermark();
    assertThat(mark.file()).isEqualTo(history.last().id());
    assertThat(mark.offset()).isEqualTo(history.last().size());
    run.requireHistory(run.promises(), true);
  }

  /** A later life: all that was promised is there, and it goes on to the end of the history. */
  void live(
      Setup way,
      MasterHistory history,
      SimulatedDisk disk,
      Promises promises,
      boolean keepsShown,
      Random random)
      throws Exception {
    try (SimulatedRun run = new SimulatedRun(disk, way.options(), history, false, promises)) {
      run.requireHistory(promises, keepsShown);
      assertThat(run.send(random, null)).isTrue();
      way.settle(disk, run, true);
      requireAll(run, history);
    }
    assertThat(disk.openFiles()).isZero();
  }

  /** What comes after a moment: a later life, or two of them. */
  void goOn(Setup way, MasterHistory history, Moment moment, Survival survival, Random random)
      throws Exception {
    if (random.nextInt(3) == 0) {
      liveTwice(way, history, moment, survival, random);
    } else {
      live(
          way,
          history,
          moment.image().restart(survival, random),
          moment.promises(),
          way.keepsShown(survival),
          random);
    }
  }

  /** The same, with an end in the middle of it, be it during recovery. */
  void liveTwice(Setup way, MasterHistory history, Moment moment, Survival survival, Random random)
      throws Exception {
    SimulatedDisk disk = moment.image().restart(survival, random);
    AtomicReference<@Nullable Moment> second = new AtomicReference<>();
    AtomicReference<@Nullable SimulatedRun> running = new AtomicReference<>();
    Promises first = moment.promises();
    Promises reduced =
        new Promises(first.durable(), first.durable(), first.purgedBelow(), first.purgeLimit());
    int stop = 1 + random.nextInt(25);
    disk.watch(
        step -> {
          if (step.number() == stop) {
            SimulatedRun run = running.get();
            second.set(new Moment(step, disk.image(), run == null ? reduced : run.promises()));
          }
          return -1;
        });
    try (SimulatedRun run = new SimulatedRun(disk, way.options(), history, false, first)) {
      running.set(run);
      run.requireHistory(first, way.keepsShown(survival));
      assertThat(run.send(random, () -> between(way, disk, run, random))).isTrue();
      requireAll(run, history);
    }
    Moment again = second.get();
    if (again != null) {
      Survival[] all = Survival.values();
      Survival next = all[random.nextInt(all.length)];
      try {
        live(
            way,
            history,
            again.image().restart(next, random),
            again.promises(),
            way.keepsShown(next),
            random);
      } catch (AssertionError e) {
        throw new AssertionError("then " + again.step() + " and " + next + ": " + e, e);
      }
    }
  }
}
