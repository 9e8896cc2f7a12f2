package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.form.GrowingFile;
import io.sluice.binlog.form.SealedFiles;
import io.sluice.binlog.gtid.GtidState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a directory a usable store again. Trusts bytes only: the newest file is walked from its
 * beginning with all checks and cut behind its last whole transaction; a newest file without a
 * complete head is removed. Older files are taken as they are: they were forced to disk before the
 * next one began; what is found to be wrong with them is reported. A newest epoch that does not
 * contain the end of the epoch before was never visible and is removed. What is dropped, the master
 * can send again. In the end all that is left is durable, whoever wrote it.
 */
final class StoreRecovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(StoreRecovery.class);

  private static final long HEAD_LIMIT = 64 << 10;

  private final Disk disk;
  private final FileCatalog catalog;
  private final StoreFolder folder;
  private final RecoveryFindings findings = new RecoveryFindings();
  private final FolderListing listing;
  private final NavigableMap<BinlogFileId, Long> found;
  private final EpochEnds ends;
  private final GrowingFiles growing;

  StoreRecovery(Disk disk, FileCatalog catalog) {
    this.disk = disk;
    this.catalog = catalog;
    this.folder = new StoreFolder(disk, catalog);
    this.listing = new FolderListing(disk, catalog, folder, findings);
    this.found = listing.files();
    this.ends = new EpochEnds(catalog, findings);
    this.growing = new GrowingFiles(disk, catalog);
  }

  /** GTID state at the end of each epoch but the newest, after {@link #run}. */
  NavigableMap<Integer, GtidState> epochEnds() {
    return ends.states();
  }

  /** All files that belong to the store, with their sizes after {@link #run}. */
  NavigableMap<BinlogFileId, Long> files() {
    return found;
  }

  /** What was found. */
  RecoveryReport report(@Nullable RecoveredTail tail) {
    return findings.report(tail);
  }

  /**
   * Looks at a store's directory and repairs its newest file.
   *
   * @return the newest file's state, null in an empty store
   */
  @Nullable RecoveredTail run(Path directory) throws IOException {
    listing.run(directory);
    NavigableSet<Integer> epochs = listing.epochs();
    if (!epochs.isEmpty()) {
      LOGGER
          .atDebug()
          .addKeyValue("directory", directory)
          .addKeyValue("files", found.size())
          .log("binlog files found");
    }
    RecoveredTail tail = null;
    while (tail == null && !epochs.isEmpty()) {
      tail = repair(epochs.pollLast());
    }
    for (int epoch : epochs) {
      if (EpochEnds.filesOf(found, epoch).isEmpty()) {
        folder.deleteEpoch(epoch);
      }
    }
    if (tail != null) {
      catalog.sidecars().drop(tail.file());
      for (BinlogFileId file : listing.headless().headSet(tail.file(), false)) {
        findings.damaged(file, "it does not begin with the magic");
      }
      for (BinlogFileId file : listing.unended().headSet(tail.file(), false)) {
        findings.damaged(file, "it does not end as a closed file does");
      }
      listing
          .damaged()
          .headMap(tail.file(), false)
          .forEach((file, what) -> findings.damaged(file, what));
      ends.requireFamilyOf(tail);
      reportGaps();
      cut(tail);
      disk.syncDirectory(catalog.epochDirectory(tail.file().epoch()));
    }
    disk.syncDirectory(directory);
    return tail;
  }

  /** Repairs the newest epoch; null if nothing of it is left. */
  private @Nullable RecoveredTail repair(int epoch) throws IOException {
    NavigableMap<BinlogFileId, Long> own = EpochEnds.filesOf(found, epoch);
    RecoveredTail tail = null;
    boolean removedOne = false;
    while (tail == null && !own.isEmpty()) {
      BinlogFileId last = own.lastKey();
      SealedFiles.Recovered good = growing.recover(last, own.lastEntry().getValue());
      long size = good.size() + good.torn();
      tail =
          good.size() == 0 ? null : TailScan.run(catalog, last, good.size(), catalog.index(last));
      if (tail == null && removedOne && size > HEAD_LIMIT) {
        throw new IOException(
            "binlog file: " + catalog.path(last) + " (expected: a complete head)");
      }
      if (tail == null) {
        remove(last, size);
        removedOne = true;
      } else {
        tail = tail.behind(good);
      }
    }
    if (tail != null) {
      ends.learn(found, tail.follower().state().family());
      if (!ends.areReachedBy(tail.follower().state())) {
        removeEpoch(epoch);
        tail = null;
      }
    }
    if (tail == null) {
      folder.deleteEpoch(epoch);
    }
    return tail;
  }

  /** A log of one server has no jumps in its numbers; what is missing is nowhere else. */
  private void reportGaps() {
    BinlogFileId before = BinlogFileId.NONE;
    for (BinlogFileId file : found.keySet()) {
      if (file.epoch() == before.epoch() && file.number() > before.number() + 1) {
        findings.problem("binlog files between " + before + " and " + file + " are missing");
      }
      before = file;
    }
  }

  /** Newest first: a crash in between leaves a beginning, which is removed the next time. */
  private void removeEpoch(int epoch) throws IOException {
    List<BinlogFileId> own = new ArrayList<>(EpochEnds.filesOf(found, epoch).descendingKeySet());
    LOGGER
        .atWarn()
        .addKeyValue("epoch", epoch)
        .addKeyValue("files", own)
        .log("newest epoch does not reach the end of the one before, removed");
    for (BinlogFileId file : own) {
      folder.delete(file);
      found.remove(file);
      findings.removed(file);
    }
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
    findings.removed(file);
  }

  private void cut(RecoveredTail tail) throws IOException {
    new FileThaw(disk, catalog).run(new StoredFile(tail.file(), tail.size()));
    try (GrowingFile file = growing.reopen(tail.file())) {
      if (tail.isTorn()) {
        findings.cut(tail);
      }
      if (tail.isTorn() || growing.isSealed(tail.file())) {
        file.truncate(tail.safeEnd());
      }
      file.force(true);
    }
    found.put(tail.file(), tail.safeEnd());
  }
}
