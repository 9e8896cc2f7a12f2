package io.sluice.binlog.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.store.BinlogFileId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionPolicyTest {
  private static final long NOW = 1_000_000;

  private static BinlogFileId file(int number) {
    return new BinlogFileId(1, String.format("m.%06d", number));
  }

  /**
   * Files 1 to 5 of 100 bytes, the last events 500, 400, 300, 200, 100 s ago; 6 grows, 10 bytes.
   */
  private static RetentionPolicy.Log log(long free) {
    List<FileFacts> closed = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      closed.add(new FileFacts(file(i), 100, NOW - 100L * (6 - i)));
    }
    return new RetentionPolicy.Log(closed, new FileFacts(file(6), 10, NOW), free, NOW);
  }

  private static List<Need> needs(String numbers) {
    if (numbers == null) {
      return List.of();
    }
    return Arrays.stream(numbers.split(" "))
        .map(number -> new Need(file(Integer.parseInt(number)), "replica " + number))
        .toList();
  }

  private static RetentionOptions options(long time, long size, int files, long free, long hard) {
    return new RetentionOptions(
        Duration.ofSeconds(time), size, files, free, Duration.ofDays(7), hard);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // time, size, files, free, hard, archives, needs | goes, hard goes, held, holders, why
        "0,    0,   0, 0,    0,   false, -,   0, 0, 0, '',  ''",
        "400,  0,   0, 0,    0,   false, -,   1, 0, 0, '',  time",
        "399,  0,   0, 0,    0,   false, -,   2, 0, 0, '',  time",
        "1,    0,   0, 0,    0,   false, -,   5, 0, 0, '',  time",
        "0,    510, 0, 0,    0,   false, -,   0, 0, 0, '',  ''",
        "0,    509, 0, 0,    0,   false, -,   1, 0, 0, '',  size",
        "0,    110, 0, 0,    0,   false, -,   4, 0, 0, '',  size",
        "0,    1,   0, 0,    0,   false, -,   5, 0, 0, '',  size",
        "0,    0,   6, 0,    0,   false, -,   0, 0, 0, '',  ''",
        "0,    0,   4, 0,    0,   false, -,   2, 0, 0, '',  files",
        "0,    0,   1, 0,    0,   false, -,   5, 0, 0, '',  files",
        "0,    0,   0, 1000, 0,   false, -,   0, 0, 0, '',  ''",
        "0,    0,   0, 1001, 0,   false, -,   1, 0, 0, '',  free",
        "0,    0,   0, 9999, 0,   false, -,   5, 0, 0, '',  free",
        "0,    0,   0, 9999, 0,   true,  -,   0, 0, 0, '',  ''",
        // the limit that takes most
        "399,  409, 3, 0,    0,   false, -,   3, 0, 0, '',  files",
        // what is needed stays, and all behind it
        "0,    0,   1, 0,    0,   false, 3,   2, 0, 3, 3,   files",
        "0,    0,   1, 0,    0,   false, 5 3, 2, 0, 3, 5 3, files",
        "0,    0,   1, 0,    0,   false, 6,   5, 0, 0, '',  files",
        "0,    0,   4, 0,    0,   false, 3,   2, 0, 0, '',  files",
        "0,    0,   4, 0,    0,   false, 1,   0, 0, 2, 1,   files",
        // what is gone already is not needed any more
        "0,    0,   1, 0,    0,   false, 0,   5, 0, 0, '',  files",
        // the hard limit goes over that
        "0,    0,   0, 0,    310, false, 1,   2, 2, 0, '',  hard-size",
        "0,    0,   1, 0,    310, false, 2,   5, 2, 0, '',  files",
        "0,    0,   1, 0,    310, false, 4,   3, 2, 2, 4,   files",
        "0,    0,   0, 0,    510, false, 1,   0, 0, 0, '',  ''"
      })
  void shouldLetTheOldestFilesGo(
      long time,
      long size,
      int files,
      long free,
      long hard,
      boolean archives,
      String needs,
      int goes,
      int hardGoes,
      int held,
      String holders,
      String why) {
    RetentionPolicy policy = new RetentionPolicy(options(time, size, files, free, hard), archives);
    RetentionPlan plan = policy.plan(log(1000), needs(needs));
    assertThat(plan.goes()).isEqualTo(goes);
    assertThat(plan.goesBytes()).isEqualTo(100L * goes);
    assertThat(plan.limit()).isEqualTo(goes == 0 ? BinlogFileId.NONE : file(goes + 1));
    assertThat(plan.hardLimit()).isEqualTo(hardGoes == 0 ? BinlogFileId.NONE : file(hardGoes + 1));
    assertThat(plan.held()).isEqualTo(held);
    assertThat(plan.heldBytes()).isEqualTo(100L * held);
    assertThat(plan.holders()).isEqualTo(needs(holders.isEmpty() ? null : holders));
    assertThat(plan.why()).isEqualTo(why);
  }

  @Test
  void shouldTellWhoIsStrandedByTheHardLimit() {
    RetentionPolicy policy = new RetentionPolicy(options(0, 0, 0, 0, 310), false);
    assertThat(policy.plan(log(0), needs("2 3 1")).strands()).isEqualTo(needs("2 1"));
  }

  @Test
  void shouldKeepAFileWhoseAgeIsUnknown() {
    List<FileFacts> closed =
        List.of(new FileFacts(file(1), 1, 0), new FileFacts(file(2), 1, NOW - 1000));
    RetentionPolicy.Log log =
        new RetentionPolicy.Log(closed, new FileFacts(file(3), 1, NOW), 0, NOW);
    RetentionPolicy policy = new RetentionPolicy(options(1, 0, 0, 0, 0), false);
    assertThat(policy.plan(log, List.of()).goes()).isZero();
  }

  /** Whatever the limits: nobody's file goes but to the hard limit, and no more than is wanted. */
  @Test
  void shouldNeverTakeWhatIsNeeded() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 5000; round++) {
      List<FileFacts> closed = new ArrayList<>();
      int first = random.nextInt(10);
      int count = random.nextInt(12);
      for (int i = 0; i < count; i++) {
        closed.add(
            new FileFacts(
                new BinlogFileId(1 + i / 6, file(first + i).name()),
                random.nextInt(200),
                random.nextInt(4) == 0 ? 0 : NOW - random.nextInt(500)));
      }
      RetentionPolicy.Log log =
          new RetentionPolicy.Log(
              closed,
              new FileFacts(new BinlogFileId(1 + count / 6, file(first + count).name()), 50, NOW),
              random.nextInt(2000),
              NOW);
      List<Need> needs = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        int number = random.nextInt(count + 1);
        needs.add(new Need(new BinlogFileId(1 + number / 6, file(first + number).name()), "r"));
      }
      RetentionOptions options =
          options(
              random.nextInt(2) * random.nextInt(500),
              random.nextInt(2) * random.nextInt(1500),
              random.nextInt(2) * random.nextInt(12),
              random.nextInt(2) * random.nextInt(3000),
              random.nextInt(3) / 2 * random.nextInt(1500));
      check(log, needs, options, "seed " + seed + ", round " + round);
    }
  }

  private static void check(
      RetentionPolicy.Log log, List<Need> needs, RetentionOptions options, String what) {
    RetentionPlan plan = new RetentionPolicy(options, false).plan(log, needs);
    assertThat(plan.goes()).as(what).isBetween(0, log.closed().size());
    BinlogFileId oldest = log.behind(0);
    int hard = plan.hardLimit().equals(BinlogFileId.NONE) ? 0 : log.before(plan.hardLimit());
    for (Need need : needs) {
      if (need.file().compareTo(oldest) >= 0) {
        boolean stays = plan.goes() == 0 || need.file().compareTo(plan.limit()) >= 0;
        assertThat(stays || log.before(need.file()) < hard).as(what).isTrue();
      }
    }
    if (hard > 0) {
      long withOneMore = log.bytes(hard - 1, log.closed().size()) + log.newest().bytes();
      assertThat(withOneMore).as(what).isGreaterThan(options.hardSize());
    }
    RetentionPlan free = new RetentionPolicy(options, false).plan(log, List.of());
    assertThat(plan.goes() + plan.held()).as(what).isEqualTo(free.goes());
    assertThat(plan.held() > 0).as(what).isEqualTo(!plan.holders().isEmpty());
  }
}
