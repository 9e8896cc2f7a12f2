package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.FormatDescription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request for a file and position. Blocks. */
final class PositionSearch {
  private final FileCatalog catalog;
  private final Inventory inventory;
  private final ScanMeter.Scan counter;
  private final String name;
  private final long position;
  private final PositionWords words;

  PositionSearch(
      FileCatalog catalog,
      Inventory inventory,
      ScanMeter.Scan counter,
      String name,
      long position,
      PositionWords words) {
    this.catalog = catalog;
    this.inventory = inventory;
    this.counter = counter;
    this.name = name;
    this.position = position;
    this.words = words;
  }

  StartResult run() throws IOException {
    List<BinlogFileId> candidates = candidates();
    if (candidates.isEmpty()) {
      return StartResult.fatal("Could not find first log file name in binary log index file");
    }
    if (candidates.size() == 1) {
      return start(candidates.get(0));
    }
    List<BinlogFileId> fitting = new ArrayList<>();
    for (BinlogFileId file : candidates) {
      if (start(file) instanceof StartResult.Found) {
        fitting.add(file);
      }
    }
    return switch (fitting.size()) {
      case 0 -> start(candidates.get(0));
      case 1 -> start(fitting.get(0));
      default ->
          StartResult.fatal(
              "Binary log file '"
                  + name
                  + "' exists in "
                  + fitting.size()
                  + " histories of the relay, of different masters, and position "
                  + position
                  + " fits all of them; connect with a GTID position");
    };
  }

  private List<BinlogFileId> candidates() {
    BinlogFileId oldest = inventory.oldest();
    return name.isEmpty() && oldest != null
        ? List.of(oldest)
        : inventory.findAll(words.fileName(name));
  }

  private StartResult start(BinlogFileId file) throws IOException {
    long end = inventory.visibleEnd(file);
    if (position < BinlogFileFormat.FIRST_EVENT || position > end) {
      return words.outside(name, file.name(), position);
    }
    FormatDescription format = catalog.head(file, end, counter).format();
    String problem = isBoundary(file, end, format) ? null : problem(file, end, format);
    return problem == null
        ? new StartResult.Found(file, position, format, words.filter(file))
        : new StartResult.Refused(
            StartResult.FATAL, problem, new StartResult.Preamble(file, position, format));
  }

  private boolean isBoundary(BinlogFileId file, long end, FormatDescription format)
      throws IOException {
    if (position == BinlogFileFormat.FIRST_EVENT || position == end) {
      return true;
    }
    try {
      return catalog.stateAt(file, position, end, counter) != null;
    } catch (IOException e) {
      // The file is damaged somewhere in front. What is behind may be whole: a sum proves an event.
      FileScanner scan = new FileScanner(catalog.source(file, counter), position, end, true);
      scan.checksums(true);
      if (format.hasChecksums() && scan.next()) {
        return true;
      }
      throw e;
    }
  }

  /** What a master says when it takes the bytes at the position for an event. */
  private String problem(BinlogFileId file, long end, FormatDescription format) throws IOException {
    @Nullable ByteBuf header = header(file, end);
    PositionWords.Damage damage;
    if (header == null) {
      damage = PositionWords.Damage.NO_HEADER;
    } else {
      long length = EventHeader.length(header, 0);
      if (length < EventHeader.SIZE) {
        damage = PositionWords.Damage.TOO_SMALL;
      } else if (length > EventHeader.MAX_EVENT_LENGTH) {
        damage = PositionWords.Damage.TOO_LARGE;
      } else if (position + length > end) {
        damage = PositionWords.Damage.CUT;
      } else {
        // A master sends these bytes as an event. The relay does not send what is none.
        damage = PositionWords.Damage.NO_EVENT;
      }
    }
    return words.inside(
        damage,
        new PositionWords.Place(
            name, position, file.name(), BinlogFileFormat.FIRST_EVENT + format.length(), end));
  }

  private @Nullable ByteBuf header(BinlogFileId file, long end) throws IOException {
    if (position + EventHeader.SIZE > end) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(EventHeader.SIZE);
    catalog.source(file, counter).read(position, bytes);
    return bytes.hasRemaining() ? null : Unpooled.wrappedBuffer(bytes.flip());
  }
}
