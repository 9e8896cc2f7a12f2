package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.disk.SimulatedDisk;
import io.sluice.binlog.disk.SimulatedDisk.Image;
import io.sluice.binlog.disk.SimulatedDisk.Kind;
import io.sluice.binlog.disk.SimulatedDisk.Step;
import io.sluice.binlog.disk.Survival;
import io.sluice.binlog.store.SimulatedRun.Promises;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store on a disk that fails at every step. A failure names seed and case; {@code
 * -Dsluice.test.seed=N} repeats it.
 */
class DiskTortureTest {
  private static final Logger LOGGER = LoggerFactory.getLogger(DiskTortureTest.class);

  private static final int ROUNDS = Integer.getInteger("sluice.test.rounds", 1);

  private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());
  private int cases;

  /** What is stored, and how. */
  enum Way {
    MARIADB(false, StoreOptions.defaults()),
    MARIADB_UNSYNCED(false, StoreOptions.defaults().withSync(SyncPolicy.NONE)),
    MYSQL(true, StoreOptions.defaults()),
    MYSQL_SERVED_SYNCED(true, StoreOptions.defaults().withServeAfter(ServeAfter.SYNCED));

    private final boolean mySql;
    private final StoreOptions options;

    Way(boolean mySql, StoreOptions options) {
      this.mySql = mySql;
      this.options = options;
    }

    MasterHistory history(long seed) {
      return mySql ? MasterHistory.mySql(seed) : MasterHistory.mariaDb(seed);
    }

    boolean keepsShown(Survival survival) {
      return survival == Survival.KILLED_PROCESS || options.serveAfter() == ServeAfter.SYNCED;
    }
  }

  /**
   * A moment of a run: the step that was about to be done, the disk, and what had been promised.
   */
  private record Moment(Step step, Image image, Promises promises) {}

  private interface Body {
    void run(Random random) throws Exception;
  }

  /** One case; what goes wrong in it is told with all that it takes to see it again. */
  private void one(Object what, long caseSeed, Body body) {
    try {
      cases++;
      body.run(new Random(caseSeed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("-Dsluice.test.seed=" + seed + ": " + what + ": " + e, e);
    }
  }

  private void report(Way way) {
    LOGGER
        .atInfo()
        .addKeyValue("way", way)
        .addKeyValue("cases", cases)
        .addKeyValue("seed", seed)
        .log("disk torture: -Dsluice.test.seed");
  }

  /** Lets a store live undisturbed and keeps each step of it. */
  private List<Moment> record(Way way, MasterHistory history, Random random) throws Exception {
    List<Moment> moments = new CopyOnWriteArrayList<>();
    AtomicReference<@Nullable SimulatedRun> running = new AtomicReference<>();
    SimulatedDisk disk = new SimulatedDisk();
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
    SimulatedRun run = new SimulatedRun(disk, way.options, history, true, Promises.NONE);
    running.set(run);
    try (run) {
      for (int link = 0; link < 2; link++) {
        assertThat(run.send(random, () -> purgeSometimes(run, random))).isTrue();
      }
      requireAll(run, history);
    }
    assertThat(disk.openFiles()).isZero();
    Step end = new Step(disk.count() + 1, Kind.FORCE, Path.of("end"));
    moments.add(new Moment(end, disk.image(), run.promises()));
    return moments;
  }

  private static void purgeSometimes(SimulatedRun run, Random random) {
    if (random.nextInt(3) == 0) {
      run.purge(random);
    }
  }

  private static void requireAll(SimulatedRun run, MasterHistory history) throws IOException {
    Watermark mark = run.tester.store.watermark();
    assertThat(mark.file()).isEqualTo(history.last().id());
    assertThat(mark.offset()).isEqualTo(history.last().size());
    run.requireHistory(run.promises(), true);
  }

  /** A later life: all that was promised is there, and it goes on to the end of the history. */
  private void live(
      Way way,
      MasterHistory history,
      SimulatedDisk disk,
      Promises promises,
      boolean keepsShown,
      Random random)
      throws Exception {
    try (SimulatedRun run = new SimulatedRun(disk, way.options, history, false, promises)) {
      run.requireHistory(promises, keepsShown);
      assertThat(run.send(random, null)).isTrue();
      requireAll(run, history);
    }
    assertThat(disk.openFiles()).isZero();
  }

  /** The same, with an end in the middle of it, be it during recovery. */
  private void liveTwice(
      Way way, MasterHistory history, Moment moment, Survival survival, Random random)
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
    try (SimulatedRun run = new SimulatedRun(disk, way.options, history, false, first)) {
      running.set(run);
      run.requireHistory(first, way.keepsShown(survival));
      assertThat(run.send(random, () -> purgeSometimes(run, random))).isTrue();
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

  @ParameterizedTest
  @EnumSource(Way.class)
  void shouldGoOnFromEveryStepWhateverIsLeft(Way way) throws Exception {
    Random seeds = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      MasterHistory history = way.history(seeds.nextInt(1 << 20));
      List<Moment> moments = record(way, history, new Random(seeds.nextLong()));
      for (Moment moment : moments) {
        for (Survival survival : Survival.values()) {
          one(
              way + ", round " + round + ", ended before " + moment.step() + ", left " + survival,
              seeds.nextLong(),
              random -> {
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
              });
        }
      }
    }
    report(way);
    assertThat(cases).isGreaterThan(ROUNDS * 100);
  }

  /** How the disk fails. */
  private enum Fault {
    /** One step does not work. */
    IO_ERROR("Input/output error"),
    /** A force does not work, and what was to be forced is lost. */
    LOST_FORCE("Input/output error"),
    /** For a while nothing can be written, and the last write is short. */
    FULL("No space left on device"),
    /** For a while nothing can be changed. */
    READ_ONLY("Read-only file system");

    private final String message;

    Fault(String message) {
      this.message = message;
    }

    boolean hits(Step step, int from, int to) {
      boolean now = step.number() >= from && step.number() < to;
      return switch (this) {
        case IO_ERROR -> step.number() == from;
        case LOST_FORCE -> now && step.kind() == Kind.FORCE;
        case FULL -> now && (step.kind() == Kind.WRITE || step.kind() == Kind.CREATE);
        case READ_ONLY -> now;
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void shouldLoseNothingWhicheverStepFails(Way way) throws Exception {
    Random seeds = new Random(seed);
    MasterHistory history = way.history(seeds.nextInt(1 << 20));
    int steps = record(way, history, new Random(seeds.nextLong())).size();
    for (Fault fault : Fault.values()) {
      for (int failAt = 1; failAt <= steps; failAt++) {
        int from = failAt;
        one(
            way + ", " + fault + " at step " + failAt,
            seeds.nextLong(),
            random -> fail(way, history, fault, from, random));
      }
    }
    report(way);
  }

  private void fail(Way way, MasterHistory history, Fault fault, int from, Random random)
      throws Exception {
    int to = from + 1 + random.nextInt(20);
    int powerLoss = from + random.nextInt(30);
    AtomicReference<@Nullable SimulatedRun> running = new AtomicReference<>();
    AtomicReference<@Nullable Moment> lost = new AtomicReference<>();
    SimulatedDisk disk = new SimulatedDisk();
    Random shortWrites = new Random(random.nextLong());
    disk.watch(
        step -> {
          if (step.number() == powerLoss) {
            SimulatedRun run = running.get();
            Promises promises = run == null ? Promises.NONE : run.promises();
            lost.set(new Moment(step, disk.image(), promises));
          }
          if (fault.hits(step, from, to)) {
            throw new IOException(fault.message);
          }
          boolean before = fault == Fault.FULL && step.number() == from - 1;
          return before || shortWrites.nextInt(4) == 0 ? 1 + shortWrites.nextInt(60) : -1;
        });
    SimulatedRun run = open(way, history, disk);
    running.set(run);
    try (run) {
      int attempts = 0;
      while (!run.send(random, () -> purgeSometimes(run, random))) {
        run.requireHistory(run.promises(), false);
        assertThat(++attempts).isLessThan(60);
      }
      requireAll(run, history);
    }
    Moment moment = lost.get();
    if (moment != null) {
      SimulatedDisk left = moment.image().restart(Survival.NOTHING, random);
      live(way, history, left, moment.promises(), way.keepsShown(Survival.NOTHING), random);
    }
  }

  private static SimulatedRun open(Way way, MasterHistory history, SimulatedDisk disk) {
    for (int attempts = 1; ; attempts++) {
      try {
        return new SimulatedRun(disk, way.options, history, true, Promises.NONE);
      } catch (IOException e) {
        assertThat(attempts).as("%s", e).isLessThan(60);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"MARIADB", "MYSQL"})
  void shouldFetchAgainWhatIsDamagedInTheNewestFileAndMakeSidecarsAgain(Way way) throws Exception {
    Random seeds = new Random(seed);
    MasterHistory history = way.history(seeds.nextInt(1 << 20));
    List<Moment> moments = record(way, history, new Random(seeds.nextLong()));
    for (int i = 0; i < 300; i++) {
      one(way + ", flip " + i, seeds.nextLong(), random -> flip(way, history, moments, random));
    }
    report(way);
  }

  private static void flip(Way way, MasterHistory history, List<Moment> moments, Random random)
      throws Exception {
    Moment moment = moments.get(random.nextInt(moments.size()));
    SimulatedDisk disk = moment.image().restart(Survival.KILLED_PROCESS, random);
    List<Path> targets = new ArrayList<>();
    for (int epoch = 2; epoch >= 1 && targets.isEmpty(); epoch--) {
      Path folder = SimulatedRun.DIRECTORY.resolve("000" + epoch);
      if (disk.isDirectory(folder)) {
        List<Path> entries = new ArrayList<>(disk.list(folder));
        entries.removeIf(path -> !path.toString().endsWith(".idx"));
        targets.addAll(entries);
        disk.list(folder).stream()
            .filter(path -> BinlogFileFormat.isValidName(path.getFileName().toString()))
            .max(
                (one, other) ->
                    Long.compare(
                        BinlogFileFormat.number(one.toString()),
                        BinlogFileFormat.number(other.toString())))
            .ifPresent(targets::add);
      }
    }
    targets.removeIf(path -> !disk.isRegularFile(path));
    if (targets.isEmpty()) {
      return;
    }
    Path target = targets.get(random.nextInt(targets.size()));
    int size = (int) disk.size(target);
    if (size == 0) {
      return;
    }
    disk.flip(target, random.nextInt(size), random.nextInt(8));
    Promises none =
        new Promises(Watermark.EMPTY, Watermark.EMPTY, 0, moment.promises().purgeLimit());
    try (SimulatedRun run = new SimulatedRun(disk, way.options, history, false, none)) {
      run.requireHistory(none, false);
      assertThat(run.send(random, null)).as("%s", target).isTrue();
      requireAll(run, history);
    }
  }
}
