package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a link is sent over time: the files of one master and then those of another one that has the
 * same transactions and more, from the file on that overlaps.
 */
final class MasterHistory {
  /** Events in front of which a file may be cut: nothing else begins or follows a group. */
  private static final Set<Integer> BETWEEN = Set.of(3, 4, 33, 34, 42, 161, 162);

  /** A file with the offsets where it may be cut. */
  record HistoryFile(int epoch, String name, byte[] bytes, NavigableSet<Long> boundaries) {
    static HistoryFile of(int epoch, String name, byte[] bytes) {
      NavigableSet<Long> boundaries = new TreeSet<>();
      ByteBuf file = Unpooled.wrappedBuffer(bytes);
      int events = 0;
      int at = BinlogFileFormat.FIRST_EVENT;
      while (at < bytes.length) {
        if (++events > 2 && BETWEEN.contains(EventHeader.typeCode(file, at))) {
          boundaries.add((long) at);
        }
        at += EventHeader.length(file, at);
      }
      boundaries.add((long) bytes.length);
      return new HistoryFile(epoch, name, bytes, boundaries);
    }

    BinlogFileId id() {
      return new BinlogFileId(epoch, name);
    }

    long size() {
      return bytes.length;
    }
  }

  private final List<HistoryFile> files;

  private MasterHistory(List<HistoryFile> files) {
    this.files = files;
  }

  static MasterHistory mariaDb(long seed) {
    TwoMasters masters = new TwoMasters(seed);
    while (masters.overlapping().isEmpty() || masters.oldFiles.size() < 3) {
      masters = new TwoMasters(++seed);
    }
    List<HistoryFile> all = new ArrayList<>();
    masters.oldFiles.forEach(file -> all.add(HistoryFile.of(1, file.name(), file.bytes())));
    masters.overlapping().forEach(file -> all.add(HistoryFile.of(2, file.name(), file.bytes())));
    return new MasterHistory(all);
  }

  static MasterHistory mySql(long seed) {
    Random random = new Random(seed);
    List<MySqlHistory.Gtid> all = MySqlHistory.mixed(18 + random.nextInt(10), random);
    List<MySqlHistory.Gtid> first = all.subList(0, 10 + random.nextInt(5));
    MySqlGtidSet end = MySqlHistory.setOf(first);
    MySqlHistory older = new MySqlHistory("bin", 1, MySqlGtidSet.EMPTY, first, random);
    MySqlHistory newer = new MySqlHistory("new", 4, MySqlGtidSet.EMPTY, all, random);
    List<HistoryFile> files = new ArrayList<>();
    older.files.forEach(file -> files.add(HistoryFile.of(1, file.name(), file.bytes())));
    int from = 0;
    for (int i = 0; i < newer.files.size(); i++) {
      from = end.containsAll(newer.files.get(i).before()) ? i : from;
    }
    newer
        .files
        .subList(from, newer.files.size())
        .forEach(file -> files.add(HistoryFile.of(2, file.name(), file.bytes())));
    return new MasterHistory(files);
  }

  List<HistoryFile> files() {
    return files;
  }

  HistoryFile last() {
    return files.get(files.size() - 1);
  }

  /** Where a file stands in the history; -1 if it is not in it. */
  int indexOf(BinlogFileId id) {
    for (int i = 0; i < files.size(); i++) {
      if (files.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  /** Tells which of two places of the log is further on; the empty store is in front of all. */
  int compare(Watermark one, Watermark other) {
    int files = Integer.compare(indexOf(one.file()), indexOf(other.file()));
    return files != 0 ? files : Long.compare(one.offset(), other.offset());
  }
}
