package io.sluice.binlog.store;

import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** The files that may be read at one moment, in order. Immutable. */
public final class Inventory {
  private final NavigableMap<BinlogFileId, Long> closed;
  private final NavigableMap<Integer, GtidState> ends;
  private final MySqlGtidSet absent;
  private final Watermark watermark;
  private final Watermark seen;
  private final long openEnd;

  /**
   * Puts closed files with their final sizes and the file of the watermark together.
   *
   * @param ends GTID state at the end of each epoch but the newest
   * @param absent GTIDs of the history that no file ever had
   * @param seen the furthest end that ever was visible: behind the watermark while the store writes
   *     again what could not be forced to disk
   * @param openEnd end of the whole events behind the watermark that may be read too, 0 for none
   */
  Inventory(
      NavigableMap<BinlogFileId, Long> closed,
      NavigableMap<Integer, GtidState> ends,
      MySqlGtidSet absent,
      Watermark watermark,
      Watermark seen,
      long openEnd) {
    this.closed = closed;
    this.ends = ends;
    this.absent = absent;
    this.watermark = watermark;
    this.seen = seen;
    this.openEnd = Math.max(openEnd, watermark.offset());
  }

  long openEnd() {
    return openEnd;
  }

  Watermark seen() {
    return seen;
  }

  /** Whether something that was visible is not at the moment: it is being fetched again. */
  public boolean isCatchingUp() {
    return reach(seen.file(), seen.offset()) > 0;
  }

  /**
   * Whether a place that lies behind the visible end is one that was visible before: the same bytes
   * will be there again.
   */
  public boolean wasVisible(BinlogFileId file, long position) {
    int order = file.compareTo(seen.file());
    return reach(file, position) > 0 && (order < 0 || (order == 0 && position <= seen.offset()));
  }

  /** Where a place lies: before (negative), at or behind the visible end. */
  private int reach(BinlogFileId file, long position) {
    int order = file.compareTo(watermark.file());
    return order == 0 ? Long.compare(position, openEnd) : order;
  }

  NavigableMap<BinlogFileId, Long> closed() {
    return closed;
  }

  NavigableMap<Integer, GtidState> ends() {
    return ends;
  }

  /**
   * MySQL: GTIDs that belong to the history, but stand in no file, neither here nor at the master
   * (it was set up from a copy of the data). A replica must have them.
   */
  public MySqlGtidSet absent() {
    return absent;
  }

  /** All that was written: the watermark's state, and what is {@link #absent}. */
  public GtidState executed() {
    GtidState state = watermark.state();
    return absent.isEmpty() ? state : MySqlGtidSet.of(state).union(absent);
  }

  /** GTID state at the end of an epoch that is over, null for another one. */
  @Nullable GtidState endOf(int epoch) {
    return ends.get(epoch);
  }

  /** The first file of the epochs behind one, or null. */
  @Nullable BinlogFileId firstBehind(int epoch) {
    for (BinlogFileId id : closed.keySet()) {
      if (id.epoch() > epoch) {
        return id;
      }
    }
    return watermark.file().epoch() > epoch ? watermark.file() : null;
  }

  /**
   * Tells whether a server's id with at least this sequence number was written, in any epoch that
   * is still here. An older epoch may know servers that a newer master has never heard of.
   */
  public boolean wasWritten(MariaDbGtid gtid) {
    return MariaDbBinlogState.of(watermark.state()).contains(gtid)
        || ends.values().stream().anyMatch(end -> MariaDbBinlogState.of(end).contains(gtid));
  }

  /** The watermark that ends this inventory. */
  public Watermark watermark() {
    return watermark;
  }

  /** All files, oldest first: the rows of SHOW BINARY LOGS. */
  public List<StoredFile> files() {
    List<StoredFile> files = new ArrayList<>(closed.size() + 1);
    closed.forEach((id, size) -> files.add(new StoredFile(id, size)));
    if (!watermark.isEmpty()) {
      files.add(new StoredFile(watermark.file(), watermark.offset()));
    }
    return files;
  }

  /** The files, newest first. */
  NavigableSet<BinlogFileId> closedNewestFirst() {
    return closed.descendingKeySet();
  }

  /** The files that do not grow any more with their sizes, newest first. */
  List<StoredFile> closedFilesNewestFirst() {
    List<StoredFile> files = new ArrayList<>(closed.size());
    closed.descendingMap().forEach((id, size) -> files.add(new StoredFile(id, size)));
    return files;
  }

  /** Number of files. */
  public int size() {
    return closed.size() + (watermark.isEmpty() ? 0 : 1);
  }

  /** The oldest file, or null in an empty store. */
  public @Nullable BinlogFileId oldest() {
    return closed.isEmpty() ? newest() : closed.firstKey();
  }

  /** The newest file, or null in an empty store. */
  public @Nullable BinlogFileId newest() {
    return watermark.isEmpty() ? null : watermark.file();
  }

  /**
   * The files of a name, the youngest epoch first. A name alone says which file is meant only if
   * there is one.
   */
  public List<BinlogFileId> findAll(String name) {
    List<BinlogFileId> found = new ArrayList<>();
    BinlogFileId newest = newest();
    if (newest != null && newest.name().equals(name)) {
      found.add(newest);
    }
    for (BinlogFileId id : closed.descendingKeySet()) {
      if (id.name().equals(name)) {
        found.add(id);
      }
    }
    return found;
  }

  /** The file of a name, the youngest epoch first; null if there is none. */
  public @Nullable BinlogFileId find(String name) {
    List<BinlogFileId> found = findAll(name);
    return found.isEmpty() ? null : found.get(0);
  }

  /** The file that follows another one, or null. */
  public @Nullable BinlogFileId next(BinlogFileId id) {
    BinlogFileId newest = newest();
    if (id.equals(newest)) {
      // All other files are older: each replica that has all asks whenever it has sent something.
      return null;
    }
    BinlogFileId next = closed.higherKey(id);
    if (next != null) {
      return next;
    }
    return newest != null && newest.compareTo(id) > 0 ? newest : null;
  }

  /** Up to where a file may be read, or -1 if it is not here. */
  public long visibleEnd(BinlogFileId id) {
    if (!watermark.isEmpty() && watermark.file().equals(id)) {
      return watermark.offset();
    }
    Long size = closed.get(id);
    return size == null ? -1 : size;
  }

  /**
   * Up to where a stream may go in a file, or -1 if it is not here: the visible end, or behind it
   * the last whole event of a transaction that is not whole, if that is wanted.
   */
  public long streamEnd(BinlogFileId id) {
    return !watermark.isEmpty() && watermark.file().equals(id) ? openEnd : visibleEnd(id);
  }

  /** Bytes of all files. */
  public long totalSize() {
    long total = watermark.offset();
    for (Map.Entry<BinlogFileId, Long> file : closed.entrySet()) {
      total += file.getValue();
    }
    return total;
  }
}
