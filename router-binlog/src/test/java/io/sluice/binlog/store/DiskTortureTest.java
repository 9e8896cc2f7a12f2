package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTorture.purgeSometimes;
import static io.sluice.binlog.store.StoreTorture.requireAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.disk.SimulatedDisk;
import io.sluice.binlog.disk.SimulatedDisk.Kind;
import io.sluice.binlog.disk.SimulatedDisk.Step;
import io.sluice.binlog.disk.Survival;
import io.sluice.binlog.store.SimulatedRun.Promises;
import io.sluice.binlog.store.StoreTorture.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The store on a disk that fails at every step. A failure names seed and case; {@code
 * -Dsluice.test.seed=N} repeats it.
 */
class DiskTortureTest {
  private static final int ROUNDS = Integer.getInteger("sluice.test.rounds", 1);

  private final StoreTorture torture = new StoreTorture();
  private final long seed = torture.seed;

  /** What is stored, and how. */
  enum Way implements StoreTorture.Setup {
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

    @Override
    public StoreOptions options() {
      return options;
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void shouldGoOnFromEveryStepWhateverIsLeft(Way way) throws Exception {
    Random seeds = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      MasterHistory history = way.history(seeds.nextInt(1 << 20));
      List<Moment> moments = torture.record(way, history, new Random(seeds.nextLong()));
      for (Moment moment : moments) {
        for (Survival survival : Survival.values()) {
          torture.one(
              way + ", round " + round + ", ended before " + moment.step() + ", left " + survival,
              seeds.nextLong(),
              random -> torture.goOn(way, history, moment, survival, random));
        }
      }
    }
    torture.report(way);
    assertThat(torture.cases).isGreaterThan(ROUNDS * 100);
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
    int steps = torture.record(way, history, new Random(seeds.nextLong())).size();
    for (Fault fault : Fault.values()) {
      for (int failAt = 1; failAt <= steps; failAt++) {
        int from = failAt;
        torture.one(
            way + ", " + fault + " at step " + failAt,
            seeds.nextLong(),
            random -> fail(way, history, fault, from, random));
      }
    }
    torture.report(way);
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
      torture.live(way, history, left, moment.promises(), way.keepsShown(Survival.NOTHING), random);
    }
  }

  private static SimulatedRun open(Way way, MasterHistory history, SimulatedDisk disk) {
    for (int attempts = 1; ; attempts++) {
      try {
        return new SimulatedRun(disk, way.options(), history, true, Promises.NONE);
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
    List<Moment> moments = torture.record(way, history, new Random(seeds.nextLong()));
    for (int i = 0; i < 300; i++) {
      torture.one(
          way + ", flip " + i, seeds.nextLong(), random -> flip(way, history, moments, random));
    }
    torture.report(way);
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
    try (SimulatedRun run = new SimulatedRun(disk, way.options(), history, false, none)) {
      run.requireHistory(none, false);
      assertThat(run.send(random, null)).as("%s", target).isTrue();
      requireAll(run, history);
    }
  }
}
