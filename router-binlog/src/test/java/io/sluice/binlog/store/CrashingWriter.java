package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.SyntheticLog;
import java.nio.file.Path;
import java.util.Random;

/**
 * Runs in a process of its own and writes until it is killed; the same seed always makes the same
 * files.
 */
public final class CrashingWriter {
  static final int FILES = 400;

  private CrashingWriter() {}

  static byte[] file(SyntheticLog log, int number) {
    Random random = new Random(number);
    log.startFile();
    for (int i = 0; i < 20; i++) {
      log.transaction(random.nextInt(10) == 0 ? 400_000 : 8 + random.nextInt(20_000));
    }
    return log.rotate(name(number + 1)).bytes();
  }

  static String name(int number) {
    return String.format("bin.%06d", number);
  }

  /** Goes on where the store ends. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    StoreOptions options = StoreOptions.defaults().withSync(SyncPolicy.NONE);
    StoreTester tester = new StoreTester(directory, options, Disk.LOCAL);
    ResumePoint point = tester.resume();
    int from = point.isEmpty() ? 0 : (int) point.file().number();
    SyntheticLog log = new SyntheticLog();
    Random random = new Random();
    for (int number = 1; number <= FILES; number++) {
      byte[] bytes = file(log, number);
      if (number == from) {
        tester.drip(bytes, (int) point.offset(), bytes.length, random, 50_000);
      } else if (number > from) {
        tester.store.writer().startFile(name(number));
        tester.drip(bytes, 4, bytes.length, random, 50_000);
      }
    }
    tester.close();
  }
}
