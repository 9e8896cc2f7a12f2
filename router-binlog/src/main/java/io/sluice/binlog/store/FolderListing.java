package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tells the store's files from all else that lies in its folders. Ours are the binlog files of the
 * base name that most have; one that does not begin like a binlog file is ours nevertheless, and
 * damaged, if one behind it does. What is not ours is never touched. Confined to one thread,
 * blocks.
 */
final class FolderListing {
  /** What a file begins with. */
  private enum Head {
    /** The magic of a binlog file. */
    BINLOG,
    /** Nothing yet, or a part of the magic, or zeros after a power loss. */
    UNFINISHED,
    /** Something else. */
    OTHER
  }

  private final Disk disk;
  private final FileCatalog catalog;
  private final StoreFolder folder;
  private final RecoveryFindings findings;
  private final FormSettler settler;
  private final NavigableMap<BinlogFileId, Long> found = new TreeMap<>();
  private final NavigableSet<BinlogFileId> headless = new TreeSet<>();
  private final NavigableSet<Integer> epochs = new TreeSet<>();

  FolderListing(Disk disk, FileCatalog catalog, StoreFolder folder, RecoveryFindings findings) {
    this.disk = disk;
    this.catalog = catalog;
    this.folder = folder;
    this.findings = findings;
    this.settler = new FormSettler(disk, catalog, findings);
  }

  /** The store's files with their sizes, after {@link #run}. */
  NavigableMap<BinlogFileId, Long> files() {
    return found;
  }

  /** Those of them that do not begin like a binlog file, after {@link #run}. */
  NavigableSet<BinlogFileId> headless() {
    return headless;
  }

  /** Sealed files that were not closed, after {@link #run}. */
  NavigableSet<BinlogFileId> unended() {
    return settler.unended();
  }

  /** What is wrong with sealed files that were closed, after {@link #run}. */
  NavigableMap<BinlogFileId, String> damaged() {
    return settler.damaged();
  }

  /** The epochs that have a folder, after {@link #run}. */
  NavigableSet<Integer> epochs() {
    return epochs;
  }

  /** Looks at a store's folder and those of its epochs. */
  void run(Path directory) throws IOException {
    for (Path entry : disk.list(directory)) {
      String name = entry.getFileName().toString();
      if (disk.isDirectory(entry) && name.matches("[0-9]{4}") && !name.equals("0000")) {
        int epoch = Integer.parseInt(name);
        listEpoch(epoch, entry);
        epochs.add(epoch);
      }
    }
  }

  private void listEpoch(int epoch, Path epochDirectory) throws IOException {
    Map<String, NavigableMap<BinlogFileId, Head>> byBase = new HashMap<>();
    for (Path entry : disk.list(epochDirectory)) {
      String name = entry.getFileName().toString();
      if (BinlogFileFormat.isValidName(name) && disk.isRegularFile(entry)) {
        byBase
            .computeIfAbsent(BinlogFileFormat.base(name), base -> new TreeMap<>())
            .merge(new BinlogFileId(epoch, name), head(entry), (other, own) -> other);
        settler.plain(new BinlogFileId(epoch, name));
      } else if (Sidecar.isUnfinished(name)) {
        disk.delete(entry);
      } else if (!takeOther(epoch, entry, byBase) && !folder.deleteOrphan(entry)) {
        findings.ignored(entry);
      }
    }
    String base = ownBase(epochDirectory, byBase);
    for (Map.Entry<String, NavigableMap<BinlogFileId, Head>> candidate : byBase.entrySet()) {
      if (candidate.getKey().equals(base)) {
        takeOwn(candidate.getValue());
      } else {
        candidate.getValue().keySet().forEach(id -> findings.ignored(catalog.path(id)));
      }
    }
  }

  /** What is packed was closed: it has its head, even if that cannot be read any more. */
  private boolean takeOther(
      int epoch, Path entry, Map<String, NavigableMap<BinlogFileId, Head>> byBase)
      throws IOException {
    BinlogFileId file = settler.take(epoch, entry);
    if (file == null) {
      return settler.takeGone(epoch, entry) || settler.removeUnfinished(entry);
    }
    byBase
        .computeIfAbsent(BinlogFileFormat.base(file.name()), base -> new TreeMap<>())
        .put(file, Head.BINLOG);
    return true;
  }

  private static String ownBase(
      Path epochDirectory, Map<String, NavigableMap<BinlogFileId, Head>> byBase)
      throws IOException {
    String base = "";
    long most = 0;
    for (Map.Entry<String, NavigableMap<BinlogFileId, Head>> candidate : byBase.entrySet()) {
      long files =
          candidate.getValue().values().stream().filter(head -> head != Head.OTHER).count();
      if (files == most && most > 0) {
        throw new IOException(
            "binlog directory: "
                + epochDirectory
                + " has files of "
                + base
                + " and of "
                + candidate.getKey()
                + " (expected: one log)");
      }
      if (files > most) {
        base = candidate.getKey();
        most = files;
      }
    }
    return base;
  }

  private void takeOwn(NavigableMap<BinlogFileId, Head> files) throws IOException {
    int behind = 0;
    for (Map.Entry<BinlogFileId, Head> file : files.descendingMap().entrySet()) {
      BinlogFileId id = file.getKey();
      if (behind == 0 && file.getValue() == Head.OTHER) {
        findings.ignored(catalog.path(id));
        continue;
      }
      if (file.getValue() != Head.BINLOG) {
        headless.add(id);
      }
      behind++;
      long size = settler.settle(id);
      if (size >= 0) {
        found.put(id, size);
      }
    }
  }

  private Head head(Path path) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(4);
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      file.readFully(head, 0);
    }
    byte[] magic = BinlogFileFormat.magic();
    boolean zero = true;
    boolean prefix = true;
    for (int i = 0; i < head.position(); i++) {
      zero &= head.get(i) == 0;
      prefix &= head.get(i) == magic[i];
    }
    if (prefix && !head.hasRemaining()) {
      return Head.BINLOG;
    }
    return zero || prefix ? Head.UNFINISHED : Head.OTHER;
  }
}
