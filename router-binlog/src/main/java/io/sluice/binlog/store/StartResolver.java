package io.sluice.binlog.store;

import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a replica's stream begins, by the rules of a MariaDB master, and refuses with its
 * words. For one request; blocks.
 */
final class StartResolver {
  private static final int EVENT_HEADER = 19;
  private static final int GTID_LIST = 163;

  private final FileCatalog catalog;
  private final Supplier<Watermark> log;
  private final Inventory inventory;

  StartResolver(FileCatalog catalog, Supplier<Watermark> log, Inventory inventory) {
    this.catalog = catalog;
    this.log = log;
    this.inventory = inventory;
  }

  static String notInBinlog(MariaDbGtid gtid) {
    return "Error: connecting slave requested to start from GTID "
        + gtid
        + ", which is not in the master's binlog";
  }

  StartResult resolve(StartRequest request) throws IOException {
    if (inventory.newest() == null) {
      return StartResult.fatal("Binary log is not open");
    }
    if (request instanceof StartRequest.FilePosition position) {
      return resolve(position);
    }
    return new GtidSearch((StartRequest.MariaDbGtids) request).run();
  }

  private StartResult resolve(StartRequest.FilePosition request) throws IOException {
    BinlogFileId file =
        request.file().isEmpty() ? inventory.oldest() : inventory.find(request.file());
    if (file == null) {
      return StartResult.fatal("Could not find first log file name in binary log index file");
    }
    long position = request.position();
    long end = inventory.visibleEnd(file);
    if (position < BinlogFileFormat.FIRST_EVENT || position > end) {
      return StartResult.fatal(
          "Client requested master to start replication from impossible position"
              + where(file, position, BinlogFileFormat.FIRST_EVENT, BinlogFileFormat.FIRST_EVENT));
    }
    if (catalog.stateAt(file, position, end) == null) {
      return StartResult.fatal(
          "bogus data in log event" + where(file, position, position, position + EVENT_HEADER));
    }
    return new StartResult.Found(
        file, position, catalog.head(file, end).format(), GroupFilter.passAll());
  }

  private static String where(BinlogFileId file, long first, long event, long last) {
    String name = file.name();
    return "; the first event '"
        + name
        + "' at "
        + first
        + ", the last event read from '"
        + name
        + "' at "
        + event
        + ", the last byte read from '"
        + name
        + "' at "
        + last
        + ".";
  }

  /** One GTID request. */
  private final class GtidSearch {
    private final StartRequest.MariaDbGtids request;
    private final MariaDbBinlogState written = inventory.watermark().state();
    private final List<GroupFilter.Wanted> wanted = new ArrayList<>();
    private final @Nullable List<MariaDbGtid> until;

    GtidSearch(StartRequest.MariaDbGtids request) {
      this.request = request;
      MariaDbGtidList ends = request.until();
      this.until = ends == null ? null : new ArrayList<>(ends.gtids());
    }

    StartResult run() throws IOException {
      BinlogFileId newest = inventory.watermark().file();
      long masterId = catalog.head(newest, inventory.visibleEnd(newest)).format().serverId();
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
      FileHead head = catalog.head(file, inventory.visibleEnd(file));
      if (head.state() != null) {
        dropReached(head.state());
      }
      return new StartResult.Found(
          file,
          BinlogFileFormat.FIRST_EVENT,
          head.format(),
          new GroupFilter(wanted, until, request.strict(), log));
    }

    /** Checks a requested id against what was written; null if it is fine. */
    private @Nullable String check(MariaDbGtid gtid, long masterId) {
      boolean own = gtid.equals(request.ownPosition().get(gtid.domain()));
      if (written.contains(gtid)) {
        wanted.add(new GroupFilter.Wanted(gtid, false, own));
        return null;
      }
      MariaDbGtid last = written.last(gtid.domain());
      if (own) {
        startBehindOwnPosition(gtid, last, masterId);
        return null;
      }
      if (last == null) {
        wanted.add(new GroupFilter.Wanted(gtid, true, false));
        return null;
      }
      if (request.ignoreDuplicates()
          && Long.compareUnsigned(last.sequence(), gtid.sequence()) < 0) {
        wanted.add(new GroupFilter.Wanted(gtid, false, false));
        return null;
      }
      if (until != null && stopsBefore(until, gtid.domain())) {
        wanted.add(new GroupFilter.Wanted(gtid, false, false));
        return null;
      }
      if (last.reaches(gtid.sequence())) {
        return notInBinlog(gtid)
            + ". Since the master's binlog contains GTIDs with higher sequence numbers, it probably"
            + " means that the slave has diverged due to executing extra erroneous transactions";
      }
      return notInBinlog(gtid);
    }

    /**
     * The presented master replicated this id itself without writing it: go on with what it wrote
     * after that.
     */
    private void startBehindOwnPosition(
        MariaDbGtid gtid, @Nullable MariaDbGtid last, long masterId) {
      MariaDbGtid own = written.find(gtid.domain(), masterId);
      if (own != null && Long.compareUnsigned(own.sequence(), gtid.sequence()) > 0) {
        MariaDbGtid start = new MariaDbGtid(gtid.domain(), masterId, gtid.sequence());
        wanted.add(new GroupFilter.Wanted(start, false, true));
      } else if (last != null) {
        wanted.add(new GroupFilter.Wanted(last, false, false));
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

    /** Tells whether nothing that the replica lacks was written before a file. */
    private boolean canStart(BinlogFileId file) throws IOException {
      FileHead head = catalog.head(file, inventory.visibleEnd(file));
      MariaDbBinlogState before = head.state();
      if (before == null) {
        // A writer that knows the event and has left it out did not get that far: such a file
        // proves nothing.
        return head.format().postHeaderLength(GTID_LIST) == 0;
      }
      for (int i = 0; i < before.size(); i++) {
        MariaDbGtid entry = before.get(i);
        GroupFilter.Wanted replica = find(entry.domain());
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

    private GroupFilter.@Nullable Wanted find(long domain) {
      for (GroupFilter.Wanted entry : wanted) {
        if (entry.gtid.domain() == domain) {
          return entry;
        }
      }
      return null;
    }

    /** What the chosen file's start has reached exactly need not be skipped, nor waited for. */
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
}
