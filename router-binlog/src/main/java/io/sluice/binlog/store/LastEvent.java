package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * When the last event of a closed file was written, as the master says: how old the file is.
 * Blocks; any thread.
 */
final class LastEvent {
  private static final int ROTATE_POSITION = 8;

  private final FileCatalog catalog;

  LastEvent(FileCatalog catalog) {
    this.catalog = catalog;
  }

  /** Seconds since 1970 of a closed file's last event that has a time; 0 if none has. */
  long seconds(StoredFile file) throws IOException {
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
