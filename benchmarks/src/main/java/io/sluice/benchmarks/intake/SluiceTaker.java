package io.sluice.benchmarks.intake;

import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.process.HeldMemory;
import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A relay that begins with an empty store, in a process that has just begun: what a Java runtime
 * costs before its code is compiled, the log's first file pays for. In the first turn the store's
 * files are compared with the master's, byte for byte, unless the store is encrypted.
 */
public final class SluiceTaker implements LogTaker {
  /** What the name of an encrypted file ends with. */
  public static final String ENCRYPTED = ".enc";

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final String name;
  private final Place place;
  private final IntakeLog log;
  private final String options;
  private final boolean untilClosed;

  /**
   * Where it runs.
   *
   * @param home the unpacked distribution
   * @param folder for data; each turn has its own folder in it, which goes with the turn
   * @param javaOptions more options for the Java runtime
   */
  public record Place(Path home, Path folder, String javaOptions) {}

  /**
   * Describes the relay.
   *
   * @param name as it stands in reports
   * @param place where it runs
   * @param log what it takes
   * @param options of the router
   * @param untilClosed whether it has the second file only once that is closed, whatever form the
   *     store has; else once the file has the length of the master's
   */
  public SluiceTaker(String name, Place place, IntakeLog log, String options, boolean untilClosed) {
    this.name = name;
    this.place = place;
    this.log = log;
    this.options = options;
    this.untilClosed = untilClosed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public IntakeMeter.Figures take(int turn) throws IOException {
    Path folder = place.folder().resolve("turn-" + turn);
    try (HeldMemory held = HeldMemory.take(place.folder(), log.secondSize());
        SluiceRelay sluice =
            new SluiceRelay(
                place.home(), folder, log.master().port(), options, place.javaOptions())) {
      sluice.launch();
      Path store = sluice.store();
      String third = log.master().binlogFiles().get(2);
      IntakeMeter meter =
          new IntakeMeter(
              () -> arrived(store, third),
              sluice::output,
              new ProcessMeter(sluice.pid()),
              new ProcessMeter(log.master().pid()));
      IntakeMeter.Figures figures = meter.watch(log.firstSize(), log.size(), held, () -> {});
      if (turn == 0 && !untilClosed) {
        compare(store, third);
      }
      return figures;
    } finally {
      delete(folder);
    }
  }

  private long arrived(Path store, String third) {
    if (size(store, third) >= 0) {
      return log.size();
    }
    long second = size(store, log.second());
    if (second >= 0) {
      long most = untilClosed ? log.secondSize() - 1 : log.secondSize();
      return log.firstSize() + Math.min(second, most);
    }
    return Math.min(Math.max(0, size(store, log.first())), log.firstSize());
  }

  /** Of a file in the store, plain or encrypted; -1 if it does not exist. */
  private static long size(Path store, String file) {
    long plain = size(store.resolve(file));
    return plain >= 0 ? plain : size(store.resolve(file + ENCRYPTED));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(Path store, String third) throws IOException {
    Await.until("the second file is closed", LIMIT, () -> size(store, third) >= 0);
    for (String file : List.of(log.first(), log.second())) {
      long difference = Files.mismatch(log.master().binlogPath(file), store.resolve(file));
      if (difference >= 0) {
        throw new IllegalStateException(
            file + ": differs at " + difference + " (expected: the master's bytes)");
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
