package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.store.StartResult.Found;
import io.sluice.binlog.store.StartResult.Refused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests against the real three-domain log and against synthetic ones. */
class StartResolverTest {
  private static final String ALL =
      "0-101-502,1-101-3,2-202-1,7-101-2,4294967295-202-1000000000000";

  @TempDir Path directory;
  private StoreTester tester;
  private final Map<String, byte[]> files = new TreeMap<>();

  @BeforeEach
  void open() throws Exception {
    tester = new StoreTester(directory);
    tester.resume();
  }

  @AfterEach
  void close() {
    tester.close();
  }

  private void put(String name, byte[] bytes) {
    files.put(name, bytes);
    tester.file(name, bytes);
    tester.awaitVisible(name, bytes.length);
  }

  private void domains() {
    for (int i = 1; i <= 3; i++) {
      put("domains.00000" + i, Samples.cleared("mariadb-10.11/domains.00000" + i));
    }
  }

  private StartResult position(String file, long position) {
    return StoreTester.get(tester.store.resolve(new StartRequest.FilePosition(file, position)));
  }

  private StartResult gtid(
      String position, boolean strict, boolean ignore, @Nullable String until) {
    return StoreTester.get(
        tester.store.resolve(
            new StartRequest.MariaDbGtids(
                MariaDbGtidList.parse(position),
                strict,
                ignore,
                until == null ? null : MariaDbGtidList.parse(until))));
  }

