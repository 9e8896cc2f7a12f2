package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.disk.SimulatedDisk;
import io.sluice.binlog.disk.Survival;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.form.SealedFiles;
import io.sluice.binlog.form.StoredForm;
import io.sluice.binlog.store.StoreTorture.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store that keeps closed files in other forms, on a disk that may end at every step, with those
 * forms being made meanwhile. A sample of the steps, most of them where a form is made. A failure
 * names seed and case; {@code -Dsluice.test.seed=N} repeats it as far as threads allow.
 */
class FormTortureTest {
  private static final int CASES = Integer.getInteger("sluice.test.cases", 250);
  private static final Path ARCHIVE = Path.of("/disk/archive");
  private static final String KEYS =
      "1;00112233445566778899aabbccddeeff\n"
          + "2;ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n";

  @TempDir Path folder;

  private final StoreTorture torture = new StoreTorture();

  /** In what form files are kept. */
  enum Form {
    ZSTD(true, false, false),
    SEALED(false, true, false),
    SEALED_ZSTD(true, true, false),
    ARCHIVED(false, false, true),
    ARCHIVED_SEALED_ZSTD(true, true, true);

    private final boolean compressed;
    private final boolean sealed;
    private final boolean archived;

    Form(boolean compressed, boolean sealed, boolean archived) {
      this.compressed = compressed;
      this.sealed = sealed;
      this.archived = archived;
    }

    StoredForm newest() {
      return sealed ? StoredForm.SEALED : StoredForm.PLAIN;
    }

    StoredForm closed() {
      return compressed && !sealed ? StoredForm.ZSTD : newest();
    }
  }

