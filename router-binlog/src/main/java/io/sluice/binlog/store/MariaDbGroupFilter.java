package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.GtidListEvent;
import io.sluice.binlog.event.QueryEvents;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a MariaDB GTID stream (reference §5.1, §5.2): groups are skipped up to the
 * requested ids, artificial GTID_LISTs tell where they are reached, the stream ends at its UNTIL
 * condition. Confined to the replica's event loop.
 */
final class MariaDbGroupFilter implements GroupFilter {
  private enum Group {
    NONE,
    STANDALONE,
    TRANSACTION
  }

  /** A requested id that is not reached yet. */
  static final class Wanted {
    final MariaDbGtid gtid;
    boolean emptyDomain;
    boolean ownPosition;
    boolean announced = true;

    Wanted(MariaDbGtid gtid, boolean emptyDomain, boolean ownPosition) {
      this.gtid = gtid;
      this.emptyDomain = emptyDomain;
      this.ownPosition = ownPosition;
    }
  }

  private final List<Wanted> wanted;
  private final @Nullable List<MariaDbGtid> until;
  private final boolean untilBefore;
  private final boolean strict;
  private final Supplier<Watermark> log;
  private final MariaDbBinlogState.Builder seen = new MariaDbBinlogState.Builder();
  private Group skipping = Group.NONE;
  private Group stopAfter = Group.NONE;
  private boolean listWhenGroupEnds;
  private boolean listDue;
  private boolean untilDue;
  private @Nullable String error;
  private ScanMeter.@Nullable Scan counter;

  /**
   * Creates a filter.
   *
   * @param wanted ids that are to be reached by skipping; becomes the filter's own
   * @param until ids that end the stream, null for an endless one; becomes the filter's own
   * @param untilBefore whether the groups of these ids are left out
   */
  MariaDbGroupFilter(
      List<Wanted> wanted,
      @Nullable List<MariaDbGtid> until,
      boolean untilBefore,
      boolean strict,
      Supplier<Watermark> log) {
    this.wanted = wanted;
    this.until = until;
    this.untilBefore = untilBefore;
    this.strict = strict;
    this.log = log;
    if (until != null && until.isEmpty()) {
      stopAfter = Group.STANDALONE;
    }
  }

  /** A filter that lets everything pass. */
  static MariaDbGroupFilter passAll() {
    return new MariaDbGroupFilter(new ArrayList<>(), null, false, false, () -> Watermark.EMPTY);
  }

  /** The text for a requested id that is not in the log, by the newest one of its domain. */
  static String missing(MariaDbGtid gtid, @Nullable MariaDbGtid last) {
    String text = StartResolver.notInBinlog(gtid);
    return last != null && last.reaches(gtid.sequence())
        ? text
            + ". Since the master's binlog contains GTIDs with higher sequence numbers, it probably"
            + " means that the slave has diverged due to executing extra erroneous transactions"
        : text;
  }

  /** What is skipped in front of the requested position counts as read for the start. */
  void countSkipped(ScanMeter.Scan scan) {
    counter = scan;
  }

  /**
   * The stream begins behind the GTID_LIST of its first file: a state stands for it, which the
   * replica is told at once if it lacks nothing, or if UNTIL is fulfilled already.
   */
  void beginInTheMiddle(MariaDbBinlogState state) {
    seen.set(state);
    if (until != null && until.isEmpty()) {
      stopAfter = Group.NONE;
      untilDue = true;
    } else {
      listDue = !skipsAhead();
    }
  }

  @Override
  public boolean passThrough() {
    return wanted.isEmpty()
        && until == null
        && skipping == Group.NONE
        && !listWhenGroupEnds
        && !listDue
        && !untilDue;
  }

  @Override
  public void cross(Crossing way) {
    for (MariaDbGtid last : MariaDbBinlogState.of(way.overlap()).position()) {
      // A replica that waits for an id of this domain is ahead of the epoch before.
      if (wanted.stream().noneMatch(entry -> entry.gtid.domain() == last.domain())) {
        Wanted repeated = new Wanted(last, false, true);
        repeated.announced = false;
        wanted.add(repeated);
      }
    }
  }

