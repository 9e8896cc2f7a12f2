package io.sluice.binlog.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes oldest files. First they leave the inventory, then those who read under the old one
 * finish, then the files go, oldest first, each step on the disk before the next: whatever a crash
 * leaves is a log without its beginning, not one with a hole. Blocks; one purge at a time.
 */
final class FilePurge {
  private static final Logger LOGGER = LoggerFactory.getLogger(FilePurge.class);

  private final StoreFolder folder;
  private final LiveInventory live;
  private final ReadGate gate;
  private final LastEvent lastEvent;

  FilePurge(FileCatalog catalog, StoreFolder folder, LiveInventory live, ReadGate gate) {
    this.lastEvent = new LastEvent(catalog);
    this.folder = folder;
    this.live = live;
    this.gate = gate;
  }

  synchronized PurgeResult run(PurgeRequest request) throws IOException {
    Inventory now = live.current();
    BinlogFileId limit;
    if (request instanceof PurgeRequest.To to) {
      limit = now.find(to.file());
      if (limit == null) {
        return PurgeResult.unknownTarget();
      }
    } else if (request instanceof PurgeRequest.Before before) {
      limit = olderThan(now, before.time().getEpochSecond());
    } else {
      limit = ((PurgeRequest.Files) request).file();
    }
    boolean over = request instanceof PurgeRequest.Files files && files.overReaders();
    LiveInventory.Cut cut = over ? live.cutOver(limit) : live.cut(limit);
    remove(cut);
    for (StoredFile file : cut.files()) {
      LOGGER.atInfo().addKeyValue("file", file.id()).log("binlog file purged");
    }
    if (!cut.stoppedAt().equals(BinlogFileId.NONE) && !(request instanceof PurgeRequest.Files)) {
      LOGGER
          .atWarn()
          .addKeyValue("file", cut.stoppedAt())
          .addKeyValue("readers", cut.readers())
          .log("purge stops at a binlog file that is being read");
    } else if (over && !cut.readers().isEmpty()) {
      LOGGER
          .atWarn()
          .addKeyValue("file", limit)
          .addKeyValue("readers", cut.readers())
          .log("binlog files were purged while they were being read");
    }
    return new PurgeResult(true, cut.files(), cut.stoppedAt(), cut.readers());
  }

  /** The first file that stays. */
  private BinlogFileId olderThan(Inventory now, long seconds) throws IOException {
    for (StoredFile file : now.files()) {
      if (file.id().equals(now.newest())) {
        break;
      }
      long last = lastEvent.seconds(file);
      if (last == 0 || last >= seconds) {
        return file.id();
      }
    }
    return now.watermark().file();
  }

  private void remove(LiveInventory.Cut cut) throws IOException {
    List<StoredFile> left = new ArrayList<>(cut.files());
    try {
      gate.awaitEarlier();
      while (!left.isEmpty()) {
        BinlogFileId file = left.get(0).id();
        folder.delete(file);
        left.remove(0);
        BinlogFileId next = left.isEmpty() ? live.current().oldest() : left.get(0).id();
        if (next != null && next.epoch() > file.epoch()) {
          folder.deleteEpoch(file.epoch());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("purge was interrupted").initCause(e);
    } finally {
      left.removeIf(file -> !folder.has(file.id()));
      live.putBack(left, cut.before());
    }
  }
}
