package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.MySqlHistory.Gtid;
import io.sluice.binlog.store.MySqlHistory.Written;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of source by GTID, seen from the store and its replicas. */
class MySqlEpochTest {
  private static final MySqlSource SOURCE = new MySqlSource(90704, null, "ON", "./");

  @TempDir Path directory;

  /** The newer source has all of the older one in another order, and more. */
  private static final class Sources {
    final MySqlHistory older;
    final MySqlHistory newer;
    final List<Gtid> all;
    final MySqlGtidSet end;

    Sources(long seed) {
      Random random = new Random(seed);
      all = MySqlHistory.mixed(12 + random.nextInt(30), random);
      int shared = 6 + random.nextInt(all.size() - 6);
      List<Gtid> first = new ArrayList<>(all.subList(0, shared));
      older = new MySqlHistory("bin", 1, MySqlGtidSet.EMPTY, first, random);
      end = MySqlHistory.setOf(first);
      List<Gtid> again = new ArrayList<>(first);
      for (int i = 1; i < again.size(); i++) {
        if (random.nextInt(3) == 0) {
          Gtid moved = again.remove(i);
          again.add(random.nextInt(i + 1), moved);
        }
      }
      for (Gtid gtid : all.subList(shared, all.size())) {
        // Some of its own came before the last of the older one had arrived.
        int from = random.nextInt(3) == 0 ? Math.max(1, again.size() - 4) : again.size();
        again.add(from, gtid);
      }
      int purged = random.nextInt(4);
      MySqlGtidSet before = MySqlHistory.setOf(again.subList(0, purged));
      newer =
          new MySqlHistory(
              "new", 1 + random.nextInt(5), before, again.subList(purged, again.size()), random);
    }

    /** From the newest file on in front of which there is only what the older one has. */
    List<Written> overlapping() {
      int first = -1;
      for (int i = 0; i < newer.files.size(); i++) {
        if (end.containsAll(newer.files.get(i).before())) {
          first = i;
        }
      }
      return newer.files.subList(first, newer.files.size());
    }
  }

  @Test
  void shouldGiveEachTransactionOnceOverTheBorderWhateverAReplicaHas() throws Exception {
    int exact = 0;
    int inexact = 0;
    for (int seed = 1; seed <= 80; seed++) {
      Sources sources = new Sources(seed);
      Random random = new Random(seed);
      if (!sources.end.containsAll(sources.newer.files.get(0).before())) {
        continue;
      }
      try (StoreTester tester = new StoreTester(directory.resolve("run" + seed));
          BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
        tester.resume();
        MySqlHistory.send(tester, sources.older.files);
        get(tester.store.writer().beginEpoch("test"));
        MySqlHistory.send(tester, sources.overlapping());
        assertThat(tester.store.watermark().file().epoch()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
          List<Gtid> has = new ArrayList<>();
          int whole = random.nextInt(sources.all.size() + 1);
          for (int k = 0; k < sources.all.size(); k++) {
            if (k < whole || random.nextInt(5) == 0) {
              has.add(sources.all.get(k));
            }
          }
          if (i == 0) {
            has.clear();
          }
          StartResult start =
              get(
                  tester.store.resolve(
                      new StartRequest.MySqlGtids(MySqlHistory.setOf(has), "", 4, SOURCE)));
          try (LogReader reader = new LogReader(tester.store, feed, start)) {
            List<String> got = reader.toEnd();
            List<Gtid> lacked = new ArrayList<>(sources.all);
            lacked.removeAll(has);
            assertThat(got)
                .as("seed %d, has %s", seed, MySqlHistory.setOf(has))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(MySqlHistory.texts(lacked));
            for (Crossing way : reader.crossings) {
              exact += way.exact() ? 1 : 0;
              inexact += way.exact() ? 0 : 1;
            }
          }
        }
      }
    }
    assertThat(exact).isGreaterThan(20);
    assertThat(inexact).isGreaterThan(20);
  }
}
