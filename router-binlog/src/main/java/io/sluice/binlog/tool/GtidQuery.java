package io.sluice.binlog.tool;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.FileWalk;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The transactions that are searched for, and which were found. Confined to one thread. */
sealed interface GtidQuery {
  /** Reads {@code 0-1-100,1-1-5} or {@code uuid:1-5:7,uuid:tag:9}. */
  static GtidQuery parse(String text) {
    try {
      if (text.indexOf(':') < 0) {
        return new OfMariaDb(text);
      }
      MySqlGtidSet set = MySqlGtidSet.parse(text);
      if (!set.isEmpty()) {
        return new OfMySql(set);
      }
      throw new IllegalArgumentException("none");
    } catch (GtidFormatException | IllegalArgumentException e) {
      throw new ToolException(
          "GTID: "
              + text
              + " (expected: such as 0-1-100, or a set such as uuid:1-5): "
              + e.getMessage());
    }
  }

  /** Whose GTIDs they are. */
  ServerFamily family();

  /** Tells whether a log with this state has any of them. */
  boolean isAnyIn(GtidState state);

  /** Tells whether any of them was written between two states. */
  boolean isAnyBetween(GtidState start, GtidState end);

  /** Those that a file may have, by the states at its ends; to be asked of states in between. */
  GtidQuery between(GtidState start, GtidState end);

  /** The GTID of an event, if it is one of them, which then counts as found. */
  @Nullable String take(FileWalk walk);

  /** Tells whether any was not found that was written and is not purged. */
  boolean isStillMissing(GtidState purged, GtidState written);

  /** The GTID of an event; empty if it has none. */
  static String text(FileWalk walk) {
    return switch (walk.type()) {
      case MARIADB_GTID -> mariaDb(walk).toString();
      case MYSQL_GTID, MYSQL_GTID_TAGGED -> {
        MySqlGtidEvent gtid = mySql(walk);
        yield gtid.tsid() + ":" + gtid.number();
      }
      default -> "";
    };
  }

  private static MariaDbGtid mariaDb(FileWalk walk) {
    return new MariaDbGtid(
        GtidEvent.domain(walk.window(), walk.index()),
        EventHeader.serverId(walk.window(), walk.index()),
        GtidEvent.sequence(walk.window(), walk.index()));
  }

  private static MySqlGtidEvent mySql(FileWalk walk) {
    return MySqlGtidEvent.decode(walk.window(), walk.index(), walk.available());
  }

  /** Those that were not found and that a state has, as text; empty for none. */
  String missingIn(GtidState state);

  /** Those that were not found and that a state does not have either, as text; empty for none. */
  String missingBehind(GtidState state);

  /** GTIDs of MariaDB. */
  final class OfMariaDb implements GtidQuery {
    private final List<MariaDbGtid> wanted;
    private final Set<MariaDbGtid> found = new LinkedHashSet<>();

    OfMariaDb(String text) {
      this.wanted = new ArrayList<>();
      // Not a position: that has one of each domain.
      for (String one : text.split(",")) {
        wanted.addAll(MariaDbGtidList.parse(one.trim()).gtids());
      }
      if (wanted.isEmpty()) {
        throw new IllegalArgumentException("none");
      }
    }

    private OfMariaDb(List<MariaDbGtid> wanted) {
      this.wanted = wanted;
    }

    @Override
    public ServerFamily family() {
      return ServerFamily.MARIADB;
    }

    @Override
    public boolean isAnyIn(GtidState state) {
      return wanted.stream().anyMatch(MariaDbBinlogState.of(state)::contains);
    }

    @Override
    public boolean isAnyBetween(GtidState start, GtidState end) {
      return between(start, end).isAnyIn(end);
    }

    @Override
    public OfMariaDb between(GtidState start, GtidState end) {
      MariaDbBinlogState before = MariaDbBinlogState.of(start);
      MariaDbBinlogState after = MariaDbBinlogState.of(end);
      return new OfMariaDb(
          wanted.stream().filter(g -> !before.contains(g) && after.contains(g)).toList());
    }

    @Override
    public @Nullable String take(FileWalk walk) {
      if (walk.type() != EventType.MARIADB_GTID) {
        return null;
      }
      MariaDbGtid gtid = mariaDb(walk);
      if (!wanted.contains(gtid)) {
        return null;
      }
      found.add(gtid);
      return gtid.toString();
    }

    @Override
    public String missingIn(GtidState state) {
      return missing(state, true);
    }

    @Override
    public String missingBehind(GtidState state) {
      return missing(state, false);
    }

    @Override
    public boolean isStillMissing(GtidState purged, GtidState written) {
      MariaDbBinlogState before = MariaDbBinlogState.of(purged);
      MariaDbBinlogState after = MariaDbBinlogState.of(written);
      return wanted.stream()
          .anyMatch(g -> !found.contains(g) && after.contains(g) && !before.contains(g));
    }

    private String missing(GtidState state, boolean in) {
      MariaDbBinlogState known = MariaDbBinlogState.of(state);
      return wanted.stream()
          .filter(gtid -> !found.contains(gtid) && known.contains(gtid) == in)
          .map(MariaDbGtid::toString)
          .collect(Collectors.joining(","));
    }
  }

  /** GTIDs of MySQL. */
  final class OfMySql implements GtidQuery {
    private final MySqlGtidSet wanted;
    private final MySqlGtidSet.Builder found = new MySqlGtidSet.Builder();

    OfMySql(MySqlGtidSet wanted) {
      this.wanted = wanted;
    }

    @Override
    public ServerFamily family() {
      return ServerFamily.MYSQL;
    }

    @Override
    public boolean isAnyIn(GtidState state) {
      return !wanted.intersect(MySqlGtidSet.of(state)).isEmpty();
    }

    @Override
    public boolean isAnyBetween(GtidState start, GtidState end) {
      return between(start, end).isAnyIn(end);
    }

    @Override
    public OfMySql between(GtidState start, GtidState end) {
      return new OfMySql(wanted.intersect(MySqlGtidSet.of(end)).subtract(MySqlGtidSet.of(start)));
    }

    @Override
    public @Nullable String take(FileWalk walk) {
      EventType type = walk.type();
      if (type != EventType.MYSQL_GTID && type != EventType.MYSQL_GTID_TAGGED) {
        return null;
      }
      MySqlGtidEvent gtid = mySql(walk);
      if (!wanted.contains(gtid.tsid(), gtid.number())) {
        return null;
      }
      found.add(gtid.tsid().high(), gtid.tsid().low(), gtid.tsid().tag(), gtid.number());
      return gtid.tsid() + ":" + gtid.number();
    }

    @Override
    public String missingIn(GtidState state) {
      return text(missing().intersect(MySqlGtidSet.of(state)));
    }

    @Override
    public String missingBehind(GtidState state) {
      return text(missing().subtract(MySqlGtidSet.of(state)));
    }

    @Override
    public boolean isStillMissing(GtidState purged, GtidState written) {
      MySqlGtidSet here = missing().intersect(MySqlGtidSet.of(written));
      return !here.subtract(MySqlGtidSet.of(purged)).isEmpty();
    }

    private MySqlGtidSet missing() {
      return wanted.subtract(found.snapshot());
    }

    private static String text(MySqlGtidSet set) {
      return ListCommand.oneLine(set.toString());
    }
  }
}