  /** A store with a form. */
  private record FormSetup(Form form, StoreOptions options, KeyRing keys)
      implements StoreTorture.Setup {
    @Override
    public void prepare(SimulatedDisk disk) throws IOException {
      if (form.archived) {
        disk.createDirectories(ARCHIVE);
        disk.syncDirectory(ARCHIVE.getParent());
        disk.syncDirectory(ARCHIVE.getRoot());
      }
    }

    @Override
    public void settle(SimulatedDisk disk, SimulatedRun run, boolean wait) throws IOException {
      FileBinlogStore store = run.tester.store;
      wake(store);
      if (!wait) {
        return;
      }
      AtomicReference<BinlogFileId> woken = new AtomicReference<>(BinlogFileId.NONE);
      try {
        StoreTester.await(() -> isSettled(disk, store, woken));
      } catch (AssertionError e) {
        Inventory now = store.inventory();
        throw new AssertionError(
            found(disk, now) + " (expected: " + expected(now) + "), " + store.packing(), e);
      }
    }

    /** Each change of it wakes the packer: what it left for later is due now. */
    private static void wake(FileBinlogStore store) {
      store.hurryArchive(true);
      store.hurryArchive(false);
    }

    private boolean isSettled(
        SimulatedDisk disk, FileBinlogStore store, AtomicReference<BinlogFileId> woken) {
      BinlogFileId durable = store.writer().durable().file();
      if (!durable.equals(woken.getAndSet(durable))) {
        wake(store);
      }
      LockSupport.parkNanos(100_000);
      Inventory now = store.inventory();
      // A problem is forgotten behind the change that it held up.
      return found(disk, now).equals(expected(now))
          && isCompressed(disk, now)
          && store.packing().problem().isEmpty()
          && store.packing().archiveProblem().isEmpty();
    }

    /** What is to be there in the end, and nothing else. */
    private Set<String> expected(Inventory inventory) {
      Set<String> names = new TreeSet<>();
      for (StoredFile file : inventory.files()) {
        BinlogFileId id = file.id();
        boolean newest = id.equals(inventory.newest());
        StoredForm stored = newest ? form.newest() : form.closed();
        String name = "000" + id.epoch() + "/" + stored.nameOnDisk(id.name());
        if (form.archived && !newest) {
          names.add("archive/" + name);
          name = "000" + id.epoch() + "/" + ArchiveStub.path(Path.of(id.name()));
        }
        names.add(name);
      }
      return names;
    }

    /** Names of all but sidecars, what recovery has set aside, and what is not shown yet. */
    private static Set<String> found(SimulatedDisk disk, Inventory inventory) {
      Set<String> names = new TreeSet<>();
      BinlogFileId newest = inventory.watermark().file();
      int upTo = newest.epoch();
      for (int epoch = 1; epoch <= upTo; epoch++) {
        list(disk, SimulatedRun.DIRECTORY, epoch, "", names);
        list(disk, ARCHIVE, epoch, "archive/", names);
      }
      names.removeIf(name -> isBehind(newest, name) || isPurged(inventory.oldest(), name));
      return names;
    }

    /** A copy in the archive that nobody noted before a crash stays if its file is purged then. */
    private static boolean isPurged(@Nullable BinlogFileId oldest, String path) {
      if (oldest == null || !path.startsWith("archive/")) {
        return false;
      }
      int epoch = Integer.parseInt(path.substring(8, 12));
      String name = path.substring(13).replaceAll("[.](enc|zst|new)", "");
      return new BinlogFileId(epoch, name).compareTo(oldest) < 0;
    }

    private static boolean isBehind(BinlogFileId newest, String path) {
      String name = path.substring(path.lastIndexOf('/') + 1).replace(".enc", "");
      return BinlogFileFormat.isValidName(name)
          && path.startsWith("000" + newest.epoch())
          && new BinlogFileId(newest.epoch(), name).compareTo(newest) > 0;
    }

    private static void list(
        SimulatedDisk disk, Path root, int epoch, String prefix, Set<String> into) {
      try {
        for (Path path : disk.list(root.resolve("000" + epoch))) {
          String name = path.getFileName().toString();
          if (!name.contains(".idx") && !name.contains(".broken")) {
            into.add(prefix + "000" + epoch + "/" + name);
          }
        }
      } catch (IOException e) {
        // There is no such folder, or not any more.
        return;
      }
    }

    private boolean isCompressed(SimulatedDisk disk, Inventory inventory) {
      if (!form.compressed || !form.sealed) {
        return true;
      }
      SealedFiles sealed = new SealedFiles(disk, keys);
      Path root = form.archived ? ARCHIVE : SimulatedRun.DIRECTORY;
      try {
        for (StoredFile file : inventory.files()) {
          String name = StoredForm.SEALED.nameOnDisk(file.id().name());
          Path path = root.resolve("000" + file.id().epoch()).resolve(name);
          if (!file.id().equals(inventory.newest()) && !sealed.isCompressed(path)) {
            return false;
          }
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  }

  private FormSetup setup(Form form, Random random) throws IOException {
    StoreOptions options = StoreOptions.defaults();
    if (random.nextBoolean()) {
      options = options.withServeAfter(ServeAfter.SYNCED);
    }
    FormOptions forms = FormOptions.NONE;
    if (form.compressed) {
      forms = forms.withCompression(Compression.ZSTD);
    }
    if (form.archived) {
      forms = forms.withArchive(ARCHIVE, Duration.ZERO);
    }
    KeyRing keys = KeyRing.none();
    if (form.sealed) {
      Path file = folder.resolve("keys");
      Files.writeString(file, KEYS);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      keys = KeyRing.load(file);
      options = options.withEncryption(new EncryptionOptions(keys, 1 + random.nextInt(2)));
    }
    return new FormSetup(form, options.withForms(forms), keys);
  }

  /** Steps of the packer: all that it makes and removes has one of these in its path. */
  private static boolean isPacking(Moment moment, Form form) {
    String path = moment.step().path().toString();
    return path.contains(".zst")
        || path.contains(".enc.new")
        || path.contains("archive")
        || (form.compressed && moment.step().kind() == SimulatedDisk.Kind.SYNC_FOLDER);
  }

  /** Steps of the packer first, but not only. */
  private static List<Moment> sample(List<Moment> moments, Form form, Random random) {
    List<Moment> packing = new ArrayList<>();
    List<Moment> others = new ArrayList<>();
    moments.forEach(moment -> (isPacking(moment, form) ? packing : others).add(moment));
    assertThat(packing.isEmpty()).isEqualTo(form == Form.SEALED);
    Collections.shuffle(packing, random);
    Collections.shuffle(others, random);
    List<Moment> chosen = new ArrayList<>();
    for (int i = 0; chosen.size() < CASES; i++) {
      List<Moment> from = i % 3 == 0 || packing.isEmpty() ? others : packing;
      chosen.add(from.get(i % from.size()));
    }
    return chosen;
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void shouldHaveOneWholeFormOfEachFileWhereverItEnds(Form form) throws Exception {
    Random seeds = new Random(torture.seed);
    FormSetup setup = setup(form, seeds);
    boolean mySql = seeds.nextBoolean();
    int historySeed = seeds.nextInt(1 << 20);
    MasterHistory history =
        mySql ? MasterHistory.mySql(historySeed) : MasterHistory.mariaDb(historySeed);
    List<Moment> moments = torture.record(setup, history, new Random(seeds.nextLong()));
    Survival[] all = Survival.values();
    for (Moment moment : sample(moments, form, new Random(seeds.nextLong()))) {
      Survival survival = all[seeds.nextInt(all.length)];
      torture.one(
          form
              + ", "
              + setup.options().serveAfter()
              + ", before "
              + moment.step()
              + ", "
              + survival,
          seeds.nextLong(),
          random -> torture.goOn(setup, history, moment, survival, random));
    }
    torture.report(form);
    assertThat(torture.cases).isEqualTo(CASES);
  }
}