  /**
   * What a replica would get: GTIDs of sent groups, "L[...]" for artificial lists, "U[...]" for the
   * end, "E" for an error.
   */
  private List<String> stream(StartResult result) {
    Found found = (Found) result;
    List<String> sent = new ArrayList<>();
    GroupFilter filter = found.filter();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getKey().compareTo(found.file().name()) < 0) {
        continue;
      }
      ByteBuf buf = Unpooled.wrappedBuffer(file.getValue());
      int at = file.getKey().equals(found.file().name()) ? (int) found.position() : 4;
      while (at < buf.writerIndex()) {
        int length = EventHeader.requireLength(buf, at);
        GroupFilter.Verdict verdict =
            filter.passThrough()
                ? GroupFilter.Verdict.SEND
                : filter.onEvent(buf, at, length, length, true, at);
        if (verdict == GroupFilter.Verdict.FAIL) {
          sent.add("E");
          return sent;
        }
        int type = EventHeader.typeCode(buf, at);
        if (verdict == GroupFilter.Verdict.SEND && type == 162) {
          sent.add(GtidEvent.decode(buf, at, length, true).gtid().toString());
        }
        if (verdict == GroupFilter.Verdict.SKIP) {
          assertThat(type).isNotIn(4, 15, 161, 163);
        }
        for (Insertion next = filter.takeAfter(); next != null; next = filter.takeAfter()) {
          Insertion.GtidList list = (Insertion.GtidList) next;
          sent.add((list.untilReached() ? "U" : "L") + list.state());
          if (list.untilReached()) {
            return sent;
          }
        }
        at += length;
      }
    }
    return sent;
  }

  private static void refused(StartResult result, String text) {
    assertThat(((Refused) result).code()).isEqualTo(1236);
    assertThat(((Refused) result).message()).isEqualTo(text);
    assertThat(((Refused) result).sqlState()).isEqualTo("HY000");
  }

  @Test
  void shouldRefuseAnEmptyStore() {
    refused(position("", 4), "Binary log is not open");
    refused(gtid("", false, false, null), "Binary log is not open");
  }

  @Test
  void shouldResolveFilesAndPositions() {
    domains();
    Found start = (Found) position("", 4);
    assertThat(start.file().name()).isEqualTo("domains.000001");
    assertThat(start.filter().passThrough()).isTrue();
    assertThat(start.formatDescription().isMariaDb()).isTrue();
    assertThat(stream(start)).hasSize(13);
    assertThat(stream(position("domains.000002", 657)))
        .containsExactly("0-101-502", "7-101-1", "7-101-2");
    for (String name : files.keySet()) {
      long end = files.get(name).length;
      assertThat(position(name, end)).isInstanceOf(Found.class);
      assertThat(position(name, end + 1)).isInstanceOf(Refused.class);
    }
    refused(
        position("bin.000009", 4), "Could not find first log file name in binary log index file");
    refused(
        position("domains.000002", 99999999),
        "Client requested master to start replication from impossible position; the first event"
            + " 'domains.000002' at 99999999, the last event read from 'domains.000002' at 4, the"
            + " last byte read from 'domains.000002' at 4.");
    refused(
        position("domains.000001", 261),
        "bogus data in log event; the first event 'domains.000001' at 261, the last event read from"
            + " 'domains.000001' at 261, the last byte read from 'domains.000001' at 280.");
    assertThat(position("domains.000001", 3)).isInstanceOf(Refused.class);
    assertThat(position("domains.000001", 0)).isInstanceOf(Refused.class);
  }

  @Test
  void shouldAcceptExactlyTheEventBoundaries() {
    domains();
    List<Long> boundaries =
        Samples.listing("mariadb-10.11/domains.000001").stream()
            .map(Samples.Line::position)
            .toList();
    for (long at = 4; at < files.get("domains.000001").length; at++) {
      assertThat(position("domains.000001", at) instanceof Found)
          .as("at %d", at)
          .isEqualTo(boundaries.contains(at));
    }
  }

  @Test
  void shouldStartFromTheBeginningForAnEmptyPosition() {
    domains();
    StartResult result = gtid("", true, false, null);
    assertThat(((Found) result).file().name()).isEqualTo("domains.000001");
    assertThat(((Found) result).filter().passThrough()).isTrue();
    assertThat(stream(result)).hasSize(13);
  }

  @Test
  void shouldStartWithTheNewestFileThatLacksNothing() {
    domains();
    StartResult behind =
        gtid("0-101-502,1-101-3,2-202-1,4294967295-202-1000000000000", false, false, null);
    assertThat(((Found) behind).file().name()).isEqualTo("domains.000003");
    assertThat(((Found) behind).filter().passThrough()).isTrue();
    assertThat(stream(behind)).containsExactly("7-101-1", "7-101-2");

    StartResult end = gtid(ALL, true, false, null);
    assertThat(((Found) end).file().name()).isEqualTo("domains.000003");
    assertThat(stream(end)).containsExactly("L7-101-2");

    StartResult middle =
        gtid("0-303-501,1-101-2,2-202-1,4294967295-202-1000000000000", true, false, null);
    assertThat(((Found) middle).file().name()).isEqualTo("domains.000002");
    assertThat(stream(middle)).containsExactly("1-101-3", "0-101-502", "7-101-1", "7-101-2");

    StartResult first =
        gtid("0-101-500,1-101-2,2-202-1,4294967295-202-1000000000000", false, false, null);
    assertThat(((Found) first).file().name()).isEqualTo("domains.000001");
    assertThat(stream(first))
        .containsExactly(
            "L0-101-3,1-101-2",
            "L0-101-3,1-101-2,2-202-1",
            "L0-101-3,1-101-2,2-202-1,4294967295-202-1000000000000",
            "L0-101-500,1-101-2,2-202-1,4294967295-202-1000000000000",
            "0-303-501",
            "1-101-3",
            "0-101-502",
            "7-101-1",
            "7-101-2");
  }

  @Test
  void shouldSendDomainsThatTheReplicaDoesNotKnowFromTheirStart() {
    domains();
    StartResult result = gtid("5-1-100", false, false, null);
    assertThat(((Found) result).file().name()).isEqualTo("domains.000001");
    assertThat(((Found) result).filter().passThrough()).isFalse();
    assertThat(stream(result)).hasSize(13);
  }

  @Test
  void shouldCompareServerIdsAndNotOnlyNumbers() {
    domains();
    refused(
        gtid("0-9-9", false, false, null),
        "Error: connecting slave requested to start from GTID 0-9-9, which is not in the master's"
            + " binlog. Since the master's binlog contains GTIDs with higher sequence numbers, it"
            + " probably means that the slave has diverged due to executing extra erroneous"
            + " transactions");
    refused(
        gtid("0-1-5000", false, false, null),
        "Error: connecting slave requested to start from GTID 0-1-5000, which is not in the"
            + " master's binlog");
    refused(
        gtid("0-303-502", false, false, null),
        "Error: connecting slave requested to start from GTID 0-303-502, which is not in the"
            + " master's binlog. Since the master's binlog contains GTIDs with higher sequence"
            + " numbers, it probably means that the slave has diverged due to executing extra"
            + " erroneous transactions");
  }

  @Test
  void shouldAcceptAReplicaThatIsAheadWithIgnoreDuplicates() {
    domains();
    StartResult ahead =
        gtid("0-1-5000,1-101-3,2-202-1,7-101-2,4294967295-202-1000000000000", false, true, null);
    assertThat(ahead).isInstanceOf(Found.class);
    assertThat(stream(ahead)).doesNotContain("0-101-502");
    assertThat(gtid("0-9-9", false, true, null)).isInstanceOf(Refused.class);
  }

  @Test
  void shouldRefuseAHoleOnlyInStrictMode() {
    put(
        "bin.000001",
        new SyntheticLog().startFile().ddl(0, 101, 1).ddl(0, 101, 5).ddl(0, 101, 6).bytes());
    assertThat(stream(gtid("0-101-3", false, false, null)))
        .containsExactly("0-101-5", "L0-101-5", "0-101-6");
    StartResult strict = gtid("0-101-3", true, false, null);
    assertThat(stream(strict)).containsExactly("E");
    assertThat(((Found) strict).filter().error())
        .isEqualTo(
            "The binlog on the master is missing the GTID 0-101-3 requested by the slave (even"
                + " though both a prior and a subsequent sequence number does exist), and GTID"
                + " strict mode is enabled");
    assertThat(stream(gtid("0-101-5", true, false, null))).containsExactly("L0-101-5", "0-101-6");
  }

  @Test
  void shouldCheckAnEmptyDomainWhenItIsMet() {
    put("bin.000001", new SyntheticLog().startFile().ddl(0, 101, 1).bytes());
    Found found = (Found) gtid("5-1-100", false, false, null);
    byte[] bytes = new SyntheticLog().startFile().ddl(5, 1, 99).bytes();
    put("bin.000002", bytes);
    assertThat(stream(found)).containsExactly("0-101-1", "E");
    assertThat(found.filter().error())
        .isEqualTo(
            "Error: connecting slave requested to start from GTID 5-1-100, which is not in the"
                + " master's binlog");
  }

  @Test
  void shouldRefuseWhatWasPurged() {
    put("domains.000002", Samples.cleared("mariadb-10.11/domains.000002"));
    put("domains.000003", Samples.cleared("mariadb-10.11/domains.000003"));
    String purged =
        "Could not find GTID state requested by slave in any binlog files. Probably the slave state"
            + " is too old and required binlog files have been purged.";
    refused(gtid("", false, false, null), purged);
    refused(gtid("0-101-500", false, false, null), purged);
    refused(
        gtid("0-101-499,1-101-2,2-202-1,4294967295-202-1000000000000", false, false, null), purged);
    assertThat(gtid(ALL, false, false, null)).isInstanceOf(Found.class);
  }

  @Test
  void shouldStopAtUntilAndSkipDomainsThatAreDone() {
    domains();
    assertThat(stream(gtid("", false, false, "0-101-2")))
        .containsExactly("0-101-1", "0-101-2", "U0-101-2");
    assertThat(stream(gtid("", false, false, "0-101-3,1-101-1")))
        .containsExactly("0-101-1", "0-101-2", "0-101-3", "1-101-1", "U0-101-3,1-101-1");
    assertThat(stream(gtid("", false, false, "0-101-2,1-101-2")))
        .containsExactly("0-101-1", "0-101-2", "1-101-1", "1-101-2", "U0-101-3,1-101-2");
    assertThat(stream(gtid("", false, false, "0-101-100")))
        .containsExactly(
            "0-101-1",
            "0-101-2",
            "0-101-3",
            "U0-101-500,1-101-2,2-202-1,4294967295-202-1000000000000");
    assertThat(stream(gtid(ALL, false, false, "0-101-2")))
        .containsExactly("U0-303-501,0-101-502,1-101-3,2-202-1,4294967295-202-1000000000000");
    assertThat(stream(gtid("", false, false, ""))).containsExactly("U");
  }

  @Test
  void shouldAcceptAPositionBeyondTheLogWhenUntilIsBeforeIt() {
    domains();
    assertThat(gtid("0-101-9999", false, false, "0-101-2")).isInstanceOf(Found.class);
    assertThat(gtid("0-101-9999", false, false, "1-101-1")).isInstanceOf(Found.class);
    assertThat(gtid("0-101-9999", false, false, "0-101-20000")).isInstanceOf(Refused.class);
  }

  @Test
  void shouldGoOnBehindWhatAPromotedMasterReplicatedItself() {
    put("bin.000001", new SyntheticLog().startFile().ddl(0, 101, 11).ddl(0, 101, 12).bytes());
    StartResult result =
        StoreTester.get(
            tester.store.resolve(
                new StartRequest.MariaDbGtids(
                    MariaDbGtidList.parse("0-7-10"),
                    true,
                    false,
                    null,
                    false,
                    MariaDbGtidList.parse("0-7-10"))));
    assertThat(result).isInstanceOf(Found.class);
    assertThat(stream(result)).containsExactly("0-101-11", "L0-101-11", "0-101-12");
    assertThat(gtid("0-7-10", true, false, null)).isInstanceOf(Refused.class);
  }

  @Test
  void shouldFindPositionsInALargeFileThroughTheSparseIndex() {
    SyntheticLog log = new SyntheticLog().startFile();
    List<Long> starts = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      starts.add((long) log.size());
      log.transaction(10_000);
    }
    put("bin.000001", log.bytes());
    for (int i = 0; i < 600; i += 7) {
      long at = starts.get(i);
      assertThat(position("bin.000001", at)).isInstanceOf(Found.class);
      assertThat(position("bin.000001", at + 1)).isInstanceOf(Refused.class);
      assertThat(StoreTester.get(tester.store.gtidAt("bin.000001", at)).get().toString())
          .isEqualTo(i == 0 ? "" : "0-101-" + i);
      assertThat(StoreTester.get(tester.store.gtidAt("bin.000001", at + 42)).get().toString())
          .isEqualTo("0-101-" + (i + 1));
    }
  }

  @Test
  void shouldResolveInAFileWithoutChecksums() {
    put("bin.000001", Samples.cleared("mariadb-11.8/nochecksum.000001"));
    assertThat(gtid("0-101-2", true, false, null)).isInstanceOf(Found.class);
    assertThat(gtid("0-101-200", true, false, null)).isInstanceOf(Refused.class);
  }

  /** Reference §5.2: with {@code slave_gtid_until_before_gtids} the named groups are left out. */
  @Test
  void shouldStopInFrontOfUntilIfAsked() {
    domains();
    StartRequest request =
        new StartRequest.MariaDbGtids(
            MariaDbGtidList.EMPTY,
            false,
            false,
            MariaDbGtidList.parse("0-101-3"),
            true,
            MariaDbGtidList.EMPTY);
    assertThat(stream(StoreTester.get(tester.store.resolve(request))))
        .containsExactly("0-101-1", "0-101-2", "U0-101-3");
  }

  /** Reference §5.1: an id of a domain without anything does not make the replica "behind". */
  @Test
  void shouldKeepCreatedForIdsThatWereNeverHere() {
    domains();
    assertThat(((Found) gtid("5-1-100", false, false, null)).filter().clearsCreated()).isFalse();
    assertThat(((Found) gtid("0-101-1", false, false, null)).filter().clearsCreated()).isTrue();
  }

  @Test
  void shouldTellWhatAMasterSendsInFrontOfAnError() {
    domains();
    Refused inside = (Refused) position("domains.000001", 261);
    assertThat(inside.preamble().position()).isEqualTo(261);
    assertThat(inside.preamble().file().name()).isEqualTo("domains.000001");
    assertThat(((Refused) position("domains.000001", 3)).preamble()).isNull();
    assertThat(((Refused) position("", 3)).message()).contains("the first event '.' at 3");
    long end = files.get("domains.000001").length;
    assertThat(((Refused) position("domains.000001", end - 18)).message())
        .startsWith("binlog truncated in the middle of event")
        .endsWith("the last byte read from 'domains.000001' at " + (end - 18) + ".");
  }

  /** A file that a master of 11.4 would begin in the middle: the state takes the list's place. */
  @Test
  void shouldBeginNearTheWantedPosition() {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 60; i++) {
      log.transaction(10_000);
    }
    put("bin.000001", log.bytes());
    Found found = (Found) gtid("0-101-40", true, false, null);
    assertThat(found.position()).isGreaterThan(300_000).isLessThan(410_000);
    List<String> sent = stream(found);
    assertThat(sent.get(0)).isEqualTo("L0-101-40");
    assertThat(sent.get(1)).isEqualTo("0-101-41");
    assertThat(sent).hasSize(21);

    FileIndex.Entry place = indexOf("bin.000001", log.bytes()).floor(300_000);
    Found exact = (Found) gtid(place.state().toString(), true, false, null);
    assertThat(exact.position()).isEqualTo(place.position());
    assertThat(exact.filter().takeAfter())
        .isEqualTo(new Insertion.GtidList(MariaDbBinlogState.of(place.state()), false));
    assertThat(exact.filter().passThrough()).isTrue();

    Found over = (Found) gtid("0-101-40", true, false, "0-101-3");
    assertThat(((Insertion.GtidList) over.filter().takeAfter()).untilReached()).isTrue();
    assertThat(over.filter().takeAfter()).isNull();
  }

  private static FileIndex indexOf(String name, byte[] bytes) {
    try {
      return new FileIndexer(
              (at, target) -> {
                int count = (int) Math.min(target.remaining(), bytes.length - at);
                target.put(bytes, (int) at, count);
                return count;
              },
              bytes.length,
              () -> false)
          .run()
          .index();
    } catch (java.io.IOException e) {
      throw new AssertionError(name, e);
    }
  }
}