  /**
   * Tells whether ids that the replica has are still to come. If so when a file begins, a master
   * zeroes {@code created} in the FORMAT_DESCRIPTION that it sends. Ids of domains that it never
   * had, and those that it has only replicated itself, do not count.
   */
  boolean skipsAhead() {
    for (Wanted entry : wanted) {
      if (!entry.announced || (!entry.emptyDomain && !entry.ownPosition)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean clearsCreated() {
    return skipsAhead();
  }

  @Override
  public Verdict onEvent(
      ByteBuf buf, int index, int available, int length, boolean checksums, long position) {
    if (error != null) {
      return Verdict.FAIL;
    }
    EventType type = EventHeader.type(buf, index);
    if (type == EventType.MARIADB_GTID_LIST && until != null && available == length) {
      seen.set(GtidListEvent.decode(buf, index, length, checksums).state());
    } else if (type == EventType.MARIADB_GTID && (!wanted.isEmpty() || until != null)) {
      onGtid(buf, index);
      if (error != null) {
        return Verdict.FAIL;
      }
    }
    boolean ends = endsTransaction(type, buf, index, available, length, checksums);
    Verdict verdict = skipping == Group.NONE ? Verdict.SEND : Verdict.SKIP;
    if (verdict == Verdict.SKIP) {
      skipped(type, length, ends);
    }
    if (listWhenGroupEnds && skipping == Group.NONE) {
      listWhenGroupEnds = false;
      listDue = true;
    }
    checkUntil(type, ends);
    return verdict;
  }

  private void skipped(EventType type, int length, boolean endsTransaction) {
    if (counter != null) {
      counter.add(length);
    }
    boolean last =
        skipping == Group.STANDALONE ? !type.continuesStandaloneGroup() : endsTransaction;
    if (last) {
      skipping = Group.NONE;
      if (wanted.isEmpty()) {
        counter = null;
      }
    }
  }

  private static boolean endsTransaction(
      EventType type, ByteBuf buf, int index, int available, int length, boolean checksums) {
    return type == EventType.XID
        || type == EventType.XA_PREPARE
        || (type == EventType.QUERY
            && available == length
            && QueryEvents.isCommitOrRollback(buf, index, length, checksums));
  }

  private void checkUntil(EventType type, boolean endsTransaction) {
    boolean reached =
        switch (stopAfter) {
          case NONE -> false;
          case STANDALONE ->
              !type.continuesStandaloneGroup() && type != EventType.FORMAT_DESCRIPTION;
          case TRANSACTION -> endsTransaction;
        };
    if (reached) {
      stopAfter = Group.NONE;
      untilDue = true;
    }
  }

  private void onGtid(ByteBuf buf, int index) {
    long domain = GtidEvent.domain(buf, index);
    long server = EventHeader.serverId(buf, index);
    long sequence = GtidEvent.sequence(buf, index);
    Group group =
        (GtidEvent.flags(buf, index) & GtidEvent.STANDALONE) != 0
            ? Group.STANDALONE
            : Group.TRANSACTION;
    seen.update(domain, server, sequence);
    checkWanted(domain, server, sequence, group);
    if (error == null && until != null) {
      checkUntilGtid(until, domain, server, sequence, group);
    }
  }

  private void checkWanted(long domain, long server, long sequence, Group group) {
    for (Iterator<Wanted> all = wanted.iterator(); all.hasNext(); ) {
      Wanted entry = all.next();
      if (entry.gtid.domain() != domain) {
        continue;
      }
      if (entry.emptyDomain) {
        MariaDbBinlogState written = MariaDbBinlogState.of(log.get().state());
        if (!written.contains(entry.gtid)) {
          error = missing(entry.gtid, written.last(domain));
          return;
        }
        entry.emptyDomain = false;
      }
      boolean sameServer = server == entry.gtid.server();
      int order = Long.compareUnsigned(sequence, entry.gtid.sequence());
      if (!sameServer || order <= 0) {
        skipping = group;
      }
      if (sameServer && order >= 0) {
        if (strict && order > 0 && !entry.ownPosition) {
          error =
              "The binlog on the master is missing the GTID "
                  + entry.gtid
                  + " requested by the slave (even though both a prior and a subsequent"
                  + " sequence number does exist), and GTID strict mode is enabled";
          return;
        }
        listWhenGroupEnds |= entry.announced;
        all.remove();
      }
      return;
    }
  }

  private void checkUntilGtid(
      List<MariaDbGtid> ends, long domain, long server, long sequence, Group group) {
    for (Iterator<MariaDbGtid> all = ends.iterator(); all.hasNext(); ) {
      MariaDbGtid end = all.next();
      if (end.domain() != domain) {
        continue;
      }
      if (end.server() == server && Long.compareUnsigned(sequence, end.sequence()) >= 0) {
        all.remove();
        if (ends.isEmpty()) {
          stopAfter = group;
        }
        if (untilBefore || sequence != end.sequence()) {
          skipping = group;
        }
      }
      return;
    }
    skipping = group;
  }

  @Override
  public @Nullable Insertion takeAfter() {
    if (listDue) {
      listDue = false;
      return new Insertion.GtidList(seen.snapshot(), false);
    }
    if (untilDue) {
      untilDue = false;
      return new Insertion.GtidList(seen.snapshot(), true);
    }
    return null;
  }

  @Override
  public String error() {
    String known = error;
    if (known == null) {
      throw new IllegalStateException("filter: no error (expected: after FAIL)");
    }
    return known;
  }
}
