package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.event.SyntheticLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Write errors at every step: nothing torn becomes visible, and a retry leads to the same bytes.
 */
class WriterFaultTest {
  @TempDir Path directory;

  private static byte[][] master() {
    SyntheticLog log = new SyntheticLog();
    byte[][] files = new byte[3][];
    for (int i = 0; i < 3; i++) {
      log.startFile();
      for (int t = 0; t < 12; t++) {
        log.transaction(t % 4 == 3 ? 300_000 : 2000 + t);
      }
      files[i] = (i < 2 ? log.rotate("bin.00000" + (i + 2)) : log).bytes();
    }
    return files;
  }

  private static String name(int i) {
    return "bin.00000" + (i + 1);
  }

  /**
   * Plays the master's link: asks where to go on and sends the rest; false if the writer failed on
   * the way.
   */
  private static boolean send(StoreTester tester, byte[][] files, Random random) throws Exception {
    int failuresBefore = tester.failures.size();
    ResumePoint point;
    try {
      point = tester.resume();
    } catch (RuntimeException e) {
      return false;
    }
    int file = point.isEmpty() ? -1 : (int) point.file().number() - 1;
    if (file >= 0) {
      tester.drip(files[file], (int) point.offset(), files[file].length, random, 400_000);
    }
    for (int i = file + 1; i < files.length; i++) {
      tester.store.writer().startFile(name(i));
      tester.drip(files[i], 4, files[i].length, random, 400_000);
    }
    int last = files.length - 1;
    await(
        () ->
            tester.failures.size() > failuresBefore
                || (tester.store.writer().durable().file().name().equals(name(last))
                    && tester.store.writer().durable().offset() == files[last].length));
    return tester.failures.size() == failuresBefore;
  }

  private void check(byte[][] files) throws IOException {
    for (int i = 0; i < files.length; i++) {
      byte[] stored = StoreTester.read(directory, name(i));
      assertThat(stored[21]).isEqualTo((byte) (i < files.length - 1 ? 0 : 1));
      stored[21] = 0;
      assertThat(stored).isEqualTo(files[i]);
    }
  }

  @Test
  void shouldLoseNothingWhateverStepFails() throws Exception {
    byte[][] files = master();
    int cases = 0;
    boolean reached = true;
    for (int failAt = 1; reached; failAt++) {
      Path own = directory.resolve("run" + failAt);
      FaultyDisk faults = new FaultyDisk();
      try (StoreTester tester = new StoreTester(own, StoreOptions.defaults(), faults)) {
        faults.failAt = faults.steps.get() + failAt;
        Random random = new Random(failAt);
        int attempts = 0;
        while (!send(tester, files, random)) {
          Watermark mark = tester.store.watermark();
          if (!mark.isEmpty()) {
            byte[] stored = StoreTester.read(own, mark.file().name());
            stored[21] = 0;
            byte[] expected = files[(int) mark.file().number() - 1];
            assertThat(Arrays.copyOf(stored, (int) mark.offset()))
                .isEqualTo(Arrays.copyOf(expected, (int) mark.offset()));
          }
          assertThat(++attempts).isLessThan(5);
        }
        reached = faults.steps.get() >= faults.failAt;
        cases++;
      }
      Path saved = directory;
      directory = own;
      check(files);
      directory = saved;
      try (StoreTester again = new StoreTester(own)) {
        assertThat(again.store.recovery().droppedAnything()).isFalse();
        assertThat(again.store.watermark().offset()).isEqualTo(files[2].length);
      }
    }
    assertThat(cases).isGreaterThan(20);
  }

  @Test
  void shouldServeWhileTheDiskIsFullAndGoOnAfterwards() throws Exception {
    byte[][] files = master();
    FaultyDisk faults = new FaultyDisk();
    faults.message = "No space left on device";
    try (StoreTester tester = new StoreTester(directory, StoreOptions.defaults(), faults)) {
      tester.resume();
      tester.file(name(0), files[0]);
      tester.awaitVisible(name(0), files[0].length);
      await(() -> tester.store.writer().durable().offset() == files[0].length);
      faults.sticky = true;
      faults.failAt = faults.steps.get();
      tester.file(name(1), files[1]);
      await(() -> tester.failures.size() == 1);
      assertThat(tester.failures.get(0).kind()).isEqualTo(WriterFailure.Kind.DISK_FULL);
      assertThat(tester.failures.get(0).message()).contains(directory.toString());
      assertThatThrownBy(tester::resume).hasCauseInstanceOf(WriterFailedException.class);
      assertThatThrownBy(tester::resume).hasCauseInstanceOf(WriterFailedException.class);
      ByteBuffer target = ByteBuffer.allocate(files[0].length);
      tester.store.read(tester.store.watermark().file(), 0, target);
      assertThat(target.array()).isEqualTo(files[0]);
      faults.failAt = Integer.MAX_VALUE;
      assertThat(send(tester, files, new Random(1))).isTrue();
    }
    check(files);
  }
}
