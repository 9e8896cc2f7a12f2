package io.sluice.binlog.store;

import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.ServerFamily;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** GTID states at the ends of the epochs that are over. Confined to one thread, blocks. */
final class EpochEnds {
  private final FileCatalog catalog;
  private final RecoveryFindings findings;
  private final NavigableMap<Integer, GtidState> ends = new TreeMap<>();

  EpochEnds(FileCatalog catalog, RecoveryFindings findings) {
    this.catalog = catalog;
    this.findings = findings;
  }

  /** The states, by epoch. */
  NavigableMap<Integer, GtidState> states() {
    return ends;
  }

  /** The files of one epoch. */
  static NavigableMap<BinlogFileId, Long> filesOf(
      NavigableMap<BinlogFileId, Long> files, int epoch) {
    return files
        .tailMap(new BinlogFileId(epoch, ""), true)
        .headMap(new BinlogFileId(epoch + 1, ""), false);
  }

  /** Learns the ends of all epochs but the newest. */
  void learn(NavigableMap<BinlogFileId, Long> files, ServerFamily family) throws IOException {
    ends.clear();
    for (BinlogFileId file : files.keySet()) {
      BinlogFileId next = files.higherKey(file);
      if (next != null && next.epoch() > file.epoch()) {
        ends.put(file.epoch(), endState(files, file, family));
      }
    }
  }

  /** Tells whether a state has all that the newest of these epochs had. */
  boolean areReachedBy(GtidState state) {
    return ends.isEmpty() || state.contains(ends.lastEntry().getValue());
  }

  /** Nothing else would keep a replica from crossing over to a history that it cannot read. */
  void requireFamilyOf(RecoveredTail tail) throws IOException {
    ServerFamily family = tail.follower().state().family();
    for (Map.Entry<Integer, GtidState> end : ends.entrySet()) {
      if (end.getValue().family() != family) {
        throw new IOException(
            "binlog epoch: "
                + end.getKey()
                + " is of a "
                + end.getValue().family().label()
                + " server (expected: of "
                + family.label()
                + ", as file "
                + tail.file()
                + ")");
      }
    }
  }

  /**
   * GTID state at the end of an older epoch, by its last file. A damaged file stays as it is: what
   * can be read of it is served, and whoever needs the rest gets an error. Its state is then what
   * the sidecar says, or that in front of the damage.
   */
  private GtidState endState(
      NavigableMap<BinlogFileId, Long> files, BinlogFileId last, ServerFamily family)
      throws IOException {
    long size = files.getOrDefault(last, 0L);
    Sidecar archived =
        catalog.places().of(last).archived() ? catalog.sidecars().existing(last, size) : null;
    if (archived != null) {
      return archived.end();
    }
    String damage;
    try {
      GtidState end = catalog.stateAt(last, size, size, ScanMeter.uncounted());
      if (end != null) {
        return end;
      }
      damage = "its last event is not whole";
    } catch (IOException e) {
      damage = String.valueOf(e.getMessage());
    }
    findings.damaged(last, damage);
    return readableEnd(filesOf(files, last.epoch()), last, size, family);
  }

  private GtidState readableEnd(
      NavigableMap<BinlogFileId, Long> files, BinlogFileId last, long size, ServerFamily family)
      throws IOException {
    Sidecar sidecar = catalog.sidecars().existing(last, size);
    if (sidecar != null) {
      return sidecar.end();
    }
    for (Map.Entry<BinlogFileId, Long> file : files.descendingMap().entrySet()) {
      RecoveredTail readable =
          TailScan.run(catalog, file.getKey(), file.getValue(), new FileIndex());
      if (readable != null) {
        return readable.follower().state();
      }
    }
    return GtidState.empty(family);
  }
}
