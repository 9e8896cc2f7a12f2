package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.SyntheticMySqlLog;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.MySqlHistory.Gtid;
import io.sluice.binlog.store.MySqlHistory.Written;
import io.sluice.binlog.store.StartResult.Found;
import io.sluice.binlog.store.StartResult.Refused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Auto-position, against a model that knows of sets and groups only. */
class MySqlStreamTest {
  private static final MySqlSource SOURCE = new MySqlSource(90704, MySqlHistory.OWN, "ON", "./");

  @TempDir Path directory;

  private static StartResult ask(StoreTester tester, MySqlGtidSet executed, MySqlSource source) {
    return get(tester.store.resolve(new StartRequest.MySqlGtids(executed, "", 4, source)));
  }

  private static MySqlGtidSet some(MySqlHistory history, MySqlGtidSet purged, Random random) {
    List<Gtid> has = new ArrayList<>();
    int whole = random.nextInt(history.order.size() + 1);
    for (int i = 0; i < history.order.size(); i++) {
      if (i < whole || random.nextInt(4) == 0) {
        has.add(history.order.get(i));
      }
    }
    if (random.nextInt(5) == 0) {
      has.remove(random.nextInt(has.size() + 1) % Math.max(1, has.size()));
    }
    return MySqlHistory.setOf(has).union(purged);
  }

  @Test
  void shouldSendEachGroupThatASetLacksAndNoOther() throws Exception {
    int skippedAtEnd = 0;
    int inTheMiddle = 0;
    for (int seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      List<Gtid> all = MySqlHistory.mixed(8 + random.nextInt(40), random);
      int first = random.nextInt(5);
      MySqlGtidSet purged = MySqlHistory.setOf(all.subList(0, first));
      MySqlHistory history =
          new MySqlHistory("bin", 1, purged, all.subList(first, all.size()), random);
      try (StoreTester tester = new StoreTester(directory.resolve("run" + seed));
          BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
        tester.resume();
        MySqlHistory.send(tester, history.files);
        for (int i = 0; i < 6; i++) {
          MySqlGtidSet executed = some(history, purged, random);
          Found found = (Found) ask(tester, executed, SOURCE);
          int at = newest(history, executed);
          assertThat(found.file().name()).isEqualTo(history.files.get(at).name());
          List<Gtid> wanted = new ArrayList<>();
          Gtid last = null;
          for (Written file : history.files.subList(at, history.files.size())) {
            for (Gtid gtid : file.groups()) {
              last = gtid;
              if (!executed.contains(gtid.tsid(), gtid.number())) {
                wanted.add(gtid);
              }
            }
          }
          List<Gtid> groups = history.files.get(at).groups();
          assertThat(found.filter().clearsCreated())
              .isEqualTo(
                  !groups.isEmpty()
                      && executed.contains(groups.get(0).tsid(), groups.get(0).number()));
          try (LogReader reader = new LogReader(tester.store, feed, found)) {
            assertThat(reader.toEnd()).as("seed %d", seed).isEqualTo(MySqlHistory.texts(wanted));
            boolean endsSkipped =
                last != null
                    && !history.files.get(history.files.size() - 1).groups().isEmpty()
                    && executed.contains(last.tsid(), last.number());
            assertThat(reader.atEnd() != null).as("seed %d", seed).isEqualTo(endsSkipped);
            assertThat(reader.atEnd()).as("only once").isNull();
            skippedAtEnd += endsSkipped ? 1 : 0;
            inTheMiddle += reader.heartbeats.size();
          }
        }
      }
    }
    assertThat(skippedAtEnd).isGreaterThan(20);
    assertThat(inTheMiddle).isGreaterThan(100);
  }

  private static int newest(MySqlHistory history, MySqlGtidSet executed) {
    int found = -1;
    for (int i = 0; i < history.files.size(); i++) {
      if (executed.containsAll(history.files.get(i).before())) {
        found = i;
      }
    }
    return found;
  }

  private StoreTester filled(MySqlHistory history) throws Exception {
    StoreTester tester = new StoreTester(directory.resolve("own"));
    tester.resume();
    MySqlHistory.send(tester, history.files);
    return tester;
  }

  private static MySqlHistory history(int purged, int count) {
    Random random = new Random(7);
    List<Gtid> all = MySqlHistory.mixed(count, random);
    return new MySqlHistory(
        "bin", 1, MySqlHistory.setOf(all.subList(0, purged)), all.subList(purged, count), random);
  }

