package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rules between two epochs, of which the younger repeats the end of the older: whether they
 * join, and where a stream changes over. For one search; blocks.
 */
final class EpochBorder {
  private final FileCatalog catalog;
  private final Inventory inventory;
  private final Map<Long, MariaDbGtid> remaining = new LinkedHashMap<>();

  /**
   * Prepares a search.
   *
   * @param end GTID position at the end of the older epoch
   */
  private EpochBorder(FileCatalog catalog, Inventory inventory, MariaDbGtidList end) {
    this.catalog = catalog;
    this.inventory = inventory;
    end.forEach(gtid -> remaining.put(gtid.domain(), gtid));
  }

  /**
   * Tells whether a file begins at or before the end of an epoch, by the rule with which a master
   * chooses the first file for a replica.
   */
  static boolean joins(GtidState end, FileHead head) {
    if (end.family() == ServerFamily.MYSQL) {
      return MySqlEpochBorder.joins(MySqlGtidSet.of(end), head);
    }
    return joins(MariaDbBinlogState.of(end).position(), head);
  }

  private static boolean joins(MariaDbGtidList end, FileHead head) {
    GtidState known = head.state();
    if (known == null) {
      return end.isEmpty();
    }
    MariaDbBinlogState before = MariaDbBinlogState.of(known);
    for (int i = 0; i < before.size(); i++) {
      MariaDbGtid entry = before.get(i);
      MariaDbGtid reached = end.get(entry.domain());
      if (reached == null) {
        return false;
      }
      if (reached.server() == entry.server()) {
        int order = Long.compareUnsigned(reached.sequence(), entry.sequence());
        if (order < 0 || (order == 0 && !before.isLastOfDomain(i))) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Finds the place where the first group stands that the older epoch does not have, or the end of
   * the last one that it has, whichever comes first.
   *
   * @param from a file of the older epoch
   */
  static Crossing find(FileCatalog catalog, Inventory inventory, BinlogFileId from)
      throws IOException {
    GtidState end = inventory.endOf(from.epoch());
    BinlogFileId first = inventory.firstBehind(from.epoch());
    if (end == null || first == null) {
      throw new IOException("epoch: " + from.epoch() + " (expected: one that is over)");
    }
    FileHead head = catalog.head(first, inventory.visibleEnd(first));
    if (end.family() == ServerFamily.MYSQL) {
      MySqlGtidSet all = MySqlGtidSet.of(end).union(inventory.absent());
      requireJoined(catalog, first, all, head);
      return MySqlEpochBorder.find(catalog, inventory, first, all);
    }
    requireJoined(catalog, first, end, head);
    MariaDbGtidList position = MariaDbBinlogState.of(end).position();
    return new EpochBorder(catalog, inventory, position).search(first, head);
  }

  private static void requireJoined(
      FileCatalog catalog, BinlogFileId first, GtidState end, FileHead head) throws IOException {
    if (!joins(end, head)) {
      throw new IOException(
          "binlog file: "
              + catalog.path(first)
              + " begins behind "
              + end.positionText()
              + ": a gap");
    }
  }

  private Crossing search(BinlogFileId first, FileHead firstHead) throws IOException {
    BinlogFileId file = first;
    FileHead head = firstHead;
    GtidState known = head.state();
    if (known != null) {
      MariaDbBinlogState state = MariaDbBinlogState.of(known);
      for (int i = 0; i < state.size(); i++) {
        remaining.values().remove(state.get(i));
      }
    }
    if (remaining.isEmpty()) {
      return new Crossing(
          file, BinlogFileFormat.FIRST_EVENT, head.format(), MariaDbBinlogState.EMPTY);
    }
    while (true) {
      long at = searchFile(file, head.format());
      if (at > 0) {
        return new Crossing(file, at, head.format(), MariaDbBinlogState.of(remaining.values()));
      }
      BinlogFileId next = inventory.next(file);
      if (next == null || next.epoch() != first.epoch()) {
        throw new IOException(
            "epoch: " + first.epoch() + " (expected: " + remaining.values() + " in it)");
      }
      file = next;
      head = catalog.head(file, inventory.visibleEnd(file));
    }
  }

  /** Where the stream changes over in a file, 0 if not there. */
  private long searchFile(BinlogFileId file, FormatDescription format) throws IOException {
    long end = inventory.visibleEnd(file);
    FileFollower follower = new FileFollower();
    follower.startFile();
    FileScanner scan =
        new FileScanner(
            (position, target) -> catalog.read(file, position, target),
            BinlogFileFormat.FIRST_EVENT,
            end,
            true);
    try {
      while (scan.next()) {
        scan.checksums(format.hasChecksums());
        boolean newGroup = isNew(scan.window(), scan.index());
        if (newGroup) {
          return scan.position();
        }
        boolean whole =
            follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
        if (whole && remaining.isEmpty()) {
          return scan.nextPosition();
        }
      }
    } catch (BinlogFormatException e) {
      throw new IOException("binlog file: " + catalog.path(file) + ": " + e.getMessage(), e);
    }
    if (!scan.stopReason().isEmpty()) {
      throw new IOException("binlog file: " + catalog.path(file) + ": " + scan.stopReason());
    }
    return 0;
  }

  /** Looks at the beginning of a group; what the older epoch has up to there is not remaining. */
  private boolean isNew(ByteBuf buf, int index) {
    if (EventHeader.type(buf, index) != EventType.MARIADB_GTID) {
      return false;
    }
    MariaDbGtid last = remaining.get(GtidEvent.domain(buf, index));
    if (last == null) {
      return true;
    }
    if (EventHeader.serverId(buf, index) != last.server()) {
      return false;
    }
    int order = Long.compareUnsigned(GtidEvent.sequence(buf, index), last.sequence());
    if (order >= 0) {
      remaining.remove(last.domain());
    }
    return order > 0;
  }
}
