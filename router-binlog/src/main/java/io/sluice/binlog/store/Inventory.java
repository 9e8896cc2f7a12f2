package io.sluice.binlog.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** The files that may be read at one moment, in order. Immutable. */
public final class Inventory {
  private final NavigableMap<BinlogFileId, Long> closed;
  private final Watermark watermark;

  /** Puts closed files with their final sizes and the file of the watermark together. */
  Inventory(NavigableMap<BinlogFileId, Long> closed, Watermark watermark) {
    this.closed = closed;
    this.watermark = watermark;
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

  /** The file of a name, the youngest epoch first; null if there is none. */
  public @Nullable BinlogFileId find(String name) {
    BinlogFileId newest = newest();
    if (newest != null && newest.name().equals(name)) {
      return newest;
    }
    for (BinlogFileId id : closed.descendingKeySet()) {
      if (id.name().equals(name)) {
        return id;
      }
    }
    return null;
  }

  /** The file that follows another one, or null. */
  public @Nullable BinlogFileId next(BinlogFileId id) {
    BinlogFileId next = closed.higherKey(id);
    if (next != null) {
      return next;
    }
    BinlogFileId newest = newest();
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

  /** Bytes of all files. */
  public long totalSize() {
    long total = watermark.offset();
    for (Map.Entry<BinlogFileId, Long> file : closed.entrySet()) {
      total += file.getValue();
    }
    return total;
  }
}
