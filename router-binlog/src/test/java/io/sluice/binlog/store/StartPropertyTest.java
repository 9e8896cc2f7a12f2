package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.MySqlTsid;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.RandomLog.Group;
import io.sluice.binlog.store.RandomLog.LogFile;
import io.sluice.binlog.store.RandomLog.Wish;
import io.sluice.binlog.store.StartResult.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;

/**
 * Where a stream begins, and what of it is sent, for any log and any request: always exactly the
 * groups that a walk over all of the bytes would choose. Half of the stores are opened again first,
 * a part of them is purged.
 */
class StartPropertyTest {
  private static final MySqlSource SOURCE = new MySqlSource(90704, MySqlHistory.OWN, "ON", "./");
  private static final int REQUESTS = 8;

  private Path directory;

  @Provide
  Arbitrary<List<Wish>> logs() {
    return RandomLog.wishes();
  }

  private StoreTester open(RandomLog log, Random random) throws IOException {
    directory = Files.createTempDirectory("start");
    StoreTester tester = new StoreTester(directory);
    log.send(tester);
    if (random.nextBoolean()) {
      tester.close();
      tester = new StoreTester(directory);
      tester.resume();
    }
    return tester;
  }

  @AfterTry
  void delete() throws IOException {
    if (directory != null) {
      try (Stream<Path> all = Files.walk(directory)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  @Property(tries = 40)
  void shouldKnowTheStateAtEachEventAndAtNoOtherPlace(
      @ForAll @From("logs") List<Wish> wishes, @ForAll ServerFamily family, @ForAll Random random)
      throws Exception {
    RandomLog log = new RandomLog(family, wishes);
    try (StoreTester tester = open(log, random)) {
      for (int i = 0; i < log.files.size(); i++) {
        LogFile file = log.files.get(i);
        Set<Long> events = new HashSet<>(file.events());
        for (long event : events) {
          assertState(tester, log, i, event, events);
        }
        for (int n = 0; n < 10; n++) {
          assertState(tester, log, i, 4 + random.nextInt(file.bytes().length), events);
        }
      }
    }
  }

  private static void assertState(
      StoreTester tester, RandomLog log, int file, long position, Set<Long> events) {
    String name = log.files.get(file).name();
    GtidState state = get(tester.store.gtidAt(name, position)).orElse(null);
    assertThat(state)
        .as("%s:%d", name, position)
        .isEqualTo(events.contains(position) ? log.stateAt(file, position) : null);
    StartResult start = get(tester.store.resolve(byPosition(log, name, position)));
    assertThat(start instanceof Found)
        .as("%s:%d", name, position)
        .isEqualTo(events.contains(position));
  }

  private static StartRequest byPosition(RandomLog log, String file, long position) {
    return log.family == ServerFamily.MYSQL
        ? new StartRequest.MySqlPosition(file, position, SOURCE)
        : new StartRequest.FilePosition(file, position);
  }

  @Property(tries = 60)
  void shouldSendWhatAMariaDbReplicaLacks(
      @ForAll @From("logs") List<Wish> wishes, @ForAll Random random) throws Exception {
    RandomLog log = new RandomLog(ServerFamily.MARIADB, wishes);
    try (StoreTester tester = open(log, random)) {
      int first = purge(tester, log, random);
      for (int i = 0; i < REQUESTS; i++) {
        long[] reached = {-1, -1, -1};
        List<String> position = new ArrayList<>();
        for (int domain = 0; domain < 3; domain++) {
          Group last = anyOf(log, domain, random);
          if (last != null) {
            reached[domain] = last.sequence();
            position.add(last.gtid());
          }
        }
        StartResult start =
            get(
                tester.store.resolve(
                    new StartRequest.MariaDbGtids(
                        MariaDbGtidList.parse(String.join(",", position)),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        null)));
        assertSent(log, first, group -> group.sequence() > reached[group.domain()], start);
      }
    }
  }

  /** A group of a domain, or none: then the replica has nothing of it. */
  private static Group anyOf(RandomLog log, int domain, Random random) {
    List<Group> own = log.groups.stream().filter(group -> group.domain() == domain).toList();
    return own.isEmpty() || random.nextInt(6) == 0 ? null : own.get(random.nextInt(own.size()));
  }

  @Property(tries = 60)
  void shouldSendWhatAMySqlSetLacks(@ForAll @From("logs") List<Wish> wishes, @ForAll Random random)
      throws Exception {
    RandomLog log = new RandomLog(ServerFamily.MYSQL, wishes);
    try (StoreTester tester = open(log, random)) {
      int first = purge(tester, log, random);
      for (int i = 0; i < REQUESTS; i++) {
        Set<String> has = new HashSet<>();
        MySqlGtidSet.Builder set = new MySqlGtidSet.Builder();
        int whole = random.nextInt(log.groups.size() + 1);
        for (int n = 0; n < log.groups.size(); n++) {
          Group group = log.groups.get(n);
          if (n < whole || random.nextInt(4) == 0) {
            MySqlTsid tsid = RandomLog.tsid(group.domain());
            set.add(tsid.high(), tsid.low(), tsid.tag(), group.sequence());
            has.add(group.gtid());
          }
        }
        StartResult start =
            get(tester.store.resolve(new StartRequest.MySqlGtids(set.snapshot(), "", 4, SOURCE)));
        assertSent(log, first, group -> !has.contains(group.gtid()), start);
      }
    }
  }

  /** Purges some files; returns the index of the first that is left. */
  private static int purge(StoreTester tester, RandomLog log, Random random) {
    int first = random.nextBoolean() ? 0 : random.nextInt(log.files.size());
    if (first > 0) {
      get(tester.store.purge(new PurgeRequest.To(log.files.get(first).name())));
    }
    return first;
  }

  /** The stream is what a walk chooses, unless a part of that has been purged: then it is none. */
  private static void assertSent(
      RandomLog log, int firstFile, Predicate<Group> lacks, StartResult start) {
    List<Group> wanted = log.groups.stream().filter(lacks).toList();
    boolean purged = wanted.stream().anyMatch(group -> group.file() < firstFile);
    assertThat(start instanceof Found).as("%s of %s", start, wanted).isEqualTo(!purged);
    if (start instanceof Found found) {
      assertThat(stream(log, found)).isEqualTo(wanted.stream().map(Group::gtid).toList());
    }
  }

  private static List<String> stream(RandomLog log, Found found) {
    List<String> sent = new ArrayList<>();
    GroupFilter filter = found.filter();
    for (LogFile file : log.files) {
      int order = file.name().compareTo(found.file().name());
      if (order < 0) {
        continue;
      }
      if (order > 0) {
        filter.nextFile(file.name());
      }
      ByteBuf buf = Unpooled.wrappedBuffer(file.bytes());
      int at = order == 0 ? (int) found.position() : 4;
      while (at < buf.writerIndex()) {
        int length = EventHeader.requireLength(buf, at);
        GroupFilter.Verdict verdict =
            filter.passThrough()
                ? GroupFilter.Verdict.SEND
                : filter.onEvent(buf, at, length, length, true, at);
        assertThat(verdict).isNotEqualTo(GroupFilter.Verdict.FAIL);
        if (verdict == GroupFilter.Verdict.SEND) {
          addGtid(sent, buf, at, length);
        }
        while (filter.takeAfter() != null) {
          // What a master puts in between is the subject of other tests.
        }
        at += length;
      }
    }
    return sent;
  }

  private static void addGtid(List<String> sent, ByteBuf buf, int at, int length) {
    switch (EventHeader.typeCode(buf, at)) {
      case 162 -> sent.add(GtidEvent.decode(buf, at, length, true).gtid().toString());
      case 33, 42 -> {
        MySqlGtidEvent event = MySqlGtidEvent.decode(buf, at, length);
        sent.add(event.tsid() + ":" + event.number());
      }
      default -> {}
    }
  }
}
