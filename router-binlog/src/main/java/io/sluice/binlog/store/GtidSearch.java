package io.sluice.binlog.store;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for a MariaDB GTID position (reference §5.1). In the master's order: each requested
 * id is checked against what was written; the newest file is taken in front of which nothing is
 * that the replica lacks; in it the last indexed place of which the same holds. Blocks.
 */
final class GtidSearch {
  private static final Logger LOGGER = LoggerFactory.getLogger(GtidSearch.class);
  private static final int GTID_LIST = 163;

  private final FileCatalog catalog;
  private final Supplier<Watermark> log;
  private final Inventory inventory;
  private final ScanMeter.Scan counter;
  private final StartRequest.MariaDbGtids request;
  private final MariaDbBinlogState written;
  private final List<MariaDbGroupFilter.Wanted> wanted = new ArrayList<>();
  private final @Nullable List<MariaDbGtid> until;

  GtidSearch(
      FileCatalog catalog,
      Supplier<Watermark> log,
      Inventory inventory,
      ScanMeter.Scan counter,
      StartRequest.MariaDbGtids request) {
    this.catalog = catalog;
    this.log = log;
    this.inventory = inventory;
    this.counter = counter;
    this.request = request;
    this.written = MariaDbBinlogState.of(inventory.watermark().state());
    MariaDbGtidList ends = request.until();
    this.until = ends == null ? null : new ArrayList<>(ends.gtids());
  }

  StartResult run() throws IOException {
    BinlogFileId newest = inventory.watermark().file();
    long masterId = head(newest).format().serverId();
    for (MariaDbGtid gtid : request.position()) {
      String problem = check(gtid, masterId);
      if (problem != null) {
        return StartResult.fatal(problem);
      }
    }
    BinlogFileId file = newestFileBefore();
    if (file == null) {
      return StartResult.fatal(
          "Could not find GTID state requested by slave in any binlog files. Probably the slave"
              + " state is too old and required binlog files have been purged.");
    }
    return start(file);
  }

  private FileHead head(BinlogFileId file) throws IOException {
    return catalog.head(file, inventory.visibleEnd(file), counter);
  }

  private StartResult start(BinlogFileId file) throws IOException {
    FileHead head = head(file);
    FormatDescription format = head.format();
    FileIndex.Entry place = head.state() == null ? null : place(file, head);
    GtidState before = place == null ? head.state() : place.state();
    if (before != null) {
      dropReached(MariaDbBinlogState.of(before));
    }
    MariaDbGroupFilter filter =
        new MariaDbGroupFilter(wanted, until, request.untilBefore(), request.strict(), log);
    filter.countSkipped(counter);
    if (place == null) {
      return new StartResult.Found(file, BinlogFileFormat.FIRST_EVENT, format, filter);
    }
    filter.beginInTheMiddle(MariaDbBinlogState.of(place.state()));
    return new StartResult.Found(file, place.position(), format, filter);
  }

  /**
   * The last place in a file where a stream may begin; null for its start. Masters without an index
   * (before 11.4) begin there too, unless that means to skip much.
   */
  private FileIndex.@Nullable Entry place(BinlogFileId file, FileHead head) {
    long end = inventory.visibleEnd(file);
    try {
      FileIndex.Entry found =
          catalog.sidecars().index(file, end, counter).newest(end, this::hasReached);
      boolean useful =
          found != null && (found.position() > head.end() || head.format().startsBehindHead());
      return useful ? found : null;
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("file", file)
          .setCause(e)
          .log("no index for this file: a replica starts at its beginning");
      return null;
    }
  }

  /** Checks a requested id against what was written; null if it is fine. */
  private @Nullable String check(MariaDbGtid gtid, long masterId) {
    boolean own = gtid.equals(request.ownPosition().get(gtid.domain()));
    if (inventory.wasWritten(gtid)) {
      wanted.add(new MariaDbGroupFilter.Wanted(gtid, false, own));
      return null;
    }
    MariaDbGtid last = written.last(gtid.domain());
    if (own) {
      startBehindOwnPosition(gtid, last, masterId);
      return null;
    }
    if (last == null) {
      wanted.add(new MariaDbGroupFilter.Wanted(gtid, true, false));
      return null;
    }
    if (request.ignoreDuplicates() && Long.compareUnsigned(last.sequence(), gtid.sequence()) < 0) {
      wanted.add(new MariaDbGroupFilter.Wanted(gtid, false, false));
      return null;
    }
    if (until != null && stopsBefore(until, gtid.domain())) {
      wanted.add(new MariaDbGroupFilter.Wanted(gtid, false, false));
      return null;
    }
    return MariaDbGroupFilter.missing(gtid, last);
  }

