package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.ServerFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a directory a usable store again. Trusts bytes only: the newest file is walked from its
 * beginning with all checks and cut behind its last whole transaction; a newest file without a
 * complete head is removed. Older files are taken as they are: they were forced to disk before the
 * next one began; what is found to be wrong with them is reported. A newest epoch that does not
 * contain the end of the epoch before was never visible and is removed. What is dropped, the master
 * can send again.
 */
final class StoreRecovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(StoreRecovery.class);

  private static final long HEAD_LIMIT = 64 << 10;

  /** What the last file looks like. */
  record Tail(
      BinlogFileId file,
      FileFollower follower,
      long safeEnd,
      long size,
      int dropped,
      String reason) {}

  private final Disk disk;
  private final FileCatalog catalog;
  private final NavigableMap<BinlogFileId, Long> found = new TreeMap<>();
  private final NavigableMap<Integer, GtidState> ends = new TreeMap<>();
  private final StoreFolder folder;
  private final List<String> removed = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  StoreRecovery(Disk disk, FileCatalog catalog) {
    this.disk = disk;
    this.catalog = catalog;
    this.folder = new StoreFolder(disk, catalog);
  }

  /** GTID state at the end of each epoch but the newest, after {@link #run}. */
  NavigableMap<Integer, GtidState> epochEnds() {
    return ends;
  }

  /** All files that belong to the store, with their sizes after {@link #run}. */
  NavigableMap<BinlogFileId, Long> files() {
    return found;
  }

  /**
   * Looks at a store's directory and repairs its newest file.
   *
   * @return the newest file's state, null in an empty store
   */
  @Nullable Tail run(Path directory) throws IOException {
    NavigableSet<Integer> epochs = new TreeSet<>();
    for (Path entry : disk.list(directory)) {
      String name = entry.getFileName().toString();
      if (disk.isDirectory(entry) && name.matches("[0-9]{4}") && !name.equals("0000")) {
        int epoch = Integer.parseInt(name);
        listEpoch(epoch, entry);
        epochs.add(epoch);
      }
    }
    if (!epochs.isEmpty()) {
      LOGGER
          .atDebug()
          .addKeyValue("directory", directory)
          .addKeyValue("files", found.size())
          .log("binlog files found");
    }
    Tail tail = null;
    while (tail == null && !epochs.isEmpty()) {
      tail = repair(epochs.pollLast());
    }
    for (int epoch : epochs) {
      if (filesOf(epoch).isEmpty()) {
        folder.deleteEpoch(epoch);
      }
    }
    if (tail != null) {
      catalog.sidecars().drop(tail.file());
      requireMagic(filesOf(tail.file().epoch()).headMap(tail.file(), false));
      requireOneFamily(tail);
      reportGaps();
      cut(tail);
    }
    return tail;
  }

  private NavigableMap<BinlogFileId, Long> filesOf(int epoch) {
    return found
        .tailMap(new BinlogFileId(epoch, ""), true)
        .headMap(new BinlogFileId(epoch + 1, ""), false);
  }

  /** Repairs the newest epoch; null if nothing of it is left. */
  private @Nullable Tail repair(int epoch) throws IOException {
    NavigableMap<BinlogFileId, Long> own = filesOf(epoch);
    Tail tail = null;
    boolean removedOne = false;
    while (tail == null && !own.isEmpty()) {
      BinlogFileId last = own.lastKey();
      long size = own.lastEntry().getValue();
      tail = examine(last, size, catalog.index(last));
      if (tail == null && removedOne && size > HEAD_LIMIT) {
        throw new IOException(
            "binlog file: " + catalog.path(last) + " (expected: a complete head)");
      }
      if (tail == null) {
        remove(last, size);
        removedOne = true;
      }
    }
    if (tail != null && !follows(tail)) {
      removeEpoch(epoch);
      tail = null;
    }
    if (tail == null) {
      folder.deleteEpoch(epoch);
    }
    return tail;
  }

  /** Nothing else would keep a replica from crossing over to a history that it cannot read. */
  private void requireOneFamily(Tail tail) throws IOException {
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

  /** A log of one server has no jumps in its numbers; what is missing is nowhere else. */
  private void reportGaps() {
    BinlogFileId before = BinlogFileId.NONE;
    for (BinlogFileId file : found.keySet()) {
      if (file.epoch() == before.epoch() && file.number() > before.number() + 1) {
        problem("binlog files between " + before + " and " + file + " are missing");
      }
      before = file;
    }
  }

  private void problem(String what) {
    problems.add(what);
    LOGGER.atError().addKeyValue("problem", what).log("binlog store is damaged");
  }

  /** Tells whether the newest epoch has all that the one before has; learns the ends of all. */
  private boolean follows(Tail tail) throws IOException {
    ends.clear();
    for (BinlogFileId file : found.keySet()) {
      BinlogFileId next = found.higherKey(file);
      if (next != null && next.epoch() > file.epoch()) {
        ends.put(file.epoch(), endState(file, tail.follower().state().family()));
      }
    }
    return ends.isEmpty() || tail.follower().state().contains(ends.lastEntry().getValue());
  }

  /**
   * GTID state at the end of an older epoch, by its last file. A damaged file stays as it is: what
   * can be read of it is served, and whoever needs the rest gets an error. Its state is then what
   * the sidecar says, or that in front of the damage.
   */
  private GtidState endState(BinlogFileId last, ServerFamily family) throws IOException {
    long size = found.getOrDefault(last, 0L);
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
    problem("binlog file " + last + " is damaged: " + damage);
    Sidecar sidecar = catalog.sidecars().existing(last, size);
    if (sidecar != null) {
      return sidecar.end();
    }
    for (BinlogFileId file : filesOf(last.epoch()).descendingKeySet()) {
      Tail readable = examine(file, found.getOrDefault(file, 0L), new FileIndex());
      if (readable != null) {
        return readable.follower().state();
      }
    }
    return GtidState.empty(family);
  }

  /** Newest first: a crash in between leaves a beginning, which is removed the next time. */
  private void removeEpoch(int epoch) throws IOException {
    List<BinlogFileId> own = new ArrayList<>(filesOf(epoch).descendingKeySet());
    LOGGER
        .atWarn()
        .addKeyValue("epoch", epoch)
        .addKeyValue("files", own)
        .log("newest epoch does not reach the end of the one before, removed");
    for (BinlogFileId file : own) {
      folder.delete(file);
      found.remove(file);
      removed.add(file.name());
    }
  }

  private void requireMagic(NavigableMap<BinlogFileId, Long> older) throws IOException {
    for (BinlogFileId file : older.keySet()) {
      ByteBuffer magic = ByteBuffer.allocate(4);
      if (catalog.read(file, 0, magic) < 4 || !BinlogFileFormat.hasMagic(magic.array())) {
        throw new IOException(
            "binlog file: "
                + catalog.path(file)
                + " (expected: the magic fe 62 69 6e at its start)");
      }
    }
  }

  private void listEpoch(int epoch, Path epochDirectory) throws IOException {
    Map<String, List<BinlogFileId>> byBase = new HashMap<>();
    for (Path entry : disk.list(epochDirectory)) {
      String name = entry.getFileName().toString();
      if (BinlogFileFormat.isValidName(name) && disk.isRegularFile(entry) && plausible(entry)) {
        byBase
            .computeIfAbsent(BinlogFileFormat.base(name), base -> new ArrayList<>())
            .add(new BinlogFileId(epoch, name));
      } else if (Sidecar.isUnfinished(name)) {
        disk.delete(entry);
      } else if (!folder.deleteOrphan(entry)) {
        ignore(entry);
      }
    }
    String base = "";
    int most = 0;
    for (Map.Entry<String, List<BinlogFileId>> candidate : byBase.entrySet()) {
      if (candidate.getValue().size() == most) {
        throw new IOException(
            "binlog directory: "
                + epochDirectory
                + " has files of "
                + base
                + " and of "
                + candidate.getKey()
                + " (expected: one log)");
      }
      if (candidate.getValue().size() > most) {
        base = candidate.getKey();
        most = candidate.getValue().size();
      }
    }
    for (Map.Entry<String, List<BinlogFileId>> candidate : byBase.entrySet()) {
      for (BinlogFileId id : candidate.getValue()) {
        if (candidate.getKey().equals(base)) {
          found.put(id, disk.size(catalog.path(id)));
        } else {
          ignore(catalog.path(id));
        }
      }
    }
  }

  private void ignore(Path path) {
    ignored.add(path.getFileName().toString());
    LOGGER.atWarn().addKeyValue("file", path).log("not a file of this binlog store, ignored");
  }

  /**
   * A file of ours begins with the magic, or is so short that a crash left it so, or is all zero
   * after a power loss.
   */
  private boolean plausible(Path path) throws IOException {
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      ByteBuffer head = ByteBuffer.allocate(4);
      file.readFully(head, 0);
      byte[] magic = BinlogFileFormat.magic();
      boolean zero = true;
      boolean prefix = true;
      for (int i = 0; i < head.position(); i++) {
        zero &= head.get(i) == 0;
        prefix &= head.get(i) == magic[i];
      }
      return zero || prefix;
    }
  }

  private @Nullable Tail examine(BinlogFileId file, long size, FileIndex index) throws IOException {
    ByteBuffer magic = ByteBuffer.allocate(4);
    if (catalog.read(file, 0, magic) < 4 || !BinlogFileFormat.hasMagic(magic.array())) {
      return null;
    }
    FileFollower follower = new FileFollower();
    follower.startFile();
    Progress progress = new Progress();
    FileScanner scan =
        new FileScanner(
            (position, target) -> catalog.read(file, position, target),
            BinlogFileFormat.FIRST_EVENT,
            size,
            true);
    String reason = walk(scan, follower, index, progress);
    if (progress.safeEnd == 0) {
      return null;
    }
    if (progress.safeEnd == size) {
      return new Tail(file, follower, size, size, 0, "");
    }
    String why = reason.isEmpty() ? "transaction is incomplete" : reason;
    return new Tail(
        file, rewind(file, progress.safeEnd), progress.safeEnd, size, progress.behind, why);
  }

  private static final class Progress {
    long safeEnd;
    int behind;
  }

  private static String walk(
      FileScanner scan, FileFollower follower, FileIndex index, Progress progress)
      throws IOException {
    try {
      while (scan.next()) {
        boolean safe =
            follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
        FormatDescription format = follower.format();
        scan.checksums(format != null && format.hasChecksums());
        progress.behind++;
        if (safe) {
          progress.safeEnd = scan.nextPosition();
          progress.behind = 0;
          index.offer(progress.safeEnd, follower);
        }
      }
      return scan.stopReason();
    } catch (BinlogFormatException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Follows the file again, up to where it is cut: an open group has left no trace then. */
  private FileFollower rewind(BinlogFileId file, long end) throws IOException {
    FileFollower follower = new FileFollower();
    follower.startFile();
    FileScanner scan =
        new FileScanner(
            (position, target) -> catalog.read(file, position, target),
            BinlogFileFormat.FIRST_EVENT,
            end,
            false);
    walk(scan, follower, new FileIndex(), new Progress());
    return follower;
  }

  private void cut(Tail tail) throws IOException {
    try (DiskFile file = disk.open(catalog.path(tail.file()), Disk.Mode.WRITE)) {
      if (tail.safeEnd() < tail.size()) {
        logCut(tail);
        file.truncate(tail.safeEnd());
      }
      file.force(true);
    }
    found.put(tail.file(), tail.safeEnd());
  }

  private static void logCut(Tail tail) {
    LOGGER
        .atWarn()
        .addKeyValue("file", tail.file())
        .addKeyValue("kept", tail.safeEnd())
        .addKeyValue("dropped", tail.size() - tail.safeEnd())
        .addKeyValue("reason", tail.reason())
        .log("binlog file was cut behind its last whole transaction");
  }

  /**
   * A file whose creation was cut short goes; a larger one is only set aside, since something else
   * must have happened to it.
   */
  private void remove(BinlogFileId file, long size) throws IOException {
    LOGGER
        .atWarn()
        .addKeyValue("file", file)
        .log("newest binlog file has no complete head, removed");
    if (size <= HEAD_LIMIT) {
      folder.delete(file);
    } else {
      folder.setAside(file);
    }
    found.remove(file);
    removed.add(file.name());
  }

  /** What was found. */
  RecoveryReport report(@Nullable Tail tail) {
    if (tail == null) {
      return new RecoveryReport(BinlogFileId.NONE, 0, 0, 0, "", removed, ignored, problems);
    }
    return new RecoveryReport(
        tail.file(),
        tail.safeEnd(),
        tail.size() - tail.safeEnd(),
        tail.dropped(),
        tail.reason(),
        removed,
        ignored,
        problems);
  }
}
