package io.sluice.binlog.store;

import io.sluice.binlog.event.SyntheticMySqlLog;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.MySqlTsid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** The files of a MySQL source, with GTIDs of several servers and tags in any order. */
final class MySqlHistory {
  static final UUID OWN = UUID.fromString("11111111-0000-0000-0000-000000000001");
  static final UUID OTHER = UUID.fromString("99999999-ffff-ffff-ffff-000000000002");

  /** A group. */
  record Gtid(MySqlTsid tsid, long number) {
    MySqlGtidSet set() {
      return setOf(List.of(this));
    }

    @Override
    public String toString() {
      return tsid + ":" + number;
    }
  }

  /** A file: what was written before it, its groups, its bytes. */
  record Written(String name, MySqlGtidSet before, List<Gtid> groups, byte[] bytes) {}

  final List<Written> files = new ArrayList<>();
  final List<Gtid> order;

  MySqlHistory(String base, int number, MySqlGtidSet purged, List<Gtid> order, Random random) {
    this.order = order;
    SyntheticMySqlLog log = new SyntheticMySqlLog().after(purged);
    int next = number;
    MySqlGtidSet before = purged;
    List<Gtid> groups = new ArrayList<>();
    log.startFile(1);
    for (Gtid gtid : order) {
      if (random.nextInt(5) == 0) {
        end(log, base, next + 1, random);
        files.add(new Written(name(base, next++), before, groups, log.bytes()));
        before = log.state();
        groups = new ArrayList<>();
        log.startFile(random.nextInt(2));
      }
      log.group(gtid.tsid(), gtid.number(), random);
      groups.add(gtid);
    }
    files.add(new Written(name(base, next), before, groups, log.bytes()));
  }

  private static void end(SyntheticMySqlLog log, String base, int next, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> log.stop();
      case 1 -> {}
      default -> log.rotate(name(base, next));
    }
  }

  private static String name(String base, int number) {
    return String.format("%s.%06d", base, number);
  }

  /** The numbers from 1 on of some servers and tags, mixed. */
  static List<Gtid> mixed(int count, Random random) {
    List<MySqlTsid> tsids =
        List.of(
            new MySqlTsid(OWN.getMostSignificantBits(), OWN.getLeastSignificantBits(), ""),
            new MySqlTsid(OWN.getMostSignificantBits(), OWN.getLeastSignificantBits(), "blue"),
            new MySqlTsid(OTHER.getMostSignificantBits(), OTHER.getLeastSignificantBits(), ""));
    long[] last = new long[tsids.size()];
    List<Gtid> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int of = random.nextInt(tsids.size());
      last[of] += random.nextInt(6) == 0 ? 3 : 1;
      all.add(new Gtid(tsids.get(of), last[of]));
    }
    // Commits of several appliers overtake each other.
    for (int i = 1; i < all.size(); i++) {
      if (random.nextInt(4) == 0) {
        Gtid moved = all.remove(i);
        all.add(i - 1, moved);
      }
    }
    return all;
  }

  static MySqlGtidSet setOf(List<Gtid> gtids) {
    MySqlGtidSet.Builder builder = new MySqlGtidSet.Builder();
    gtids.forEach(
        gtid ->
            builder.add(gtid.tsid().high(), gtid.tsid().low(), gtid.tsid().tag(), gtid.number()));
    return builder.snapshot();
  }

  static List<String> texts(List<Gtid> gtids) {
    return gtids.stream().map(Gtid::toString).toList();
  }

  /** Sends files whole and waits for the last. */
  static void send(StoreTester tester, List<Written> files) {
    files.forEach(file -> tester.file(file.name(), file.bytes()));
    Written last = files.get(files.size() - 1);
    tester.awaitVisible(last.name(), last.bytes().length);
  }
}
