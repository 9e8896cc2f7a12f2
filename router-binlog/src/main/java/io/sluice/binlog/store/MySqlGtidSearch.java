package io.sluice.binlog.store;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request for what a set of MySQL GTIDs lacks (reference §5.5), in the source's order: the
 * source's own GTIDs of the set must have been written, nothing that the set lacks may be purged;
 * the stream begins with the newest file whose PREVIOUS_GTIDS are all in the set. Blocks.
 */
final class MySqlGtidSearch {
  /** So many events stand in front of the first group of a file, at most. */
  private static final int MAX_HEAD = 16;

  private final FileCatalog catalog;
  private final Inventory inventory;
  private final ScanMeter.Scan counter;
  private final StartRequest.MySqlGtids request;
  private final MySqlSource source;
  private final MySqlTexts texts;
  private final MySqlGtidSet executed;

  MySqlGtidSearch(
      FileCatalog catalog,
      Inventory inventory,
      ScanMeter.Scan counter,
      StartRequest.MySqlGtids request) {
    this.catalog = catalog;
    this.inventory = inventory;
    this.counter = counter;
    this.request = request;
    this.source = request.source();
    this.texts = new MySqlTexts(source);
    this.executed = request.executed();
  }

  StartResult run() throws IOException {
    if (!source.isGtidModeOn() && !texts.isOf56()) {
      return StartResult.fatal(texts.noAutoPosition());
    }
    return request.file().isEmpty() ? searchFile() : namedFile();
  }

  /** A tool names the file: nothing is checked, files without PREVIOUS_GTIDS are left out. */
  private StartResult namedFile() throws IOException {
    PositionWords words = new PositionWords.MySql(texts, request);
    StartResult found =
        new PositionSearch(catalog, inventory, counter, request.file(), request.position(), words)
            .run();
    if (!(found instanceof StartResult.Found start) || head(start.file()).state() != null) {
      return found;
    }
    BinlogFileId next = inventory.next(start.file());
    while (next != null && head(next).state() == null) {
      next = inventory.next(next);
    }
    if (next == null) {
      String last = start.file().name();
      long end = inventory.visibleEnd(start.file());
      return StartResult.fatal(
          "could not find next log"
              + texts.places(request.file(), request.position(), last, end, end));
    }
    return new StartResult.Found(
        next, BinlogFileFormat.FIRST_EVENT, head(next).format(), words.filter(next));
  }

  private StartResult searchFile() throws IOException {
    UUID own = source.uuid();
    MySqlGtidSet written = MySqlGtidSet.of(inventory.executed());
    if (own != null && !written.containsAll(executed.ofServer(own))) {
      return StartResult.fatal(texts.hasMore());
    }
    MySqlGtidSet purged = purged();
    if (!executed.containsAll(purged)) {
      return missing(purged);
    }
    BinlogFileId file = inventory.newest();
    while (file != null) {
      GtidState before = head(file).state();
      if (before == null) {
        return StartResult.fatal(MySqlTexts.NO_GTIDS);
      }
      if (executed.containsAll(MySqlGtidSet.of(before))) {
        return start(file);
      }
      file = older(file);
    }
    return missing(purged);
  }

  private @Nullable BinlogFileId older(BinlogFileId file) {
    for (BinlogFileId older : inventory.closedNewestFirst()) {
      if (older.compareTo(file) < 0) {
        return older;
      }
    }
    return null;
  }

  private StartResult missing(MySqlGtidSet purged) {
    return StartResult.fatal(
        texts.purged(executed.toString(), purged.subtract(executed).toString()));
  }

  /** What stands in no file (any more): what was before the files, and what never was in one. */
  private MySqlGtidSet purged() throws IOException {
    GtidState before = null;
    for (BinlogFileId file = inventory.oldest();
        file != null && before == null;
        file = inventory.next(file)) {
      before = head(file).state();
    }
    MySqlGtidSet told = before == null ? MySqlGtidSet.EMPTY : MySqlGtidSet.of(before);
    return told.union(inventory.absent());
  }

  private StartResult start(BinlogFileId file) throws IOException {
    FormatDescription format = head(file).format();
    long end = inventory.visibleEnd(file);
    PositionWords words = new PositionWords.MySql(texts, request);
    if (request.position() < BinlogFileFormat.FIRST_EVENT || request.position() > end) {
      return words.outside(request.file(), file.name(), request.position());
    }
    MySqlGroupFilter filter =
        new MySqlGroupFilter(executed, texts, file.name(), hasFirstGroup(file, end, format));
    return new StartResult.Found(file, request.position(), format, filter);
  }

  /** Tells whether the replica has the first group of a file. */
  private boolean hasFirstGroup(BinlogFileId file, long end, FormatDescription format)
      throws IOException {
    if (executed.isEmpty()) {
      return false;
    }
    FileScanner scan =
        new FileScanner(catalog.source(file, counter), BinlogFileFormat.FIRST_EVENT, end, false);
    scan.checksums(format.hasChecksums());
    for (int i = 0; i < MAX_HEAD && scan.next(); i++) {
      EventType type = EventHeader.type(scan.window(), scan.index());
      if (type == EventType.MYSQL_GTID || type == EventType.MYSQL_GTID_TAGGED) {
        MySqlGtidEvent first = MySqlGtidEvent.decode(scan.window(), scan.index(), scan.available());
        return executed.contains(first.tsid(), first.number());
      }
    }
    return false;
  }

  private FileHead head(BinlogFileId file) throws IOException {
    return catalog.head(file, inventory.visibleEnd(file), counter);
  }
}
