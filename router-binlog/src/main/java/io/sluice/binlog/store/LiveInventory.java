package io.sluice.binlog.store;

import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The inventory as it changes: the writer adds at its end, a purge takes from its beginning, pins
 * hold a purge up. Any thread; nothing blocks for long.
 */
final class LiveInventory {
  /**
   * What a purge took out.
   *
   * @param files no longer in the inventory, still on the disk
   * @param stoppedAt the pinned file that was to go too, {@link BinlogFileId#NONE} if there was
   *     none
   * @param readers who pins it, or if the purge went over readers, who was reading what went
   * @param before the inventory from which it was taken
   */
  record Cut(
      List<StoredFile> files, BinlogFileId stoppedAt, List<String> readers, Inventory before) {}

  private final Set<Pin> pins = Collections.newSetFromMap(new IdentityHashMap<>());
  private volatile Inventory current;

  LiveInventory(Inventory recovered) {
    this.current = recovered;
  }

  Inventory current() {
    return current;
  }

  /** Takes a moved watermark and the files that are complete since the last one. */
  synchronized void publish(Watermark watermark, List<StoredFile> nowClosed) {
    Inventory before = current;
    NavigableMap<BinlogFileId, Long> closed = before.closed();
    if (!nowClosed.isEmpty()) {
      closed = new TreeMap<>(closed);
      for (StoredFile file : nowClosed) {
        closed.put(file.id(), file.size());
      }
    }
    Watermark last = before.watermark();
    NavigableMap<Integer, GtidState> ends = before.ends();
    if (!last.isEmpty() && last.file().epoch() < watermark.file().epoch()) {
      ends = new TreeMap<>(ends);
      ends.put(last.file().epoch(), last.state());
    }
    Watermark seen = before.seen();
    boolean further =
        watermark.file().equals(seen.file())
            ? watermark.offset() >= seen.offset()
            : watermark.file().compareTo(seen.file()) > 0;
    current = inventory(closed, ends, before.absent(), watermark, further ? watermark : seen, 0);
  }

  /** Whole events behind the watermark may be read too. */
  synchronized void open(long end) {
    Inventory now = current;
    Watermark mark = now.watermark();
    Watermark seen = now.seen();
    boolean further = !seen.file().equals(mark.file()) || end > seen.offset();
    current =
        inventory(now.closed(), now.ends(), now.absent(), mark, further ? mark.at(end) : seen, end);
  }

  /**
   * Goes back to an earlier watermark.
   *
   * @return the closed files that lie behind it and are no longer here
   */
  synchronized List<StoredFile> retreat(Watermark end) {
    Inventory before = current;
    List<StoredFile> behind = new ArrayList<>();
    before
        .closed()
        .tailMap(end.file(), false)
        .forEach((id, size) -> behind.add(new StoredFile(id, size)));
    NavigableMap<BinlogFileId, Long> closed =
        new TreeMap<>(before.closed().headMap(end.file(), false));
    current = inventory(closed, before.ends(), before.absent(), end, before.seen(), 0);
    return behind;
  }

  private static Inventory inventory(
      NavigableMap<BinlogFileId, Long> closed,
      NavigableMap<Integer, GtidState> ends,
      MySqlGtidSet absent,
      Watermark watermark,
      Watermark seen,
      long openEnd) {
    return new Inventory(
        Collections.unmodifiableNavigableMap(closed),
        Collections.unmodifiableNavigableMap(ends),
        absent,
        watermark,
        seen,
        openEnd);
  }

  /** Takes what stands in no file. */
  synchronized void absent(MySqlGtidSet absent) {
    current =
        inventory(
            current.closed(),
            current.ends(),
            absent,
            current.watermark(),
            current.seen(),
            current.openEnd());
  }

  /** Takes out closed files before one, up to the oldest that is pinned. */
  synchronized Cut cut(BinlogFileId limit) {
    BinlogFileId oldestPinned = null;
    for (Pin pin : pins) {
      if (oldestPinned == null || pin.file.compareTo(oldestPinned) < 0) {
        oldestPinned = pin.file;
      }
    }
    boolean stops = oldestPinned != null && oldestPinned.compareTo(limit) < 0;
    BinlogFileId stoppedAt = stops && oldestPinned != null ? oldestPinned : BinlogFileId.NONE;
    Set<String> readers = new LinkedHashSet<>();
    for (Pin pin : pins) {
      if (pin.file.equals(stoppedAt)) {
        readers.add(pin.reader);
      }
    }
    return takeOut(stops ? stoppedAt : limit, stoppedAt, readers);
  }

  /** Takes out closed files before one, pinned or not: the pins' owners must not read any more. */
  synchronized Cut cutOver(BinlogFileId limit) {
    Set<String> readers = new LinkedHashSet<>();
    for (Pin pin : List.copyOf(pins)) {
      if (pin.file.compareTo(limit) < 0) {
        // Before the inventory changes: who misses a file there can see why.
        pin.purged = true;
        pins.remove(pin);
        readers.add(pin.reader);
      }
    }
    return takeOut(limit, BinlogFileId.NONE, readers);
  }

  private Cut takeOut(BinlogFileId end, BinlogFileId stoppedAt, Set<String> readers) {
    Inventory before = current;
    List<StoredFile> files = new ArrayList<>();
    before.closed().headMap(end, false).forEach((id, size) -> files.add(new StoredFile(id, size)));
    NavigableMap<BinlogFileId, Long> closed = new TreeMap<>(before.closed().tailMap(end, true));
    BinlogFileId oldest = closed.isEmpty() ? before.watermark().file() : closed.firstKey();
    current =
        inventory(
            closed,
            new TreeMap<>(before.ends().tailMap(oldest.epoch(), true)),
            before.absent(),
            before.watermark(),
            before.seen(),
            before.openEnd());
    return new Cut(files, stoppedAt, new ArrayList<>(readers), before);
  }

  /** Puts files back that could not be removed. */
  synchronized void putBack(List<StoredFile> files, Inventory before) {
    if (files.isEmpty()) {
      return;
    }
    Inventory now = current;
    NavigableMap<BinlogFileId, Long> closed = new TreeMap<>(now.closed());
    files.forEach(file -> closed.put(file.id(), file.size()));
    NavigableMap<Integer, GtidState> ends = new TreeMap<>(now.ends());
    ends.putAll(before.ends().tailMap(closed.firstKey().epoch(), true));
    current = inventory(closed, ends, now.absent(), now.watermark(), now.seen(), now.openEnd());
  }

  /** Pins a file; null if it is not there. */
  synchronized @Nullable FilePin pin(BinlogFileId file, String reader) {
    if (current.visibleEnd(file) < 0) {
      return null;
    }
    Pin pin = new Pin(file, reader);
    pins.add(pin);
    return pin;
  }

  private final class Pin implements FilePin {
    private final String reader;
    private BinlogFileId file;
    private volatile boolean purged;

    Pin(BinlogFileId file, String reader) {
      this.file = file;
      this.reader = reader;
    }

    @Override
    public void moveTo(BinlogFileId next) {
      synchronized (LiveInventory.this) {
        file = next;
      }
    }

    @Override
    public boolean isAlone() {
      synchronized (LiveInventory.this) {
        for (Pin other : pins) {
          if (other != this && other.file.equals(file)) {
            return false;
          }
        }
        return true;
      }
    }

    @Override
    public boolean isPurged() {
      return purged;
    }

    @Override
    public void close() {
      synchronized (LiveInventory.this) {
        pins.remove(this);
      }
    }
  }
}
