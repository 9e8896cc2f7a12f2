package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes oldest files. First they leave the inventory, then those who read under the old one
 * finish, then the files go, oldest first, each step on the disk before the next: whatever a crash
 * leaves is a log without its beginning, not one with a hole. Blocks; one purge at a time.
 */
final class FilePurge {
  private static final Logger LOGGER = LoggerFactory.getLogger(FilePurge.class);
  private static final int ROTATE_POSITION = 8;

  private final FileCatalog catalog;
  private final StoreFolder folder;
  private final LiveInventory live;
  private final ReadGate gate;

  FilePurge(FileCatalog catalog, StoreFolder folder, LiveInventory live, ReadGate gate) {
    this.catalog = catalog;
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
    } else {
      limit = olderThan(now, ((PurgeRequest.Before) request).time().getEpochSecond());
    }
    LiveInventory.Cut cut = live.cut(limit);
    remove(cut);
    for (StoredFile file : cut.files()) {
      LOGGER.atInfo().addKeyValue("file", file.id()).log("binlog file purged");
    }
    if (!cut.stoppedAt().equals(BinlogFileId.NONE)) {
      LOGGER
          .atWarn()
          .addKeyValue("file", cut.stoppedAt())
          .addKeyValue("readers", cut.readers())
          .log("purge stops at a binlog file that is being read");
    }
    return new PurgeResult(true, cut.files(), cut.stoppedAt(), cut.readers());
  }

  /** The first file that stays. */
  private BinlogFileId olderThan(Inventory now, long seconds) throws IOException {
    for (StoredFile file : now.files()) {
      if (file.id().equals(now.newest())) {
        break;
      }
      long last = lastEventTime(file);
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

  /** Seconds since 1970 of a closed file's last event that has a time; 0 if none has. */
  private long lastEventTime(StoredFile file) throws IOException {
    FileHead head = catalog.head(file.id(), file.size());
    int checksum = head.format().hasChecksums() ? EventChecksum.LENGTH : 0;
    int stop = EventHeader.SIZE + checksum;
    int rotate = stop + ROTATE_POSITION + file.id().name().length();
    for (int length : new int[] {rotate, rotate + 1, stop}) {
      ByteBuf header = lastEvent(file, length);
      if (header != null) {
        return EventHeader.timestamp(header, 0);
      }
    }
    long known = catalog.lastKnown(file.id(), file.size());
    long last = lastTimeBehind(file, known);
    return last == 0 ? lastTimeBehind(file, BinlogFileFormat.FIRST_EVENT) : last;
  }

  private long lastTimeBehind(StoredFile file, long from) throws IOException {
    FileScanner scan =
        new FileScanner(
            (position, target) -> catalog.read(file.id(), position, target),
            from,
            file.size(),
            false);
    long last = 0;
    while (scan.next()) {
      long seconds = EventHeader.timestamp(scan.window(), scan.index());
      last = seconds == 0 ? last : seconds;
    }
    return last;
  }

  /** The header of the last event, if that is a ROTATE or STOP of a given length. */
  private @Nullable ByteBuf lastEvent(StoredFile file, int length) throws IOException {
    long position = file.size() - length;
    ByteBuffer bytes = ByteBuffer.allocate(EventHeader.SIZE);
    if (position < BinlogFileFormat.FIRST_EVENT
        || catalog.read(file.id(), position, bytes) < EventHeader.SIZE) {
      return null;
    }
    ByteBuf header = Unpooled.wrappedBuffer(bytes.array());
    EventType type = EventHeader.type(header, 0);
    boolean ends = type == EventType.ROTATE || type == EventType.STOP;
    return ends
            && EventHeader.length(header, 0) == length
            && EventHeader.endPositionAgrees(EventHeader.endPosition(header, 0), position, length)
            && EventHeader.timestamp(header, 0) != 0
        ? header
        : null;
  }
}
