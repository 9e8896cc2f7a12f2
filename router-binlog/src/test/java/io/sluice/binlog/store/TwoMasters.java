package io.sluice.binlog.store;

import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Two masters that have the same transactions of three domains, in different order, cut into
 * different files: the second one replicated from the first and wrote more after that.
 */
final class TwoMasters {
  /** A file of a master. */
  record MasterFile(String name, byte[] bytes, MariaDbBinlogState start) {}

  final List<MariaDbGtid> oldOrder = new ArrayList<>();
  final List<MariaDbGtid> newOrder = new ArrayList<>();
  final List<MasterFile> oldFiles;
  final List<MasterFile> newFiles;

  TwoMasters(long seed) {
    Random random = new Random(seed);
    List<List<MariaDbGtid>> domains = new ArrayList<>();
    int[] shared = new int[3];
    for (int d = 0; d < 3; d++) {
      List<MariaDbGtid> all = new ArrayList<>();
      shared[d] = random.nextInt(12);
      int more = random.nextInt(8);
      long server = 101;
      for (int n = 1; n <= shared[d] + more; n++) {
        if (n > shared[d]) {
          server = 202;
        } else if (random.nextInt(4) == 0) {
          server = 101 + random.nextInt(3);
        }
        all.add(new MariaDbGtid(d, server, n));
      }
      domains.add(all);
    }
    if (shared[0] == 0) {
      shared[0] = domains.get(0).isEmpty() ? 0 : 1;
    }
    interleave(domains, shared, random, oldOrder);
    int[] all = domains.stream().mapToInt(List::size).toArray();
    if (random.nextInt(3) > 0) {
      // The old master had come to rest and the new one had all before it wrote its own.
      interleave(domains, shared, random, newOrder);
    }
    interleave(domains, all, random, newOrder);
    String newBase = random.nextBoolean() ? "bin" : "m2-bin";
    oldFiles = files("bin", 1 + random.nextInt(5), oldOrder, random);
    newFiles = files(newBase, 1 + random.nextInt(5), newOrder, random);
  }

  private static void interleave(
      List<List<MariaDbGtid>> domains, int[] upTo, Random random, List<MariaDbGtid> into) {
    int[] at = new int[domains.size()];
    into.forEach(gtid -> at[(int) gtid.domain()]++);
    while (at[0] < upTo[0] || at[1] < upTo[1] || at[2] < upTo[2]) {
      int d = random.nextInt(3);
      for (int run = 1 + random.nextInt(3); run > 0 && at[d] < upTo[d]; run--) {
        into.add(domains.get(d).get(at[d]++));
      }
    }
  }

  private static List<MasterFile> files(
      String base, int firstNumber, List<MariaDbGtid> order, Random random) {
    List<MasterFile> files = new ArrayList<>();
    SyntheticLog log = new SyntheticLog();
    int number = firstNumber;
    MariaDbBinlogState start = log.state();
    log.startFile();
    for (MariaDbGtid gtid : order) {
      if (random.nextInt(5) == 0) {
        if (random.nextInt(4) > 0) {
          log.rotate(name(base, number + 1));
        }
        files.add(new MasterFile(name(base, number++), log.bytes(), start));
        start = log.state();
        log.startFile();
      }
      if (random.nextInt(4) == 0) {
        log.ddl(gtid.domain(), gtid.server(), gtid.sequence());
      } else {
        log.gtid(gtid.domain(), gtid.server(), gtid.sequence(), 0x0c);
        log.rows(30 + random.nextInt(60), gtid.sequence()).xid();
      }
    }
    files.add(new MasterFile(name(base, number), log.bytes(), start));
    return files;
  }

  private static String name(String base, int number) {
    return String.format("%s.%06d", base, number);
  }

  /** The end of the old master's log. */
  MariaDbGtidList end() {
    return endState().position();
  }

  /** The same with all servers. */
  MariaDbBinlogState endState() {
    return MariaDbBinlogState.of(oldOrder);
  }

  /** The new master's files from the newest on that begins at or before that end. */
  List<MasterFile> overlapping() {
    int first = 0;
    for (int i = 0; i < newFiles.size(); i++) {
      MasterFile file = newFiles.get(i);
      if (EpochBorder.joins(endState(), new FileHead(null, file.start(), 0))) {
        first = i;
      }
    }
    return newFiles.subList(first, newFiles.size());
  }

  /** Sends files whole, waiting for nothing. */
  static void send(StoreTester tester, List<MasterFile> files) {
    files.forEach(file -> tester.file(file.name(), file.bytes()));
  }

  static void awaitAll(StoreTester tester, List<MasterFile> files) {
    MasterFile last = files.get(files.size() - 1);
    tester.awaitVisible(last.name(), last.bytes().length);
  }
}