  @Test
  void shouldRefuseAReplicaThatNeedsWhatWasPurged() throws Exception {
    MySqlHistory history = history(6, 20);
    MySqlGtidSet purged = history.files.get(0).before();
    try (StoreTester tester = filled(history)) {
      Refused refused = (Refused) ask(tester, MySqlGtidSet.EMPTY, SOURCE);
      assertThat(refused.code()).isEqualTo(1236);
      assertThat(refused.message())
          .isEqualTo(
              "Cannot replicate because the source purged required binary logs. Replicate the"
                  + " missing transactions from elsewhere, or provision a new replica from backup."
                  + " Consider increasing the source's binary log expiration period. The GTID set"
                  + " sent by the replica is '', and the missing transactions are '"
                  + purged
                  + "'");
      MySqlSource old = new MySqlSource(50651, MySqlHistory.OWN, "ON", "./");
      assertThat(((Refused) ask(tester, MySqlGtidSet.EMPTY, old)).message())
          .isEqualTo(
              "The slave is connecting using CHANGE MASTER TO MASTER_AUTO_POSITION = 1, but the"
                  + " master has purged binary logs containing GTIDs that the slave requires.");
      assertThat(ask(tester, purged, SOURCE)).isInstanceOf(Found.class);
    }
  }

  /** Such a source's PREVIOUS_GTIDS say nothing of it; without the check there would be a gap. */
  @Test
  void shouldRefuseAReplicaThatLacksWhatTheSourceNeverWrote() throws Exception {
    MySqlHistory history = history(0, 12);
    MySqlGtidSet copied = MySqlGtidSet.parse(MySqlHistory.OTHER + ":copy:1-9");
    try (StoreTester tester = filled(history)) {
      get(tester.store.masterHasPurged(copied));
      assertThat(((Refused) ask(tester, MySqlGtidSet.EMPTY, SOURCE)).message())
          .contains("the missing transactions are '" + copied + "'");
      Found found = (Found) ask(tester, copied, SOURCE);
      assertThat(found.file().name()).isEqualTo("bin.000001");
    }
  }

  @Test
  void shouldRefuseAReplicaThatHasMoreOfTheSourceItself() throws Exception {
    MySqlHistory history = history(0, 12);
    MySqlGtidSet all = MySqlHistory.setOf(history.order);
    try (StoreTester tester = filled(history)) {
      MySqlGtidSet more = all.union(MySqlGtidSet.parse(MySqlHistory.OWN + ":5000"));
      assertThat(((Refused) ask(tester, more, SOURCE)).message())
          .startsWith(
              "Replica has more GTIDs than the source has, using the source's SERVER_UUID.");
      MySqlGtidSet tagged = all.union(MySqlGtidSet.parse(MySqlHistory.OWN + ":green:1"));
      assertThat(((Refused) ask(tester, tagged, SOURCE)).message()).startsWith("Replica has more");
      MySqlGtidSet foreign = all.union(MySqlGtidSet.parse(MySqlHistory.OTHER + ":5000"));
      assertThat(ask(tester, foreign, SOURCE)).isInstanceOf(Found.class);
      MySqlSource unknown = new MySqlSource(90704, null, "ON", "./");
      assertThat(ask(tester, more, unknown)).isInstanceOf(Found.class);
    }
  }

  @Test
  void shouldRefuseAutoPositionWhereGtidsAreOff() throws Exception {
    try (StoreTester tester = filled(history(0, 12))) {
      MySqlSource off = new MySqlSource(80036, MySqlHistory.OWN, "OFF_PERMISSIVE", "./");
      assertThat(((Refused) ask(tester, MySqlGtidSet.EMPTY, off)).message())
          .isEqualTo(
              "The replication sender thread cannot start in AUTO_POSITION mode: this server has"
                  + " GTID_MODE = OFF_PERMISSIVE instead of ON.");
    }
  }

  @Test
  void shouldEndAtATransactionWithoutAGtid() throws Exception {
    SyntheticMySqlLog log = new SyntheticMySqlLog().startFile(1);
    int place = log.bytes().length;
    log.event(34, 0, new byte[42]).query("BEGIN").event(16, 0, new byte[8]);
    try (StoreTester tester = new StoreTester(directory.resolve("anonymous"))) {
      tester.resume();
      tester.file("bin.000001", log.bytes());
      tester.awaitVisible("bin.000001", log.bytes().length);
      Found found = (Found) ask(tester, MySqlGtidSet.EMPTY, SOURCE);
      io.netty.buffer.ByteBuf buf = io.netty.buffer.Unpooled.wrappedBuffer(log.bytes());
      assertThat(found.filter().onEvent(buf, place, 65, 65, true, place))
          .isEqualTo(GroupFilter.Verdict.FAIL);
      assertThat(found.filter().error())
          .isEqualTo(
              "Cannot replicate anonymous transaction when AUTO_POSITION = 1, at file"
                  + " ./bin.000001, position "
                  + place
                  + ".");
      assertThat(found.filter().errorNamesPlaces()).isTrue();
    }
  }
}