  /**
   * The presented master replicated this id itself without writing it: go on with what it wrote
   * after that.
   */
  private void startBehindOwnPosition(MariaDbGtid gtid, @Nullable MariaDbGtid last, long masterId) {
    MariaDbGtid own = written.find(gtid.domain(), masterId);
    if (own != null && Long.compareUnsigned(own.sequence(), gtid.sequence()) > 0) {
      MariaDbGtid start = new MariaDbGtid(gtid.domain(), masterId, gtid.sequence());
      wanted.add(new MariaDbGroupFilter.Wanted(start, false, true));
    } else if (last != null) {
      wanted.add(new MariaDbGroupFilter.Wanted(last, false, false));
    }
  }

  private boolean stopsBefore(List<MariaDbGtid> ends, long domain) {
    for (MariaDbGtid end : ends) {
      if (end.domain() == domain) {
        if (!written.contains(end)) {
          return false;
        }
        ends.remove(end);
        return true;
      }
    }
    return true;
  }

  private @Nullable BinlogFileId newestFileBefore() throws IOException {
    BinlogFileId newest = inventory.newest();
    if (newest != null && canStart(newest)) {
      return newest;
    }
    for (BinlogFileId file : inventory.closedNewestFirst()) {
      if (canStart(file)) {
        return file;
      }
    }
    return null;
  }

  private boolean canStart(BinlogFileId file) throws IOException {
    if (!hasEpochBefore(file)) {
      return false;
    }
    FileHead head = head(file);
    GtidState before = head.state();
    // A writer that knows the event and has left it out did not get that far: such a file proves
    // nothing.
    return before == null ? head.format().postHeaderLength(GTID_LIST) == 0 : hasReached(before);
  }

  /**
   * Tells whether the replica has all of the epoch before a file's. The history of a newer master
   * may begin later than its GTID_LIST says, for it may have been set up from a copy of the data:
   * what it never wrote must come from the older epoch.
   */
  private boolean hasEpochBefore(BinlogFileId file) {
    GtidState known = inventory.endOf(file.epoch() - 1);
    if (known == null) {
      return true;
    }
    MariaDbBinlogState end = MariaDbBinlogState.of(known);
    for (MariaDbGtid last : end.position()) {
      MariaDbGtid replica = request.position().get(last.domain());
      if (replica == null || (end.contains(replica) && !replica.equals(last))) {
        return false;
      }
    }
    return true;
  }

  private boolean hasReached(GtidState before) {
    return lacksNothing(MariaDbBinlogState.of(before));
  }

  /** Tells whether nothing that the replica lacks was written up to a state. */
  private boolean lacksNothing(MariaDbBinlogState before) {
    for (int i = 0; i < before.size(); i++) {
      MariaDbGtid entry = before.get(i);
      MariaDbGroupFilter.Wanted replica = find(entry.domain());
      if (replica == null) {
        return false;
      }
      if (replica.gtid.server() == entry.server()) {
        int order = Long.compareUnsigned(replica.gtid.sequence(), entry.sequence());
        if (order < 0 || (order == 0 && !before.isLastOfDomain(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private MariaDbGroupFilter.@Nullable Wanted find(long domain) {
    for (MariaDbGroupFilter.Wanted entry : wanted) {
      if (entry.gtid.domain() == domain) {
        return entry;
      }
    }
    return null;
  }

  /** What the chosen place has reached exactly need not be skipped, nor waited for. */
  private void dropReached(MariaDbBinlogState before) {
    for (int i = 0; i < before.size(); i++) {
      MariaDbGtid entry = before.get(i);
      wanted.removeIf(replica -> replica.gtid.equals(entry));
      if (until != null) {
        until.removeIf(
            end ->
                end.domain() == entry.domain()
                    && end.server() == entry.server()
                    && entry.reaches(end.sequence()));
      }
    }
  }
}
