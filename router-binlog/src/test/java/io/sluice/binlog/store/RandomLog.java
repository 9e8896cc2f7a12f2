package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.event.SyntheticMySqlLog;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.MySqlTsid;
import io.sluice.binlog.gtid.ServerFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A log of either family made from a list of groups, and what a walk over all of its bytes finds
 * there. The walk knows where events begin and which of them carry a GTID, nothing else.
 */
final class RandomLog {
  private static final Set<Integer> GTID_EVENTS = Set.of(162, 33, 42);
  private static final int ROTATE = 4;
  private static final int STOP = 3;

  /**
   * How a group is to be.
   *
   * @param domain which domain, or which server and tag
   * @param server the server in a MariaDB domain
   * @param gap how many numbers are left out in front of it
   * @param rowBytes size of its row event
   * @param kind which events it has
   * @param newFile whether a file ends in front of it
   */
  record Wish(int domain, int server, int gap, int rowBytes, int kind, boolean newFile) {}

  /**
   * A group that was written.
   *
   * @param gtid as text
   * @param domain of the wish
   * @param sequence its number there
   * @param file index of its file
   * @param start where its GTID event begins
   * @param end where the next group, or the end of the file, begins
   */
  record Group(String gtid, int domain, long sequence, int file, long start, long end) {}

  /**
   * A file.
   *
   * @param before what was written before it
   * @param events where events begin, and at last the end of the file
   * @param headEnd end of the event that tells {@code before}
   */
  record LogFile(String name, byte[] bytes, GtidState before, List<Long> events, long headEnd) {}

  final ServerFamily family;
  final List<LogFile> files = new ArrayList<>();
  final List<Group> groups = new ArrayList<>();
  private final List<String> gtids = new ArrayList<>();
  private final List<Wish> wishes;
  private final List<Long> numbers = new ArrayList<>();

  RandomLog(ServerFamily family, List<Wish> wishes) {
    this.family = family;
    this.wishes = wishes;
    List<byte[]> written = family == ServerFamily.MYSQL ? mySql() : mariaDb();
    for (byte[] bytes : written) {
      walk(bytes);
    }
  }

  /** Logs with some large groups, so that files have more than one place in their index. */
  static Arbitrary<List<Wish>> wishes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(0, 2),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(10, 300)),
                net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(10_000, 70_000)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(250_000, 300_000))),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 7).map(n -> n == 0))
        .as(Wish::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  static String name(int number) {
    return String.format("bin.%06d", number);
  }

  private List<byte[]> mariaDb() {
    SyntheticLog log = new SyntheticLog().startFile();
    List<byte[]> written = new ArrayList<>();
    long[] last = new long[3];
    for (Wish wish : wishes) {
      if (wish.newFile()) {
        log.rotate(name(written.size() + 2));
        written.add(log.bytes());
        log.startFile();
      }
      long number = last[wish.domain()] += wish.gap() + 1;
      if (wish.kind() == 0 && wish.rowBytes() < 1000) {
        log.ddl(wish.domain(), wish.server(), number);
      } else {
        log.gtid(wish.domain(), wish.server(), number, 0x0c);
        for (int i = 0; i < wish.kind(); i++) {
          log.rows(wish.rowBytes(), number + i);
        }
        log.xid();
      }
      gtids.add(wish.domain() + "-" + wish.server() + "-" + number);
      numbers.add(number);
    }
    written.add(log.bytes());
    return written;
  }

  private List<byte[]> mySql() {
    SyntheticMySqlLog log = new SyntheticMySqlLog().startFile(1);
    List<byte[]> written = new ArrayList<>();
    long[] last = new long[3];
    for (Wish wish : wishes) {
      if (wish.newFile()) {
        if (wish.gap() == 0) {
          log.stop();
        } else {
          log.rotate(name(written.size() + 2));
        }
        written.add(log.bytes());
        log.startFile(0);
      }
      long number = last[wish.domain()] += wish.gap() + 1;
      MySqlTsid tsid = tsid(wish.domain());
      log.gtid(tsid, number);
      byte[] rows = new byte[wish.rowBytes()];
      new Random(number).nextBytes(rows);
      switch (wish.kind()) {
        case 0 -> log.query("CREATE TABLE d.t" + number + " (id INT)");
        case 1 -> log.event(40, 0, rows);
        default -> log.query("BEGIN").event(30, 0, rows).event(16, 0, new byte[8]);
      }
      gtids.add(tsid + ":" + number);
      numbers.add(number);
    }
    written.add(log.bytes());
    return written;
  }

  static MySqlTsid tsid(int domain) {
    long high = MySqlHistory.OWN.getMostSignificantBits();
    long low = MySqlHistory.OWN.getLeastSignificantBits();
    return new MySqlTsid(domain == 2 ? ~high : high, low, domain == 1 ? "blue" : "");
  }

  /** Finds events and groups in a file's bytes, in their order. */
  private void walk(byte[] bytes) {
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    List<Long> events = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    long end = bytes.length;
    int at = 4;
    int index = 0;
    long headEnd = 0;
    while (at < bytes.length) {
      events.add((long) at);
      int type = EventHeader.typeCode(buf, at);
      if (GTID_EVENTS.contains(type)) {
        starts.add((long) at);
      } else if (type == ROTATE || type == STOP) {
        end = at;
      }
      at += (int) EventHeader.length(buf, at);
      headEnd = index++ == 1 ? at : headEnd;
    }
    events.add((long) at);
    GtidState before = stateBehind(groups.size());
    for (int i = 0; i < starts.size(); i++) {
      int number = groups.size();
      long next = i + 1 < starts.size() ? starts.get(i + 1) : end;
      groups.add(
          new Group(
              gtids.get(number),
              wishes.get(number).domain(),
              numbers.get(number),
              files.size(),
              starts.get(i),
              next));
    }
    files.add(new LogFile(name(files.size() + 1), bytes, before, events, headEnd));
  }

  /** The state behind so many groups. */
  GtidState stateBehind(int count) {
    if (family == ServerFamily.MYSQL) {
      MySqlGtidSet.Builder set = new MySqlGtidSet.Builder();
      for (int i = 0; i < count; i++) {
        MySqlTsid tsid = tsid(wishes.get(i).domain());
        set.add(tsid.high(), tsid.low(), tsid.tag(), numbers.get(i));
      }
      return set.snapshot();
    }
    MariaDbBinlogState.Builder state = new MariaDbBinlogState.Builder();
    for (int i = 0; i < count; i++) {
      state.update(wishes.get(i).domain(), wishes.get(i).server(), numbers.get(i));
    }
    return state.snapshot();
  }

  /** The state at a place of a file, where a group counts from its GTID event on. */
  GtidState stateAt(int file, long position) {
    int count = 0;
    for (Group group : groups) {
      boolean before = group.file() < file || (group.file() == file && group.start() < position);
      count += before ? 1 : 0;
    }
    return stateBehind(count);
  }

  /** Sends all of it to a store and waits until it is visible. */
  void send(StoreTester tester) {
    tester.resume();
    files.forEach(file -> tester.file(file.name(), file.bytes()));
    LogFile last = files.get(files.size() - 1);
    tester.awaitVisible(last.name(), last.bytes().length);
  }
}
