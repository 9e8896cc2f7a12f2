package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.SyntheticLog;
import io.sluice.testkit.await.Await;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writing process is killed again and again: what is there is always a prefix of what the master
 * sent.
 */
class StoreKillIT {
  @TempDir Path directory;

  @Test
  void shouldHoldAPrefixOfWholeTransactionsAfterEachKill() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int kills = 0;
    for (int round = 0; round < 8; round++) {
      long before = storedBytes();
      Process child =
          new ProcessBuilder(
                  List.of(
                      System.getProperty("java.home")
                          + File.separator
                          + "bin"
                          + File.separator
                          + "java",
                      "-Xmx256m",
                      "-cp",
                      System.getProperty("java.class.path"),
                      CrashingWriter.class.getName(),
                      directory.toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      // However long a program needs to begin here.
      Await.until(
          "the program writes",
          Duration.ofSeconds(120),
          () -> !child.isAlive() || storedBytes() > before);
      if (!child.waitFor(random.nextInt(900), TimeUnit.MILLISECONDS)) {
        kills++;
        child.destroyForcibly().waitFor();
      }
      check(seed);
    }
    assertThat(kills).as("seed %d", seed).isPositive();
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().size()).as("seed %d", seed).isGreaterThan(1);
    }
  }

  private long storedBytes() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.mapToLong(path -> path.toFile().length()).sum();
    }
  }

  private void check(long seed) throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      List<StoredFile> files = tester.store.inventory().files();
      SyntheticLog log = new SyntheticLog();
      for (int i = 0; i < files.size(); i++) {
        byte[] expected = CrashingWriter.file(log, i + 1);
        byte[] stored = StoreTester.read(directory, CrashingWriter.name(i + 1));
        stored[21] = 0;
        boolean last = i + 1 == files.size();
        long size = files.get(i).size();
        assertThat(stored.length).as("seed %d", seed).isEqualTo((int) size);
        assertThat(stored).isEqualTo(Arrays.copyOf(expected, (int) size));
        if (last) {
          assertThat(log.boundaries()).contains(size);
        } else {
          assertThat(size).isEqualTo(expected.length);
        }
      }
    }
  }
}
