package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.io.IOException;

/**
 * The way from the log of one MySQL source into that of the next one, which repeats some of it: to
 * where the first group stands that was not written before, or to the end of the last one that was,
 * whichever comes first. For one search; blocks.
 */
final class MySqlEpochBorder {
  private final FileCatalog catalog;
  private final Inventory inventory;
  private final MySqlGtidSet end;
  private final MySqlGtidSet.Builder seen = new MySqlGtidSet.Builder();
  private long missing;

  /**
   * Prepares a search.
   *
   * @param end all that the older epoch has
   */
  private MySqlEpochBorder(FileCatalog catalog, Inventory inventory, MySqlGtidSet end) {
    this.catalog = catalog;
    this.inventory = inventory;
    this.end = end;
  }

  /** Tells whether nothing was written in front of a file that an epoch does not have. */
  static boolean joins(MySqlGtidSet end, FileHead head) {
    GtidState before = head.state();
    return before == null ? end.isEmpty() : end.containsAll(MySqlGtidSet.of(before));
  }

  /** Finds the way from an epoch's end to a file of the next epoch, its first one. */
  static Crossing find(
      FileCatalog catalog, Inventory inventory, BinlogFileId first, MySqlGtidSet end)
      throws IOException {
    return new MySqlEpochBorder(catalog, inventory, end).search(first);
  }

  private Crossing search(BinlogFileId first) throws IOException {
    BinlogFileId file = first;
    FileHead head = catalog.head(file, inventory.visibleEnd(file));
    if (head.state() != null) {
      seen.set(head.state());
    }
    missing = end.subtract(seen.snapshot()).count();
    if (missing == 0) {
      return crossing(file, BinlogFileFormat.FIRST_EVENT, head.format());
    }
    while (true) {
      long at = searchFile(file, head.format());
      if (at > 0) {
        return crossing(file, at, head.format());
      }
      BinlogFileId next = inventory.next(file);
      if (next == null || next.epoch() != first.epoch()) {
        throw new IOException(
            "epoch: " + first.epoch() + " (expected: " + end.subtract(seen.snapshot()) + " in it)");
      }
      file = next;
      head = catalog.head(file, inventory.visibleEnd(file));
    }
  }

  private Crossing crossing(BinlogFileId file, long position, FormatDescription format) {
    return new Crossing(file, position, format, end.subtract(seen.snapshot()));
  }

  /** Where the stream changes over in a file, 0 if not there. */
  private long searchFile(BinlogFileId file, FormatDescription format) throws IOException {
    FileFollower follower = new FileFollower();
    follower.startFile();
    FileScanner scan =
        new FileScanner(
            (position, target) -> catalog.read(file, position, target),
            BinlogFileFormat.FIRST_EVENT,
            inventory.visibleEnd(file),
            true);
    try {
      while (scan.next()) {
        scan.checksums(format.hasChecksums());
        if (isNew(scan.window(), scan.index(), scan.available())) {
          return scan.position();
        }
        boolean whole =
            follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
        if (whole && missing == 0) {
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

  /** Looks at the beginning of a group; what the older epoch has is not missing any more. */
  private boolean isNew(ByteBuf buf, int index, int available) {
    EventType type = EventHeader.type(buf, index);
    if (type == EventType.MYSQL_ANONYMOUS_GTID) {
      throw new BinlogFormatException(
          "transaction without a GTID (expected: GTIDs, where two histories join)");
    }
    if (type != EventType.MYSQL_GTID && type != EventType.MYSQL_GTID_TAGGED) {
      return false;
    }
    MySqlGtidEvent gtid = MySqlGtidEvent.decode(buf, index, available);
    if (!end.contains(gtid.tsid(), gtid.number())) {
      return true;
    }
    seen.add(gtid.tsid().high(), gtid.tsid().low(), gtid.tsid().tag(), gtid.number());
    missing--;
    return false;
  }
}
